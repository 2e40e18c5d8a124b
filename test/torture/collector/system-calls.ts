import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectorEnd } from '../../collector/collector-process.ts';
import { startProgram } from '../../collector/collector-process.ts';
import type { Programs } from './target.ts';

/** The recorder under strace: which system calls it makes on its way to a dump, and runs in which one of them fails. */

/** `every MS COUNT`: so many dumps; `kill 0`: one. */
export type RecorderMode = readonly string[];

export interface TracedCall {
  readonly name: string;
  /** How many calls of that name the main thread has made, this one included. */
  readonly index: number;
  /** As strace tells it, with the paths of descriptors. */
  readonly text: string;
}

export interface TracedRun {
  readonly end: CollectorEnd;
  /** Of the main thread. */
  readonly calls: readonly TracedCall[];
  /** What was made to fail, in whichever thread: strace counts the calls of each by themselves. */
  readonly injected: readonly string[];
}

export const TRACED = [
  'openat',
  'mkdir',
  'write',
  'fsync',
  'fchmod',
  'close',
  'rename',
  'unlink',
  'rmdir',
  'bind',
  'listen',
] as const;

const LINE = /^(\d+) +([a-z]+)\((.*)$/;

function parseLog(text: string): readonly TracedCall[] {
  const lines = text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    return match ? [match] : [];
  });
  const counts = new Map<string, number>();
  return lines
    .filter(([, pid]) => pid === lines[0][1])
    .map(([, , name, rest]) => {
      const index = (counts.get(name) ?? 0) + 1;
      counts.set(name, index);
      return { name, index, text: `${name}(${rest}` };
    });
}

/** @param inject as strace takes it: `fsync:error=EIO:when=2` */
export async function trace(
  { doomed, host }: Programs,
  folder: string,
  mode: RecorderMode,
  inject: string | null = null,
): Promise<TracedRun> {
  const log = join(folder, 'strace.log');
  const end = await startProgram([
    'strace',
    '-f',
    '-y',
    '-qq',
    '-o',
    log,
    '-e',
    `trace=${TRACED.join(',')}`,
    ...(inject === null ? [] : ['-e', `inject=${inject}`]),
    process.execPath,
    '--v8-pool-size=0',
    doomed,
    host,
    join(folder, 'out'),
    ...mode,
  ]).ended;
  const text = readFileSync(log, 'utf8');
  const injected = text.split('\n').filter((line) => line.includes('(INJECTED)'));
  return { end, calls: parseLog(text), injected };
}

function isOn(folder: string, text: string): boolean {
  return text.includes(join(folder, 'out')) || text.includes('"/proc/self/fd/');
}

/** Whether a fault hit the dump folder and nothing else. */
export function hasHitOnly(folder: string, { injected }: TracedRun): boolean {
  return injected.length === 1 && isOn(folder, injected[0]);
}

/** The calls that have to do with the dump folder, in order. */
export function callsOn(folder: string, calls: readonly TracedCall[]): readonly TracedCall[] {
  const out = join(folder, 'out');
  const first = calls.findIndex(({ text }) => text.includes(out));
  return calls.slice(first).filter(({ text }) => isOn(folder, text));
}
