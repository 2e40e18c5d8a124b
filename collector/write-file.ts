import type { DumpFileSystem } from './dump-file-system.ts';
import { FILE_MODE, NEW_FILE } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { setModeOf } from './open-folder.ts';
import { systemError, systemErrorCode } from './system-error.ts';
import { temporaryName } from './temporary-names.ts';

function writeAll(fileSystem: DumpFileSystem, fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    const taken = fileSystem.write(fd, bytes, written);
    if (taken <= 0) throw systemError('EIO', 'the kernel took nothing of a write');
    written += taken;
  }
  const status = fileSystem.status(fd);
  if (status.size !== bytes.length) throw systemError('EIO', 'the kernel lost part of a write');
  setModeOf(fileSystem, fd, status, FILE_MODE);
}

export function removeQuietly(fileSystem: DumpFileSystem, path: string): void {
  try {
    fileSystem.remove(path);
  } catch {
    // It was never there, or the folder is beyond reach: the first error is the one to report.
  }
}

/** @returns the error of a failed sync, `null` where there was none */
function writeAndSync(fileSystem: DumpFileSystem, fd: number, bytes: Uint8Array): unknown {
  try {
    writeAll(fileSystem, fd, bytes);
    try {
      fileSystem.sync(fd);
    } catch (error) {
      return error;
    }
  } finally {
    fileSystem.close(fd);
  }
  return null;
}

/** As `writeAndSync`, into a new file, of which nothing is left after an error. */
function writeTemporary(fileSystem: DumpFileSystem, path: string, bytes: Uint8Array): unknown {
  const fd = fileSystem.open(path, NEW_FILE, FILE_MODE);
  let failure: unknown = null;
  try {
    failure = writeAndSync(fileSystem, fd, bytes);
  } catch (error) {
    removeQuietly(fileSystem, path);
    throw error;
  }
  if (failure !== null) removeQuietly(fileSystem, path);
  return failure;
}

/**
 * A sync that fails with EIO may have dropped the pages that it could not write, and a second sync of the same file
 * would then succeed (https://wiki.postgresql.org/wiki/Fsync_Errors). So the bytes go into a new file, once.
 */
function writeTemporaryTwice(fileSystem: DumpFileSystem, path: string, bytes: Uint8Array): void {
  const first = writeTemporary(fileSystem, path, bytes);
  if (first === null) return;
  const second = systemErrorCode(first) === 'EIO' ? writeTemporary(fileSystem, path, bytes) : first;
  if (second !== null) throw second;
}

/**
 * Puts a file into a folder so that its name is never that of an unfinished one: write elsewhere, sync, rename, sync
 * the folder. When it throws, there is no file of that name.
 */
export function writeFile(
  fileSystem: DumpFileSystem,
  folder: OpenFolder,
  name: string,
  bytes: Uint8Array,
  pid: number,
): void {
  const temporary = folder.at(temporaryName(name, pid));
  writeTemporaryTwice(fileSystem, temporary, bytes);
  try {
    fileSystem.rename(temporary, folder.at(name));
  } catch (error) {
    removeQuietly(fileSystem, temporary);
    throw error;
  }
  try {
    fileSystem.sync(folder.fd);
  } catch (error) {
    removeQuietly(fileSystem, folder.at(name));
    throw error;
  }
}
