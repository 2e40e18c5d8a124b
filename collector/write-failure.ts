import { MemoryInspectorError } from '../server/domain/errors.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

const FREE_SPACE = 'Free some space, or name another folder with --out';
const PERMITTED = 'Name a folder that this user may write to with --out';
const IN_THE_WAY = 'Something else has that name: look at it, and move it away';
const NEXT_STEPS: Readonly<Record<string, string>> = {
  ENOSPC: FREE_SPACE,
  EDQUOT: FREE_SPACE,
  EROFS: 'Name a folder that can be written to with --out',
  EACCES: PERMITTED,
  EPERM: PERMITTED,
  ENOTDIR: 'Name a folder with --out',
  EEXIST: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  ELOOP: IN_THE_WAY,
  EIO: 'The device may be failing: look at the kernel log (dmesg)',
  EMFILE: 'Allow more open files (ulimit -n)',
  ENFILE: 'This host has too many open files: see /proc/sys/fs/file-nr',
};

function cannotWrite(path: string, cause: unknown): MemoryInspectorError {
  const next = NEXT_STEPS[systemErrorCode(cause)];
  return new MemoryInspectorError('cannot_write', `cannot write ${path}: ${describeSystemError(cause)}`, {
    cause,
    ...(next ? { next } : {}),
  });
}

function asFailure(path: string, error: unknown): unknown {
  const isExpected = error instanceof MemoryInspectorError || systemErrorCode(error) === '';
  return isExpected ? error : cannotWrite(path, error);
}

/** Runs system calls; what they throw becomes a `cannot_write` that names the path, the errno and what to do. */
export function guarded<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw asFailure(path, error);
  }
}

export async function guardedAsync<Result>(path: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    throw asFailure(path, error);
  }
}
