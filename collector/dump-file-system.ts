import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** The system calls of which a dump is made; a test may fail or record each. All throw as node:fs does. */
export interface DumpFileSystem {
  exists(path: string): boolean;
  /** One folder, not its parents: `recursive` of node:fs never returns below a proc file system. */
  makeFolder(path: string, mode: number): void;
  open(path: string, flags: number, mode: number): number;
  /** Writes from `offset`. @returns how many bytes were taken, perhaps not all */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  sync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

export const nodeFileSystem: DumpFileSystem = {
  exists: (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  makeFolder: (path, mode) => mkdirSync(path, { mode }),
  open: (path, flags, mode) => openSync(path, flags, mode),
  write: (fd, bytes, offset) => writeSync(fd, bytes, offset),
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  remove: unlinkSync,
};

/** Never an existing file, never through a symbolic link. */
export const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
export const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o750;
