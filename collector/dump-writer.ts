import { basename, join } from 'node:path';
import type { DumpFormat } from '../server/domain/dump-format.ts';
import type { DumpRole } from '../server/domain/dump-names.ts';
import { dumpFileName } from '../server/domain/dump-names.ts';
import { MINUTE_MS } from '../server/domain/durations.ts';
import { formatStamp } from '../server/domain/stamp.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openOrMakeFolderIn } from './open-folder.ts';
import { guarded } from './write-failure.ts';
import { removeQuietly, writeFile } from './write-file.ts';

/** Where a pair is going to be, and the instant that its name stands for. */
export interface DumpPlace {
  /** Epoch ms; later than the sample's own only where that name was taken. */
  readonly t: number;
  /** The folder in the dump folder; `null`: none. */
  readonly day: string | null;
  readonly processFile: string;
  readonly systemFile: string;
}

export interface DumpWriter {
  /** A place for a sample of the instant `t` that no dump has yet. @throws MemoryInspectorError `cannot_write` */
  findPlace(t: number): DumpPlace;
  /**
   * Puts a complete pair on disk, the system file last. When it throws, there is nothing of the pair left.
   * @throws MemoryInspectorError `cannot_write`, `folder_refused`
   */
  write(place: DumpPlace, processFile: Uint8Array, systemFile: Uint8Array): void;
}

export interface DumpWriterOptions {
  /** The dump folder. Ours go to a folder a day (UTC) in it, the predecessor's format straight into it. */
  readonly folder: OpenFolder;
  readonly format: DumpFormat;
  /** Milliseconds in every name: for intervals under a second. */
  readonly milliseconds: boolean;
  readonly fileSystem: DumpFileSystem;
  readonly pid: number;
}

const DAY_LENGTH = 'YYYYMMDD'.length;

/** The predecessor's stamp: the wall clock of this host, without a zone. */
function formatLocalStamp(t: number, milliseconds: boolean): string {
  const offset = new Date(t).getTimezoneOffset() * MINUTE_MS;
  return formatStamp(t - offset, milliseconds).slice(0, -1);
}

function placeAt(t: number, milliseconds: boolean, { folder, format }: DumpWriterOptions): DumpPlace {
  const stamp = (format === 'v2' ? formatStamp : formatLocalStamp)(t, milliseconds);
  const day = format === 'v2' ? stamp.slice(0, DAY_LENGTH) : null;
  const path = (role: DumpRole) => join(folder.path, day ?? '', dumpFileName(role, stamp));
  return { t, day, processFile: path('process'), systemFile: path('system') };
}

function isTaken(
  { day, processFile, systemFile }: DumpPlace,
  { folder, fileSystem }: DumpWriterOptions,
): boolean {
  return [processFile, systemFile].some((path) => {
    const plain = folder.at(join(day ?? '', basename(path)));
    return fileSystem.look(plain) !== null || fileSystem.look(`${plain}.gz`) !== null;
  });
}

function writePair(
  { fileSystem, pid }: DumpWriterOptions,
  folder: OpenFolder,
  place: DumpPlace,
  contents: { readonly processFile: Uint8Array; readonly systemFile: Uint8Array },
): void {
  const processName = basename(place.processFile);
  writeFile(fileSystem, folder, processName, contents.processFile, pid);
  try {
    writeFile(fileSystem, folder, basename(place.systemFile), contents.systemFile, pid);
  } catch (error) {
    removeQuietly(fileSystem, folder.at(processName));
    throw error;
  }
}

/** Writes pairs of files so that each is there whole or not at all, and no existing dump is ever replaced. */
export function openDumpWriter(options: DumpWriterOptions): DumpWriter {
  const { fileSystem, milliseconds, folder } = options;

  function findPlace(t: number): DumpPlace {
    let place = placeAt(t, milliseconds, options);
    if (!isTaken(place, options)) return place;
    place = placeAt(t, true, options);
    while (isTaken(place, options)) place = placeAt(place.t + 1, true, options);
    return place;
  }

  function write(place: DumpPlace, processFile: Uint8Array, systemFile: Uint8Array): void {
    if (place.day === null) {
      writePair(options, folder, place, { processFile, systemFile });
      return;
    }
    const day = openOrMakeFolderIn(fileSystem, folder, place.day);
    try {
      writePair(options, day, place, { processFile, systemFile });
    } finally {
      day.close();
    }
  }

  return {
    findPlace: (t) => guarded(folder.path, () => findPlace(t)),
    write: (place, processFile, systemFile) =>
      guarded(place.processFile, () => write(place, processFile, systemFile)),
  };
}
