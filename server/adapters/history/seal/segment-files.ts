import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MemoryInspectorError } from '../../../domain/errors.ts';

/** The steps of which a segment is made on disk; a test may end the process before each. All fail as node:fs does. */
export interface SegmentFiles {
  makeFolders(path: string): void;
  /** A new empty file that only its owner and group may read. */
  create(path: string): void;
  write(path: string, bytes: Uint8Array): void;
  /** What is in a file from a place on becomes these bytes. */
  writeEnd(path: string, from: number, bytes: Uint8Array): void;
  /** Of a file or folder, while others are written. */
  sync(path: string): Promise<void>;
  rename(from: string, to: string): void;
  /** A file that may have gone. */
  remove(path: string): void;
}

const FILE_MODE = 0o640;
const FOLDER_MODE = 0o750;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

function withFile<Result>(path: string, flags: number, use: (fd: number) => Result): Result {
  const fd = openSync(path, flags, FILE_MODE);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, bytes: Uint8Array, from = 0): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, undefined, from + done);
}

export const nodeSegmentFiles: SegmentFiles = {
  makeFolders: (path) => void mkdirSync(path, { recursive: true, mode: FOLDER_MODE }),
  create(path) {
    withFile(path, NEW_FILE, () => undefined);
    // The umask may have taken more than it should; it never gives more.
    chmodSync(path, FILE_MODE);
  },
  write: (path, bytes) => withFile(path, constants.O_WRONLY | constants.O_TRUNC, (fd) => writeAll(fd, bytes)),
  writeEnd: (path, from, bytes) =>
    withFile(path, constants.O_WRONLY, (fd) => {
      ftruncateSync(fd, from);
      writeAll(fd, bytes, from);
    }),
  async sync(path) {
    const file = await open(path, constants.O_RDONLY);
    await file.sync().finally(() => file.close());
  },
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
};

/** Hidden, and with the process that writes it, so that it can be told when it is stale. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${path.slice(dirname(path).length + 1)}.${process.pid}.tmp`);
}

const TEMPORARY = /^\..+\.(\d+)\.tmp$/;

/** The process that a temporary file is of; `null` for any other name. */
export function ownerOfTemporary(name: string): number | null {
  const match = TEMPORARY.exec(name);
  return match ? Number(match[1]) : null;
}

/**
 * Makes files so that each has its name only when it is whole and on disk; one gets there while the next is written.
 * What was made is removed when it throws.
 */
export async function putFiles(
  files: SegmentFiles,
  paths: readonly string[],
  fill: (path: string, temporary: string) => Promise<void> | void,
): Promise<void> {
  const finished: string[] = [];
  const syncing: Promise<void>[] = [];
  try {
    for (const path of paths) {
      const temporary = temporaryPath(path);
      files.makeFolders(dirname(path));
      files.create(temporary);
      await fill(path, temporary);
      const synced = files.sync(temporary);
      // It is waited for below; one that fails before that is no unhandled rejection.
      synced.catch(() => undefined);
      syncing.push(synced);
    }
    await Promise.all(syncing);
    for (const path of paths) {
      files.rename(temporaryPath(path), path);
      finished.push(path);
    }
    await Promise.all([...new Set(paths.map(dirname))].map((folder) => files.sync(folder)));
  } catch (error) {
    await Promise.allSettled(syncing);
    for (const path of [...paths.map(temporaryPath), ...finished]) removeQuietly(files, path);
    throw error;
  }
}

export async function putFile(files: SegmentFiles, path: string, bytes: Uint8Array): Promise<void> {
  await putFiles(files, [path], (_, temporary) => files.write(temporary, bytes));
}

export function removeQuietly(files: SegmentFiles, path: string): void {
  try {
    files.remove(path);
  } catch {
    // The next sealer sweeps it; the first error is the one to report.
  }
}

/** Folders of a day that nothing is in any more, and then of its host. */
export function removeEmptyFolders(path: string): void {
  try {
    rmdirSync(path);
    rmdirSync(dirname(path));
  } catch {
    // Something is in it, or it has gone.
  }
}

/** Names in a folder; none where it is not there. */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** The last bytes of a file. */
export function readEnd(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  withFile(path, constants.O_RDONLY, (fd) => readSync(fd, bytes, 0, length, fstatSync(fd).size - length));
  return bytes;
}

export function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|No space left/, 'no space is left'],
  [/EDQUOT|quota exceeded/i, 'the quota is used up'],
  [/EACCES|EPERM|Permission denied|not permitted/, 'permission denied'],
  [/EROFS|Read-only file system/, 'it is read-only'],
  [/ENOTDIR|EEXIST|Not a directory/, 'something else has the name of one of its folders'],
];
const NEXT = 'Free some space, or name another folder with --index.';

/** What a file system or the engine said while it wrote, as an expected failure that names the folder. */
export function cannotWrite(index: string, error: unknown): MemoryInspectorError {
  if (error instanceof MemoryInspectorError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? text.split('\n', 1)[0];
  return new MemoryInspectorError('cannot_write', `Cannot write the index ${index}: ${reason}.`, {
    next: NEXT,
    cause: error,
  });
}
