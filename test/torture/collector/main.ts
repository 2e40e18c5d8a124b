import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { forkChurn } from './churn.ts';
import { exactKills } from './exact-kills.ts';
import { realFaults } from './full-disk.ts';
import { injectedErrors } from './injected-errors.ts';
import { randomKills } from './kills.ts';
import { locks, locksAcrossNamespaces } from './locks.ts';
import { plantedPaths } from './planted-names.ts';
import { hiding, umasks } from './surroundings.ts';
import type { Programs, Target } from './target.ts';
import { missingOf, openPrograms } from './target.ts';

/** Runs the targets one after the other, prints a line for each, and ends with 1 if one of them was missed or skipped. */

const TARGETS: readonly Target[] = [
  randomKills,
  exactKills,
  injectedErrors,
  realFaults,
  locks,
  locksAcrossNamespaces,
  plantedPaths,
  forkChurn,
  umasks,
  hiding,
];
const MOST_FAULTS_TOLD = 20;

interface Result {
  readonly target: Target;
  readonly figures: string;
  readonly verdict: 'ok' | 'FAILED' | 'skipped';
  readonly seconds: number;
}

async function runTarget(target: Target, programs: Programs): Promise<Result> {
  const missing = missingOf(target.needs);
  const started = performance.now();
  if (missing.length > 0)
    return { target, figures: `skipped: needs ${missing.join(', ')}`, verdict: 'skipped', seconds: 0 };
  const { figures, faults } = await target.run(programs);
  for (const fault of faults.slice(0, MOST_FAULTS_TOLD)) console.log(`  ${target.id}: ${fault}`);
  const seconds = (performance.now() - started) / 1000;
  return { target, figures, verdict: faults.length === 0 ? 'ok' : 'FAILED', seconds };
}

function describeResult({ target, figures, verdict, seconds }: Result): string {
  return `${target.id.padEnd(4)} ${verdict.padEnd(7)} ${seconds.toFixed(0).padStart(4)} s  ${figures}`;
}

function encodeReport(results: readonly Result[]): string {
  const rows = results.map(
    ({ target, figures, verdict, seconds }) =>
      `| ${target.id} | ${target.asks} | ${figures} | ${verdict} | ${seconds.toFixed(0)} s |`,
  );
  return `# Torture of the collector

What \`make torture-collector\` found when it was last run in full: ${new Date().toISOString().slice(0, 10)}, Linux ${release()}, Node ${process.version}.
\`UPDATE_DOCS=1 make torture-collector\` writes this page anew. Short forms of all of it are in \`make test\`.

| target | asks | found | | took |
|---|---|---|---|---|
${rows.join('\n')}

T1 to T4 judge dumps by \`test/collector/check-dumps.ts\`, which shares no line with the collector: a pair is whole when
both files are there, end with a line end, and rows and CRC-32 are as the system file says. "Process files alone" were
complete when the collector was killed between the two files of a pair; readers take them in as incomplete samples.
`;
}

const wanted = process.argv.slice(2);
const chosen = TARGETS.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const programs = await openPrograms();
const results: Result[] = [];
try {
  for (const target of chosen) {
    const result = await runTarget(target, programs);
    console.log(describeResult(result));
    results.push(result);
  }
} finally {
  programs.remove();
}
if (process.env.UPDATE_DOCS && chosen.length === TARGETS.length)
  writeFileSync('docs/torture.md', encodeReport(results));
// What is skipped in `make test` is required here.
process.exitCode = results.every(({ verdict }) => verdict === 'ok') ? 0 : 1;
