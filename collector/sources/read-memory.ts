import type { CachedProcess } from '../process-cache.ts';
import { BLOCKED, SKIPPED } from './guarded-reads.ts';
import { parseKeyedLines } from './parse-keyed-lines.ts';
import { readProcFile, UNREADABLE } from './proc-files.ts';
import type { KeyedPlan } from './read-plan.ts';
import { clearFigures, putFigures } from './read-plan.ts';
import type { Reader } from './reader.ts';

/** What is read through a process's address space, or of it: cmdline, smaps_rollup, status. */

/** Zombies and dead ones have no memory left. */
const STATES_WITHOUT_MEMORY = 'ZX';
const WAITING = 'D';

function stateOf(reader: Reader, process: CachedProcess): string {
  return process.texts[reader.plan.text.state] ?? '';
}

/** A read of its memory has not come back: it is shown as what it is, waiting for a device. */
function markBlocked(reader: Reader, process: CachedProcess): void {
  process.texts[reader.plan.text.state] = WAITING;
  process.isChanged = true;
}

/**
 * Whether reading its memory would wait, or may. Its address space is held for long only by a thread of its own
 * that waits for a device: that cannot be where its only thread does not wait.
 */
function mayWait(reader: Reader, process: CachedProcess): boolean {
  return !reader.isKernel || process.threads !== 1;
}

/**
 * Reads a file through the address space of a process, by a thread that can be left behind if need be.
 * @param then called with a length, now or when the guard settles; not called where the process waits (state D)
 */
export function readThroughMemory(
  reader: Reader,
  process: CachedProcess,
  name: string,
  then: (length: number, bytes: Buffer) => void,
): void {
  const { files, guard } = reader;
  if (process.isBlocked || stateOf(reader, process) === WAITING) return;
  const path = `${files.root}/${process.pid}/${name}`;
  if (!mayWait(reader, process)) then(readProcFile(files, path), files.bytes);
  else
    guard.start(path, (length, bytes) => {
      process.isBlocked = length === BLOCKED;
      if (process.isBlocked) markBlocked(reader, process);
      else if (length !== SKIPPED) then(length, bytes);
    });
}

function putKeyed(process: CachedProcess, plan: KeyedPlan, length: number, bytes: Buffer): void {
  if (length < 0) return;
  parseKeyedLines(bytes, length, plan.keys, plan.figures);
  if (putFigures(plan, process.numbers)) process.isChanged = true;
}

/** HWM, SWAP and the user. @returns a length, or `VANISHED`, or `UNREADABLE` */
export function readStatus(reader: Reader, process: CachedProcess): number {
  const { status } = reader.plan;
  const { files, measured } = reader;
  const length = readProcFile(files, `${files.root}/${process.pid}/status`);
  putKeyed(process, status, length, files.bytes);
  measured.add(process);
  process.statusTick = reader.cache.tick;
  if (length >= 0 && status.figures[0] >= 0) process.uid = status.figures[0];
  return length;
}

/** PSS, and HWM and SWAP with it; where it may wait, when the guard settles. */
export function readRollup(reader: Reader, process: CachedProcess): void {
  const { cache, plan, measured, monotonic } = reader;
  if (process.statusTick !== cache.tick) readStatus(reader, process);
  if (process.isRollupDenied || STATES_WITHOUT_MEMORY.includes(stateOf(reader, process))) return;
  const { tick } = cache;
  readThroughMemory(reader, process, 'smaps_rollup', (length, bytes) => {
    process.isRollupDenied = length === UNREADABLE;
    // One that comes back late is not of this sample.
    if (cache.tick !== tick) return;
    putKeyed(process, plan.rollup, length, bytes);
    process.pssAt = length < 0 ? Number.NEGATIVE_INFINITY : monotonic();
    measured.add(process);
  });
}

/** PSS, HWM and SWAP are not known any more. */
export function forgetFigures({ measured, plan }: Reader, process: CachedProcess): void {
  const status = clearFigures(plan.status, process.numbers);
  const rollup = clearFigures(plan.rollup, process.numbers);
  if (status || rollup) process.isChanged = true;
  process.pssAt = Number.NEGATIVE_INFINITY;
  measured.delete(process);
}

/** What was measured for the last sample is not known in this one, but for PSS that is to be kept. */
export function forgetMeasured(reader: Reader): void {
  const { measured, keepPssMs, monotonic } = reader;
  const oldest = monotonic() - keepPssMs;
  for (const process of measured)
    if (keepPssMs === 0 || process.pssAt < oldest) forgetFigures(reader, process);
}
