import { dirname, join } from 'node:path';
import type { DumpFormat, DumpRole } from '../server/domain/dump-format.ts';
import { dumpFileName } from '../server/domain/dump-format.ts';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import { formatStamp } from '../server/domain/stamp.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import { FILE_MODE, FOLDER, FOLDER_MODE, NEW_FILE } from './dump-file-system.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

/** Where a pair is going to be, and the instant that its name stands for. */
export interface DumpPlace {
  /** Epoch ms; later than the sample's own only where that name was taken. */
  readonly t: number;
  readonly folder: string;
  readonly processFile: string;
  readonly systemFile: string;
}

export interface DumpWriter {
  /** A place for a sample of the instant `t` that no dump has yet. @throws MemoryInspectorError `cannot_write` */
  findPlace(t: number): DumpPlace;
  /**
   * Puts a complete pair on disk, the system file last. When it throws, there is nothing of the pair left.
   * @throws MemoryInspectorError `cannot_write`
   */
  write(place: DumpPlace, processFile: Uint8Array, systemFile: Uint8Array): void;
}

export interface DumpWriterOptions {
  /** The dump folder. Ours go to a folder a day (UTC) in it, the predecessor's format straight into it. */
  readonly out: string;
  readonly format: DumpFormat;
  /** Milliseconds in every name: for intervals under a second. */
  readonly milliseconds: boolean;
  readonly fileSystem: DumpFileSystem;
  readonly pid: number;
}

const MINUTE_MS = 60_000;
const DAY_LENGTH = 'YYYYMMDD'.length;
const NEXT_STEPS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, or name another folder with --out',
  EDQUOT: 'Free some space, or name another folder with --out',
  EROFS: 'Name a folder that can be written to with --out',
  EACCES: 'Name a folder that this user may write to with --out',
  EPERM: 'Name a folder that this user may write to with --out',
  ENOTDIR: 'Name a folder with --out',
};

/** The predecessor's stamp: the wall clock of this host, without a zone. */
function formatLocalStamp(t: number, milliseconds: boolean): string {
  const offset = new Date(t).getTimezoneOffset() * MINUTE_MS;
  return formatStamp(t - offset, milliseconds).slice(0, -1);
}

function placeAt(t: number, milliseconds: boolean, { out, format }: DumpWriterOptions): DumpPlace {
  const stamp = (format === 'v2' ? formatStamp : formatLocalStamp)(t, milliseconds);
  const folder = format === 'v2' ? join(out, stamp.slice(0, DAY_LENGTH)) : out;
  const path = (role: DumpRole) => join(folder, dumpFileName(role, stamp));
  return { t, folder, processFile: path('process'), systemFile: path('system') };
}

function isTaken({ processFile, systemFile }: DumpPlace, fileSystem: DumpFileSystem): boolean {
  return [processFile, systemFile].some((path) => fileSystem.exists(path) || fileSystem.exists(`${path}.gz`));
}

function writeAll(fileSystem: DumpFileSystem, fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += fileSystem.write(fd, bytes, written);
}

function withDescriptor(fileSystem: DumpFileSystem, fd: number, use: (fd: number) => void): void {
  try {
    use(fd);
  } finally {
    fileSystem.close(fd);
  }
}

/** A rename is safe on disk only when its folder is. */
function syncFolder(fileSystem: DumpFileSystem, folder: string): void {
  withDescriptor(fileSystem, fileSystem.open(folder, FOLDER, 0), (fd) => fileSystem.sync(fd));
}

/** Makes a folder and what is missing above it. One that is there is left as it is. */
function makeFolder(fileSystem: DumpFileSystem, folder: string): void {
  if (fileSystem.exists(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(fileSystem, parent);
  fileSystem.makeFolder(folder, FOLDER_MODE);
  syncFolder(fileSystem, parent);
}

function removeQuietly(fileSystem: DumpFileSystem, path: string): void {
  try {
    fileSystem.remove(path);
  } catch {
    // It was never there, or the folder is beyond reach: the first error is the one to report.
  }
}

function temporaryName(path: string, pid: number): string {
  return join(dirname(path), `.${path.slice(dirname(path).length + 1)}.${pid}.tmp`);
}

/** A final name is never that of an unfinished file: write elsewhere, make it durable, then rename. */
function writeFile({ fileSystem, pid }: DumpWriterOptions, path: string, bytes: Uint8Array): void {
  const temporary = temporaryName(path, pid);
  const fd = fileSystem.open(temporary, NEW_FILE, FILE_MODE);
  try {
    withDescriptor(fileSystem, fd, () => {
      writeAll(fileSystem, fd, bytes);
      fileSystem.sync(fd);
    });
    fileSystem.rename(temporary, path);
  } catch (error) {
    removeQuietly(fileSystem, temporary);
    throw error;
  }
  try {
    syncFolder(fileSystem, dirname(path));
  } catch (error) {
    removeQuietly(fileSystem, path);
    throw error;
  }
}

function cannotWrite(path: string, cause: unknown): MemoryInspectorError {
  const next = NEXT_STEPS[systemErrorCode(cause)];
  return new MemoryInspectorError('cannot_write', `cannot write ${path}: ${describeSystemError(cause)}`, {
    cause,
    ...(next ? { next } : {}),
  });
}

/** Runs system calls; what they throw becomes an error that names the path. */
function guarded<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw systemErrorCode(error) === '' ? error : cannotWrite(path, error);
  }
}

/** Writes pairs of files so that each is there whole or not at all, and no existing dump is ever replaced. */
export function openDumpWriter(options: DumpWriterOptions): DumpWriter {
  const { fileSystem, milliseconds } = options;

  function writePair(place: DumpPlace, processFile: Uint8Array, systemFile: Uint8Array): void {
    makeFolder(fileSystem, place.folder);
    writeFile(options, place.processFile, processFile);
    try {
      writeFile(options, place.systemFile, systemFile);
    } catch (error) {
      removeQuietly(fileSystem, place.processFile);
      throw error;
    }
  }

  return {
    findPlace(t) {
      return guarded(options.out, () => {
        let place = placeAt(t, milliseconds, options);
        if (!isTaken(place, fileSystem)) return place;
        place = placeAt(t, true, options);
        while (isTaken(place, fileSystem)) place = placeAt(place.t + 1, true, options);
        return place;
      });
    },
    write(place, processFile, systemFile) {
      guarded(place.processFile, () => writePair(place, processFile, systemFile));
    },
  };
}
