import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkDumps } from '../../collector/check-dumps.ts';
import type { CollectorRun } from '../../collector/collector-process.ts';
import { startProgram } from '../../collector/collector-process.ts';
import type { Outcome, Programs, Target } from './target.ts';

/** Real faults of a real file system: tmpfs in a mount namespace, full or read-only, and too few descriptors. */

const INTERVAL_MS = 200;
const PATIENCE_MS = 20_000;

interface Recording extends CollectorRun {
  /** What it has said so far. */
  said(): string;
  /** The dump folder, seen through its mount namespace. */
  readonly out: string;
}

function startOnTmpfs({ doomed, host, folder }: Programs, size: string): Recording {
  const mount = folder();
  const script = `mount -t tmpfs -o size=${size},mode=755 tmpfs ${mount} && exec "$0" "$@"`;
  const command = [process.execPath, doomed, host, `${mount}/out`, 'every', String(INTERVAL_MS)];
  const run = startProgram(['unshare', '-m', 'sh', '-c', script, ...command]);
  let text = '';
  run.child.stderr?.on('data', (data) => (text += data));
  return { ...run, said: () => text, out: `/proc/${run.child.pid}/root${mount}/out` };
}

async function until(condition: () => boolean): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (!condition() && performance.now() < end) await wait(5);
  return condition();
}

function countWhole(out: string): number {
  return existsSync(out) ? checkDumps(out).whole : 0;
}

function inNamespaceOf({ child }: CollectorRun, ...command: readonly string[]): void {
  spawnSync('nsenter', ['-t', String(child.pid), '-m', ...command]);
}

function mountOf({ out }: Recording): string {
  return out.replace(/^\/proc\/\d+\/root/, '').replace(/\/out$/, '');
}

interface Case {
  readonly name: string;
  readonly size: string;
  /** What is said of the fault. */
  readonly says: RegExp;
  readonly begin: (recording: Recording) => void;
  readonly end: (recording: Recording) => void;
}

const CASES: readonly Case[] = [
  {
    name: 'full (ENOSPC)',
    size: '64k',
    says: /ENOSPC/,
    begin: ({ out }) => spawnSync('dd', ['if=/dev/zero', `of=${join(out, '../ballast')}`, 'bs=1k']),
    end: ({ out }) => rmSync(join(out, '../ballast')),
  },
  {
    name: 'read-only (EROFS)',
    size: '4m',
    says: /EROFS/,
    begin: (recording) => inNamespaceOf(recording, 'mount', '-o', 'remount,ro', mountOf(recording)),
    end: (recording) => inNamespaceOf(recording, 'mount', '-o', 'remount,rw', mountOf(recording)),
  },
];

async function play(programs: Programs, { name, size, says, begin, end }: Case): Promise<Outcome> {
  const recording = startOnTmpfs(programs, size);
  const { child, ended, out, said } = recording;
  const isStarted = await until(() => countWhole(out) > 0);
  if (isStarted) begin(recording);
  const isTold = await until(() => says.test(said()));
  const { torn, temporaries, uncommitted } = isTold
    ? checkDumps(out)
    : { torn: [], temporaries: [], uncommitted: [] };
  if (isTold) end(recording);
  const freed = performance.now();
  const isBack = await until(() => said().includes('recording again'));
  const resumedMs = performance.now() - freed;
  const linesSaid = said().trim().split('\n').length;
  child.kill('SIGTERM');
  await ended;
  const faults = [
    ...torn,
    ...temporaries,
    ...uncommitted,
    ...(isTold ? [] : [`the fault was not told: ${said()}`]),
    ...(isBack && resumedMs < 2 * INTERVAL_MS + 250
      ? []
      : [`resumed after ${resumedMs.toFixed(0)} ms: ${said()}`]),
    ...(linesSaid === 2 ? [] : [`${linesSaid} lines: ${said()}`]),
  ].map((fault) => `${name}: ${fault}`);
  return {
    figures: `${name}: resumed ${resumedMs.toFixed(0)} ms after its end at ${INTERVAL_MS} ms`,
    faults,
  };
}

async function recordOnce(programs: Programs, limits: readonly string[], out: string) {
  const command = [process.execPath, programs.doomed, programs.host, out, 'kill', '0'];
  return startProgram(['sh', '-c', `${limits.join(' && ')} && exec "$0" "$@"`, ...command]).ended;
}

async function playLimits(programs: Programs): Promise<Outcome> {
  const out = join(programs.folder(), 'out');
  const { code, stderr } = await recordOnce(programs, ["trap '' XFSZ", 'ulimit -f 0'], out);
  const { whole, torn, temporaries, uncommitted } = checkDumps(out);
  const isRight = code === 3 && /EFBIG/.test(stderr) && stderr.trim().split('\n').length === 1;
  const faults = [
    ...torn,
    ...temporaries,
    ...uncommitted,
    ...(whole === 0 ? [] : ['a dump that cannot be']),
    ...(isRight ? [] : [`exit code ${code}: ${stderr}`]),
  ];
  return { figures: `file size limit (EFBIG): exit code ${code}`, faults };
}

export async function failForReal(programs: Programs): Promise<Outcome> {
  const outcomes = [await playLimits(programs)];
  for (const real of CASES) outcomes.push(await play(programs, real));
  return {
    figures: outcomes.map(({ figures }) => figures).join('; '),
    faults: outcomes.flatMap(({ faults }) => faults),
  };
}

export const realFaults: Target = {
  id: 'T3b',
  asks: 'a full and a read-only file system, and no room for a file: nothing partial, resumed within two intervals',
  needs: ['unshare', 'nsenter', 'root'],
  run: failForReal,
};
