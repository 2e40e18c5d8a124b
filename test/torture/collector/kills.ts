import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FolderReport } from '../../collector/check-dumps.ts';
import { checkDumps } from '../../collector/check-dumps.ts';
import type { CollectorRun } from '../../collector/collector-process.ts';
import { inParallel, startProgram } from '../../collector/collector-process.ts';
import type { Outcome, Programs, Target } from './target.ts';
import { sum } from './target.ts';

/**
 * T1: kill -9 at random moments. Half of the cycles are of the collector as it is shipped, on this host, which mostly
 * reads /proc; half of a recorder over a host that stands still, which mostly writes.
 */

const LANES = 4;
const LATEST_KILL_MS = { shipped: 120, doomed: 25 };

function faultsOf({ torn, temporaries, foreign }: FolderReport): readonly string[] {
  return [...torn, ...temporaries.map((name) => `${name} was not swept`), ...foreign];
}

function countUnfinished(folder: string): number {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.csv\.\d+\.tmp$/.test(name)).length;
}

type Kind = keyof typeof LATEST_KILL_MS;

function startRecording({ collector, doomed, host }: Programs, kind: Kind, out: string): CollectorRun {
  const words = {
    shipped: [collector, '--interval', '10ms', '--out', out],
    doomed: [doomed, host, out, 'every', '2'],
  }[kind];
  return startProgram([process.execPath, ...words]);
}

/** One start and kill. @returns what went wrong, and what the kill left unfinished */
async function cycle(
  programs: Programs,
  kind: Kind,
  out: string,
): Promise<{ fault: string | null; unfinished: number }> {
  const { child, ended } = startRecording(programs, kind, out);
  const said = kind === 'shipped' ? child.stderr : child.stdout;
  if (said) await Promise.race([once(said, 'data'), ended]);
  await wait(Math.random() * LATEST_KILL_MS[kind]);
  child.kill('SIGKILL');
  const { signal, stdout, stderr } = await ended;
  const isRecording = signal === 'SIGKILL' && /^recording/m.test(stdout + stderr);
  return { fault: isRecording ? null : `did not record: ${stderr}`, unfinished: countUnfinished(out) };
}

async function recover({ collector }: Programs, out: string): Promise<FolderReport> {
  await startProgram([process.execPath, collector, '--once', '--quiet', '--out', out]).ended;
  return checkDumps(out);
}

export async function killAtRandom(programs: Programs, cycles: number): Promise<Outcome> {
  const outs = Array.from({ length: LANES }, () => join(programs.folder(), 'out'));
  const faults: string[] = [];
  const unfinished: number[] = [];
  await inParallel(LANES, LANES, async (lane) => {
    for (let k = 0; k < cycles / LANES; k++) {
      const result = await cycle(programs, lane % 2 === 0 ? 'shipped' : 'doomed', outs[lane]);
      if (result.fault) faults.push(result.fault);
      unfinished.push(result.unfinished);
    }
  });
  const reports = await Promise.all(outs.map((out) => recover(programs, out)));
  faults.push(...reports.flatMap(faultsOf));
  const whole = sum(reports.map((report) => report.whole));
  const alone = sum(reports.map((report) => report.uncommitted.length));
  const torn = sum(reports.map((report) => report.torn.length));
  const figures = `${cycles} kills, ${whole} whole pairs, ${torn} torn; ${alone} process files alone, ${sum(unfinished)} of ${sum(unfinished)} unfinished files swept`;
  return { figures, faults };
}

export const randomKills: Target = {
  id: 'T1',
  asks: 'kill -9 at random moments: no torn pair, and the next start works and sweeps',
  needs: [],
  run: (programs) => killAtRandom(programs, 1000),
};
