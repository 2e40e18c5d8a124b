import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';

/** Owner and group: what processes are called is nobody else's business. */
const MODE = 0o640;

function putAside(path: string, content: string | Uint8Array): void {
  const fd = openSync(path, 'wx', MODE);
  try {
    const bytes = Buffer.from(content);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function refused(file: string, error: unknown): MemoryInspectorError {
  const code = errorCodeOf(error);
  if (code === 'EEXIST')
    return new MemoryInspectorError('cannot_write', `${file} is there already`, {
      field: 'out',
      next: 'Name another file, or replace it with --force.',
    });
  return new MemoryInspectorError('cannot_write', `Cannot write ${file}: ${code}`, {
    field: 'out',
    cause: error,
  });
}

/**
 * Writes a file that is there whole or not at all. One that is there stays, unless it is to be replaced.
 * @throws MemoryInspectorError `cannot_write`
 */
export function writeWhole(file: string, content: string | Uint8Array, replace: boolean): void {
  const aside = `${file}.unfinished-${process.pid}`;
  try {
    putAside(aside, content);
    // Unlike a rename, a link never takes the place of what came there meanwhile.
    if (replace) renameSync(aside, file);
    else linkSync(aside, file);
  } catch (error) {
    throw refused(file, error);
  } finally {
    rmSync(aside, { force: true });
  }
}
