import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
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
const LARGEST_CAPACITY = 8 * 1024 * 1024;
const OUT_OF_MEANS = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

export function openProcFiles(root: string): ProcFiles {
  return { root, bytes: Buffer.allocUnsafe(FIRST_CAPACITY) };
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

function failureOf(path: string, error: unknown): number {
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

/** A small file as text; `null` where it cannot be read. For what is read once a sample. */
export function readProcText(files: ProcFiles, name: string): string | null {
  const length = readProcFile(files, `${files.root}/${name}`);
  return length < 0 ? null : files.bytes.toString('latin1', 0, length);
}

const PID = /^[1-9]\d{0,9}$/;

/** @throws MemoryInspectorError `source_unavailable` where there is no such folder */
export function listPids(files: ProcFiles): readonly number[] {
  try {
    return readdirSync(files.root)
      .filter((name) => PID.test(name))
      .map(Number);
  } catch (error) {
    throw unavailable(files.root, error);
  }
}
