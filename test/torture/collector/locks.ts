import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkDumps } from '../../collector/check-dumps.ts';
import type { CollectorEnd, CollectorRun } from '../../collector/collector-process.ts';
import { startProgram } from '../../collector/collector-process.ts';
import type { Outcome, Programs, Target } from './target.ts';

/** T4: many collectors of one folder, started together. */

const CONTENDERS = 20;
const ROUNDS = 50;
const PATIENCE_MS = 30_000;

interface Round {
  readonly faults: readonly string[];
  /** From the kill of the winner to the first dump of the next, in ms. */
  readonly takeoverMs: number;
}

async function untilAllButOneLeft(runs: readonly CollectorRun[]): Promise<readonly CollectorEnd[]> {
  const left: CollectorEnd[] = [];
  for (const { ended } of runs) void ended.then((end) => left.push(end));
  const end = performance.now() + PATIENCE_MS;
  while (left.length < runs.length - 1 && performance.now() < end) await wait(5);
  await wait(20);
  return left;
}

function faultsOf(left: readonly CollectorEnd[], winner: number | undefined): readonly string[] {
  const wrong = left.filter(({ code, stderr }) => code !== 0 || !stderr.includes(`(pid ${winner}, since `));
  return [
    ...(left.length === CONTENDERS - 1 ? [] : [`${CONTENDERS - left.length} of ${CONTENDERS} record`]),
    ...wrong.map(({ code, stderr }) => `left with ${code}: ${stderr}`),
  ];
}

async function firstDump(run: CollectorRun): Promise<void> {
  if (run.child.stdout) await Promise.race([once(run.child.stdout, 'data'), run.ended]);
}

async function kill(run: CollectorRun): Promise<void> {
  run.child.kill('SIGKILL');
  await run.ended;
}

async function playRound({ doomed, host }: Programs, out: string): Promise<Round> {
  const start = () => startProgram([process.execPath, doomed, host, out, 'every', '20']);
  const runs = Array.from({ length: CONTENDERS }, start);
  const left = await untilAllButOneLeft(runs);
  const alive = runs.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  const faults = faultsOf(left, alive[0]?.child.pid);
  await Promise.all(alive.map(kill));
  const killed = performance.now();
  const next = start();
  await firstDump(next);
  const takeoverMs = performance.now() - killed;
  const hasTakenOver = next.child.exitCode === null;
  await kill(next);
  return { faults: hasTakenOver ? faults : [...faults, 'the next start found the lock held'], takeoverMs };
}

export async function contend(programs: Programs, rounds: number): Promise<Outcome> {
  const out = join(programs.folder(), 'out');
  const played: Round[] = [];
  for (let k = 0; k < rounds; k++) played.push(await playRound(programs, out));
  const faults = [...played.flatMap((round) => round.faults), ...checkDumps(out).torn];
  const slowest = Math.max(...played.map(({ takeoverMs }) => takeoverMs));
  const winners = played.filter((round) => round.faults.length === 0).length;
  const figures = `${CONTENDERS} together, ${rounds} times: exactly one recorded ${winners} times; after kill -9 of it the next one's first dump came in ${slowest.toFixed(0)} ms at most, the start of Node included`;
  return { figures, faults };
}

export const locks: Target = {
  id: 'T4',
  asks: '20 collectors started together: one records, the others say which; after its kill -9 the next start works at once',
  needs: [],
  run: (programs) => contend(programs, ROUNDS),
};

/** The lock is the kernel's: a collector in a PID and network namespace of its own sees it as well. */
export async function contendAcrossNamespaces({ doomed, host, folder }: Programs): Promise<Outcome> {
  const out = join(folder(), 'out');
  mkdirSync(out);
  const command = [process.execPath, doomed, host, out];
  const isolated = ['unshare', '-pfn', '--mount-proc', '--kill-child=KILL', ...command];
  const inside = startProgram([...isolated, 'every', '20']);
  await firstDump(inside);
  const beside = await startProgram([...command, 'kill', '0']).ended;
  await kill(inside);
  await wait(100);
  const after = await startProgram([...isolated, 'kill', '0']).ended;
  const isHeld = beside.code === 0 && beside.stderr.includes('another collector holds');
  const isFreed = after.code === 0 && after.stderr === '';
  const faults = [
    ...(isHeld ? [] : [`not held: ${beside.stderr}`]),
    ...(isFreed ? [] : [`not freed by kill -9: ${after.stderr}`]),
    ...checkDumps(out).torn,
  ];
  return { figures: `held across namespaces: ${isHeld}; freed by kill -9: ${isFreed}`, faults };
}

export const locksAcrossNamespaces: Target = {
  id: 'T4b',
  asks: 'the lock holds between PID and network namespaces (unshare)',
  needs: ['unshare', 'root'],
  run: contendAcrossNamespaces,
};
