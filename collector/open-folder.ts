import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { DumpFileSystem, FileStatus } from './dump-file-system.ts';
import { FOLDER, FOLDER_ITSELF, FOLDER_MODE } from './dump-file-system.ts';
import { dangerOf } from './folder-safety.ts';
import { systemErrorCode } from './system-error.ts';

/**
 * A folder that was checked and is held open. Names in it are resolved from the descriptor, so that a path that is
 * swapped for a link between the check and the use leads nowhere else.
 */
export interface OpenFolder {
  /** For messages. */
  readonly path: string;
  readonly fd: number;
  /** A path of that name in this very folder, wherever that is by now. */
  at(name: string): string;
  /** Never throws. */
  close(): void;
}

const DESCRIPTORS = '/proc/self/fd';
const PERMISSIONS = 0o777;

function ownUid(): number {
  return process.getuid?.() ?? 0;
}

function folderOf(fileSystem: DumpFileSystem, path: string, fd: number): OpenFolder {
  const base = existsSync(DESCRIPTORS) ? `${DESCRIPTORS}/${fd}` : path;
  const close = () => {
    try {
      fileSystem.close(fd);
    } catch {
      // Nothing is written through the descriptor of a folder: there is nothing that could be lost.
    }
  };
  return { path, fd, at: (name) => join(base, name), close };
}

function assertSafe(path: string, status: FileStatus): void {
  const danger = dangerOf(status, ownUid());
  if (!danger) return;
  const message = `refuses to write into ${path}: ${danger.reason}`;
  throw new MemoryInspectorError('folder_refused', message, { field: 'out', next: danger.next });
}

/** Runs `use` on an open folder, which is closed if that throws. */
function closedOnFailure<Result>(folder: OpenFolder, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    folder.close();
    throw error;
  }
}

function openChecked(fileSystem: DumpFileSystem, path: string, from: string, flags: number): OpenFolder {
  const folder = folderOf(fileSystem, path, fileSystem.open(from, flags, 0));
  return closedOnFailure(folder, () => {
    assertSafe(path, fileSystem.status(folder.fd));
    return folder;
  });
}

/** Gives what we have just made the mode that it was made with, less the umask. Some file systems have no modes. */
export function setModeOf(fileSystem: DumpFileSystem, fd: number, status: FileStatus, mode: number): void {
  if ((status.mode & PERMISSIONS) === mode) return;
  try {
    fileSystem.setMode(fd, (status.mode & 0o7000) | mode);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemErrorCode(error))) throw error;
  }
}

function isOneOf(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(systemErrorCode(error));
}

/** @returns whether it was made; false where something has that name */
function tryMake(fileSystem: DumpFileSystem, path: string): boolean {
  try {
    fileSystem.makeFolder(path, FOLDER_MODE);
    return true;
  } catch (error) {
    if (isOneOf(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Makes a folder that may be lost in a power cut. Where something that is no folder has that name, it throws. */
export function makeFolderIn(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): OpenFolder {
  const isOurs = tryMake(fileSystem, parent.at(name));
  const folder = openFolderIn(fileSystem, parent, name);
  return closedOnFailure(folder, () => {
    if (isOurs) setModeOf(fileSystem, folder.fd, fileSystem.status(folder.fd), FOLDER_MODE);
    return folder;
  });
}

function makeDurableFolderIn(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): OpenFolder {
  const folder = makeFolderIn(fileSystem, parent, name);
  return closedOnFailure(folder, () => {
    fileSystem.sync(parent.fd);
    return folder;
  });
}

/** A folder in a folder, not a link to one. @throws MemoryInspectorError `folder_refused` */
export function openFolderIn(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): OpenFolder {
  return openChecked(fileSystem, join(parent.path, name), parent.at(name), FOLDER_ITSELF);
}

/** As `openFolderIn`; one that is not there is made, 0750 whatever the umask. */
export function openOrMakeFolderIn(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): OpenFolder {
  try {
    return openFolderIn(fileSystem, parent, name);
  } catch (error) {
    if (!isOneOf(error, 'ENOENT')) throw error;
    return makeDurableFolderIn(fileSystem, parent, name);
  }
}

/**
 * The folder that its owner has named, perhaps by a link. What is missing is made, but only below a folder that is
 * safe, too; one that is there is never changed.
 * @throws MemoryInspectorError `folder_refused` where others could put files or links in our way
 */
export function openDumpFolder(fileSystem: DumpFileSystem, path: string): OpenFolder {
  const whole = resolve(path);
  const above = dirname(whole);
  try {
    return openChecked(fileSystem, path, path, FOLDER);
  } catch (error) {
    if (!isOneOf(error, 'ENOENT') || above === whole) throw error;
  }
  const parent = openDumpFolder(fileSystem, above);
  try {
    return { ...makeDurableFolderIn(fileSystem, parent, basename(whole)), path };
  } finally {
    parent.close();
  }
}
