import type { CachedProcess } from '../process-cache.ts';
import { isSameLife, putImage } from '../process-cache.ts';
import { parseIntegers, parseStat } from './parse-stat.ts';
import { readKeptFile, readProcFile, VANISHED } from './proc-files.ts';
import { forgetFigures } from './read-memory.ts';
import { putFields } from './read-plan.ts';
import { putName, readTexts } from './read-texts.ts';
import type { Reader } from './reader.ts';
import { closeKept, leaveOut } from './reader.ts';
import { hasRun } from './run-mark.ts';

/** Reads one process: its sizes each time, the rest where it may have changed. */

/** Read each time, so that each sample tells what recording costs. */
const OWN_PID = process.pid;
/** Fields 2 and 3 of statm, counted from 0. */
const RESIDENT = 1;
const SHARED = 2;
const THREADS = 20;
const STATES = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const ENDED_STATES = 'ZX';

/** @returns the length of statm in `files.bytes`, or `VANISHED`, or `UNREADABLE` */
function readStatm({ files }: Reader, { fd, pid }: CachedProcess): number {
  return fd >= 0 ? readKeptFile(files, fd) : readProcFile(files, `${files.root}/${pid}/statm`);
}

/**
 * Resident and virtual size come from statm: field 24 of stat leaves out what each CPU has not yet added to the
 * sum, 10 % over all processes on Linux 6.18.
 * @returns whether a size has changed. Where there is none, the process has been left out
 */
function putSizes(reader: Reader, process: CachedProcess, length: number): boolean {
  const { files, statm, plan, rssSlot } = reader;
  if (length >= 0) parseIntegers(files.bytes, 0, length, statm);
  if (length < 0 || !(statm[RESIDENT] >= 0)) {
    leaveOut(reader, length, process);
    return false;
  }
  const isShared = statm[SHARED] !== process.sharedPages;
  process.sharedPages = statm[SHARED];
  const isChanged = putFields(plan.statm, statm, -1, process.numbers);
  if ((isChanged || isShared) && process.pssAt >= 0) forgetFigures(reader, process);
  if (!isChanged) return false;
  process.rss = process.numbers[rssSlot];
  process.isChanged = true;
  return true;
}

/** A zombie's children belong to another parent already, though it is still in the table. */
function putState({ stat, plan, orphaning }: Reader, process: CachedProcess): void {
  const state = STATES[stat.state];
  const slot = plan.text.state;
  if (process.isBlocked || process.texts[slot] === state) return;
  process.texts[slot] = state;
  process.isChanged = true;
  if (ENDED_STATES.includes(state)) orphaning.add(process.pid);
}

function putStat(reader: Reader, process: CachedProcess): void {
  const { stat, plan, files, cache } = reader;
  stat.fields[1] = process.pid;
  if (putFields(plan.stat, stat.fields, 0, process.numbers)) process.isChanged = true;
  putState(reader, process);
  process.threads = stat.fields[THREADS];
  if (putImage(process.image, stat, files.bytes)) {
    process.isStale = true;
    process.isRollupDenied = false;
    putName(reader, process, stat, files.bytes);
  } else if (cache.isDue(process)) process.isStale = true;
}

/** @returns whether `reader.stat` is that of the pid; if not, it has been counted */
function readStat(reader: Reader, pid: number, process?: CachedProcess): boolean {
  const { files, stat } = reader;
  const length = readProcFile(files, `${files.root}/${pid}/stat`);
  if (length >= 0 && parseStat(files.bytes, length, stat)) return true;
  leaveOut(reader, length, process);
  return false;
}

/**
 * The descriptor is opened first and read last: if it can be read then, nothing of another life of the pid has
 * come in between.
 */
function readNewProcess(reader: Reader, pid: number): void {
  const { files, kept, cache, stat } = reader;
  const fd = kept.open(`${files.root}/${pid}/statm`);
  if (!readStat(reader, pid)) {
    if (fd >= 0) kept.close(fd);
    return;
  }
  const process = cache.add(pid, stat, fd);
  process.seenAt = cache.tick;
  putStat(reader, process);
  if (readTexts(reader, process)) putSizes(reader, process, readStatm(reader, process));
}

/** Reads stat again, and what follows from it. @returns false when it is not there any more */
export function readStatAgain(reader: Reader, process: CachedProcess): boolean {
  if (!readStat(reader, process.pid, process)) return false;
  if (!isSameLife(process, reader.stat)) {
    reader.cache.drop(process);
    readNewProcess(reader, process.pid);
    return false;
  }
  putStat(reader, process);
  return !process.isStale || readTexts(reader, process);
}

/** Without a descriptor only stat can tell whether the pid is still the same process: it is read each time. */
function readByPath(reader: Reader, process: CachedProcess): void {
  const { cache, kept, files } = reader;
  if (!readStatAgain(reader, process)) return;
  putSizes(reader, process, readStatm(reader, process));
  if (cache.isDue(process)) process.fd = kept.open(`${files.root}/${process.pid}/statm`);
}

function isLookedAt({ watched }: Reader, { pid }: CachedProcess): boolean {
  return pid === OWN_PID || (watched?.has(pid) ?? false);
}

function readByDescriptor(reader: Reader, process: CachedProcess): void {
  const { cache, kept } = reader;
  const length = readStatm(reader, process);
  if (length === VANISHED) {
    cache.drop(process);
    readNewProcess(reader, process.pid);
    return;
  }
  if (kept.excess > 0) process.fd = closeKept(reader, process.fd);
  const isChanged = putSizes(reader, process, length);
  if (process.seenAt < 0) return;
  const isWatched = isLookedAt(reader, process);
  if (!isWatched || kept.excess > 0) process.runFd = closeKept(reader, process.runFd);
  if (isChanged || process.isStale || cache.isDue(process) || (isWatched && hasRun(reader, process)))
    readStatAgain(reader, process);
}

/** Reads the process that has this pid now. */
export function readProcess(reader: Reader, pid: number): void {
  const { cache } = reader;
  const process = cache.find(pid);
  if (process) process.seenAt = cache.tick;
  if (!process) readNewProcess(reader, pid);
  else if (process.fd >= 0) readByDescriptor(reader, process);
  else readByPath(reader, process);
}
