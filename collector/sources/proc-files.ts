import { closeSync, openSync, readdirSync, readSync, statfsSync } from 'node:fs';
import { MemoryInspectorError } from '../../server/domain/errors.ts';
import { describeSystemError, systemErrorCode } from '../system-error.ts';

/**
 * Reads below a proc file system into one buffer. Synchronous on purpose: the kernel answers from memory, and
 * `fs.promises` costs 15 to 30 times as much as open, read and close.
 */
export interface ProcFiles {
  readonly root: string;
  /** Holds what was read last, until the next read. It is replaced when a file does not fit. */
  bytes: Buffer;
}

/** Instead of a length: the process ended before or while it was read (ENOENT, ESRCH). */
export const VANISHED = -1;
/** Instead of a length: not permitted, or not a file that can be read. */
export const UNREADABLE = -2;

const FIRST_CAPACITY = 64 * 1024;
/** The kernel lets arguments and environment together take 6 MiB at most (execve(2)). */
export const LARGEST_CAPACITY = 8 * 1024 * 1024;
/** No file of one line of numbers, such as statm, is longer. */
const ONE_LINE = 1024;
const OUT_OF_MEANS = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);
/** PROC_SUPER_MAGIC, statfs(2). */
const PROC_MAGIC = 0x9fa0;

export function openProcFiles(root: string): ProcFiles {
  return { root, bytes: Buffer.allocUnsafe(FIRST_CAPACITY) };
}

/** Whether the kernel itself answers here; a copy, or a test's folder, has ordinary files. */
export function isKernelProc(root: string): boolean {
  try {
    return statfsSync(root).type === PROC_MAGIC;
  } catch {
    return false;
  }
}

function unavailable(path: string, cause: unknown): MemoryInspectorError {
  const next = systemErrorCode(cause) === 'ENOENT' ? 'Recording needs Linux with /proc mounted' : undefined;
  return new MemoryInspectorError(
    'source_unavailable',
    `cannot read ${path}: ${describeSystemError(cause)}`,
    {
      cause,
      ...(next ? { next } : {}),
    },
  );
}

/**
 * A failed system call on a proc file → `VANISHED` or `UNREADABLE`.
 * @throws MemoryInspectorError `source_unavailable` when this process is out of descriptors or memory
 */
export function failureOf(path: string, error: unknown): number {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' || code === 'ESRCH') return VANISHED;
  if (code === '' || OUT_OF_MEANS.has(code)) throw unavailable(path, error);
  return UNREADABLE;
}

function grow(files: ProcFiles): boolean {
  const capacity = files.bytes.length * 2;
  if (capacity > LARGEST_CAPACITY) return false;
  const larger = Buffer.allocUnsafe(capacity);
  files.bytes.copy(larger);
  files.bytes = larger;
  return true;
}

/** A proc file gives all it has in one read that has room for it: a full buffer means that there may be more. */
function readToEnd(files: ProcFiles, fd: number): number {
  let length = 0;
  do {
    length += readSync(fd, files.bytes, length, files.bytes.length - length, null);
  } while (length === files.bytes.length && grow(files));
  return length;
}

/**
 * Reads a whole file into `files.bytes`.
 * @returns its length in bytes, or `VANISHED`, or `UNREADABLE`
 * @throws MemoryInspectorError `source_unavailable` when this process is out of descriptors or memory
 */
export function readProcFile(files: ProcFiles, path: string): number {
  try {
    const fd = openSync(path, 'r');
    try {
      return readToEnd(files, fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return failureOf(path, error);
  }
}

/**
 * Reads a file of one line that is kept open, from its start, into `files.bytes`. Of a process that has ended
 * the kernel says so (ESRCH), even when another one has its pid by now.
 * @returns its length in bytes, or `VANISHED`, or `UNREADABLE`
 */
export function readKeptFile(files: ProcFiles, fd: number): number {
  try {
    return readSync(fd, files.bytes, 0, ONE_LINE, 0);
  } catch (error) {
    return failureOf(files.root, error);
  }
}

/** A small file as text; `null` where it cannot be read. For what is read once a sample. */
export function readProcText(files: ProcFiles, name: string): string | null {
  const length = readProcFile(files, `${files.root}/${name}`);
  return length < 0 ? null : files.bytes.toString('latin1', 0, length);
}

const ZERO = 0x30;
const LONGEST_PID = 10;

/** `1234` → 1234; 0 for any other name. */
function pidOf(name: string): number {
  if (name.length > LONGEST_PID || name.charCodeAt(0) === ZERO) return 0;
  let pid = 0;
  for (let at = 0; at < name.length; at++) {
    const digit = name.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    pid = pid * 10 + digit;
  }
  return pid;
}

/**
 * The processes of now → `into`, in the kernel's order.
 * @throws MemoryInspectorError `source_unavailable` where there is no such folder
 */
export function listPids(files: ProcFiles, into: number[] = []): readonly number[] {
  let count = 0;
  try {
    for (const name of readdirSync(files.root)) {
      const pid = pidOf(name);
      if (pid > 0) into[count++] = pid;
    }
  } catch (error) {
    throw unavailable(files.root, error);
  }
  into.length = count;
  return into;
}
