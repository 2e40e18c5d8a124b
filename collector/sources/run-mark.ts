import type { CachedProcess } from '../process-cache.ts';
import { hashBytes } from './hash-bytes.ts';
import { readKeptFile } from './proc-files.ts';
import type { Reader } from './reader.ts';

/**
 * Whether a process has run since this was asked last. While it has not, its CPU time and state are what they were, and
 * schedstat by a kept descriptor costs an eighth of stat by its path (Documentation/scheduler/sched-stats.rst: time on
 * the CPU, time waiting for it, time slices). It tells of one thread, so others are taken to have run; so are all where
 * the kernel does not count, which then says `0 0 0`.
 */

const ZERO = 0x30;
const ALONE = 1;

export function hasRun({ kept, files, isKernel }: Reader, process: CachedProcess): boolean {
  if (!isKernel || process.threads !== ALONE) return true;
  if (process.runFd < 0) process.runFd = kept.open(`${files.root}/${process.pid}/schedstat`);
  if (process.runFd < 0) return true;
  const length = readKeptFile(files, process.runFd);
  if (length <= 0 || files.bytes[0] === ZERO) return true;
  const mark = hashBytes(files.bytes, 0, length);
  if (mark === process.runMark) return false;
  process.runMark = mark;
  return true;
}
