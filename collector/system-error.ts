import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/**
 * libuv does not know every errno of Linux: Node 20 reports EDQUOT with the code `Unknown system error -122`, or
 * `UNKNOWN`, as the function that failed has it.
 */
function nameOfErrno(errno: number): string | undefined {
  return Object.entries(constants.errno).find(([, number]) => number === -errno)?.[0];
}

/** The errno name of a failed system call (`ENOSPC`); '' for anything else that was thrown. */
export function systemErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return '';
  const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
  const isUnknown = /^(Unknown system error|UNKNOWN)/.test(code);
  return isUnknown && typeof errno === 'number' ? (nameOfErrno(errno) ?? code) : code;
}

const UNKNOWN_TO_LIBUV: Readonly<Record<string, string>> = { EDQUOT: 'disk quota exceeded' };

/** `no space left on device (ENOSPC)`, for a person; the message itself where it is no system error. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  const known =
    [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1] ?? UNKNOWN_TO_LIBUV[code];
  if (known !== undefined) return `${known} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** A failure that the kernel did not report, as one that it did. */
export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
