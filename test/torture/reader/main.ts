import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { corpus } from './corpus.ts';
import { cuts } from './cuts.ts';
import { flips } from './flips.ts';
import { movingFiles } from './moving-files.ts';
import { mutations } from './mutations.ts';
import { otherMutations } from './other-mutations.ts';
import { shapes } from './shapes.ts';
import { sizes } from './sizes.ts';
import { specialFiles } from './special-files.ts';
import type { Outcome, Target } from './target.ts';

/** Runs the targets one after the other, prints a line for each, and ends with 1 if one of them was missed. */

const TARGETS: readonly Target[] = [
  corpus,
  cuts,
  flips,
  mutations,
  otherMutations,
  shapes,
  specialFiles,
  movingFiles,
  sizes,
];
const MOST_FAULTS_TOLD = 20;
const LONGEST_FAULT = 2000;

interface Result extends Outcome {
  readonly target: Target;
  readonly seconds: number;
}

async function runTarget(target: Target): Promise<Result> {
  const started = performance.now();
  const outcome = await target.run();
  for (const fault of outcome.faults.slice(0, MOST_FAULTS_TOLD))
    console.log(`  ${target.id}: ${fault.slice(0, LONGEST_FAULT)}`);
  return { ...outcome, target, seconds: (performance.now() - started) / 1000 };
}

function verdictOf({ faults }: Result): string {
  return faults.length === 0 ? 'ok' : 'FAILED';
}

function describeResult(result: Result): string {
  const { target, seconds, figures } = result;
  return `${target.id.padEnd(4)} ${verdictOf(result).padEnd(7)} ${seconds.toFixed(0).padStart(4)} s  ${figures}`;
}

function encodeReport(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { target, figures, seconds } = result;
    return `| ${target.id} | ${target.asks} | ${figures} | ${verdictOf(result)} | ${seconds.toFixed(0)} s |`;
  });
  return `# Torture of the reader

What \`make torture-reader\` found when it was last run in full: ${new Date().toISOString().slice(0, 10)}, Linux ${release()}, Node ${process.version}.
\`UPDATE_DOCS=1 make torture-reader\` writes this page anew. Short forms of all of it are in \`make test\`.

| target | asks | found | | took |
|---|---|---|---|---|
${rows.join('\n')}

Every reading is judged by \`test/torture/reader/judge.ts\`, which goes by the bytes alone: accepted + rejected + blank are
the lines that are there; every rejected line is told with file, line, column and reason; every line that is not rejected
is a row, in order; and a line that also stands in the intact file is the row that it is there, whatever stands beside it.
The CRC-32 covers the process file. A flipped bit of the system file is told where it makes a cell or a name improper, and
always where it strikes the commit record; one digit of a measurement for another cannot be told by anything.

A case that breaks one of these is made small and printed. It goes to \`test/fixtures/damaged/\` with what is expected of
it in \`manifest.json\` beside it, and stays there.
`;
}

const wanted = process.argv.slice(2);
const chosen = TARGETS.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const results: Result[] = [];
for (const target of chosen) {
  const result = await runTarget(target);
  console.log(describeResult(result));
  results.push(result);
}
if (process.env.UPDATE_DOCS && chosen.length === TARGETS.length)
  writeFileSync('docs/torture-reader.md', encodeReport(results));
// A socket that nobody listens to any more would keep the process.
process.exit(results.some(({ faults }) => faults.length > 0) ? 1 : 0);
