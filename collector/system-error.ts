import { getSystemErrorMap } from 'node:util';

/** The errno name of a failed system call (`ENOSPC`); '' for anything else that was thrown. */
export function systemErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** `no space left on device (ENOSPC)`, for a person; the message itself where it is no system error. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code);
  if (known) return `${known[1]} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** A failure that the kernel did not report, as one that it did. */
export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
