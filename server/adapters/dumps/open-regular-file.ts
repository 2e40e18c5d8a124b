import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';

/** A file in the dump folder is untrusted: it may be a link elsewhere, or a pipe that would block for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

export type OpenedFile = { readonly fd: number; readonly stats: Stats } | { readonly refusal: string };

const REASONS: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link; links are not followed',
  ENOENT: 'has vanished',
  EACCES: 'may not be read: permission denied',
  ENXIO: 'is not a regular file',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return REASONS[code] ?? `cannot be read: ${code}`;
}

/** Opens a regular file for reading, and nothing else. The caller closes `fd`. */
export function openRegularFile(path: string): OpenedFile {
  try {
    const fd = openSync(path, FLAGS);
    const stats = fstatSync(fd);
    if (stats.isFile()) return { fd, stats };
    closeSync(fd);
    return { refusal: 'is not a regular file' };
  } catch (error) {
    return { refusal: reasonOf(error) };
  }
}
