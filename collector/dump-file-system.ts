import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { systemErrorCode } from './system-error.ts';

/** What the kernel tells of a file; of node:fs `Stats`, what is used here. */
export interface FileStatus {
  isDirectory(): boolean;
  isFile(): boolean;
  isSocket(): boolean;
  readonly dev: number;
  readonly ino: number;
  /** Names that lead to it; 0 for what was removed while it was open. */
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Epoch ms. */
  readonly mtimeMs: number;
}

export interface Listener {
  /** Stops to listen and removes the socket's name. */
  close(): void;
}

/** The system calls of which a dump is made; a test may fail or record each. All throw as node:fs does. */
export interface DumpFileSystem {
  /** Does not follow a link. `null`: nothing has that name. */
  look(path: string): FileStatus | null;
  /** Names only, in no order. */
  list(path: string): readonly string[];
  /** One folder, not its parents: `recursive` of node:fs never returns below a proc file system. */
  makeFolder(path: string, mode: number): void;
  open(path: string, flags: number, mode: number): number;
  status(fd: number): FileStatus;
  setMode(fd: number, mode: number): void;
  /** Writes from `offset`. @returns how many bytes were taken, perhaps not all */
  write(fd: number, bytes: Uint8Array, offset: number): number;
  sync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** An empty one. */
  removeFolder(path: string): void;
  /** A Unix socket at that path. It keeps no process alive, and the kernel closes it with its process. */
  listen(path: string): Promise<Listener>;
  /** Whether a process listens at that path; where the kernel does not tell, one does. */
  isAnswered(path: string): Promise<boolean>;
}

const UNANSWERED = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTDIR']);

function listen(path: string): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    // Later than that an answer that fails (EMFILE) is no concern of ours: the caller is connected already.
    server.on('error', reject);
    server.listen(path, () => resolve({ close: () => server.close() }));
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const answer = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => answer(true));
    socket.on('error', (error) => answer(!UNANSWERED.has(systemErrorCode(error))));
  });
}

export const nodeFileSystem: DumpFileSystem = {
  look: (path) => lstatSync(path, { throwIfNoEntry: false }) ?? null,
  list: (path) => readdirSync(path),
  makeFolder: (path, mode) => mkdirSync(path, { mode }),
  open: (path, flags, mode) => openSync(path, flags, mode),
  status: (fd) => fstatSync(fd),
  setMode: fchmodSync,
  write: (fd, bytes, offset) => writeSync(fd, bytes, offset),
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  remove: unlinkSync,
  removeFolder: rmdirSync,
  listen,
  isAnswered,
};

/** Never an existing file, never through a symbolic link. */
export const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** The dump folder, which its owner may name by a link. */
export const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;
/** Any folder in it. */
export const FOLDER_ITSELF = FOLDER | constants.O_NOFOLLOW;
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o750;
