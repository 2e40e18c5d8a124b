import { join } from 'node:path';
import type { DumpFormat } from '../server/domain/dump-format.ts';
import type { DumpName } from '../server/domain/dump-names.ts';
import { DUMP_PREFIX, parseDumpName } from '../server/domain/dump-names.ts';
import { instantOfStamp } from '../server/domain/stamp.ts';
import { localTimeZone } from '../server/domain/time-zone.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openFolderIn } from './open-folder.ts';
import { systemErrorCode } from './system-error.ts';

/** The dumps that are in a dump folder: names that only a recorder gives, plain files, nothing through a link. */

/** What has one stamp in one folder; usually two files. */
export interface StoredPair {
  /** The folder in the dump folder; '' is the dump folder itself. */
  readonly day: string;
  readonly stampText: string;
  /** Epoch ms. */
  readonly t: number;
  /** The system file first: without it the other is no dump any more. */
  readonly names: readonly string[];
  /** On disk. */
  readonly bytes: number;
}

export interface DumpFolder {
  readonly fileSystem: DumpFileSystem;
  readonly folder: OpenFolder;
  /** Whose dumps count. */
  readonly formats: readonly DumpFormat[];
  /** Only to be looked at: then it need not be safe to write into. */
  readonly isReadOnly?: boolean;
}

/** Where the predecessor's dumps are, and those of a flat folder. */
export const TOP = '';

const DAY = /^\d{8}$/;
export const BLOCK = 4096;

/** What a dump's name looks like, without a look at the calendar: folders have ten thousands of them. */
const NAME = /^(?:process_mem|sys_mem)_(\d{8}_\d{6}(?:_\d{3})?(Z?))\.csv(?:\.gz)?$/;

/** The stamp in a dump's name; '' for another name. */
export function stampTextOf(name: string): string {
  return NAME.exec(name)?.[1] ?? '';
}

function hasFormat(name: string, formats: readonly DumpFormat[]): boolean {
  const match = NAME.exec(name);
  return match !== null && formats.includes(match[2] === 'Z' ? 'v2' : 'seed');
}

/** A day folder; `null` where it is not there, is a link, or is not safe. The dump folder itself stays open. */
function openDay({ fileSystem, folder, isReadOnly }: DumpFolder, day: string): OpenFolder | null {
  const close = () => undefined;
  if (day === TOP) return { ...folder, close };
  if (isReadOnly)
    return { path: join(folder.path, day), fd: folder.fd, at: (name) => folder.at(join(day, name)), close };
  try {
    return openFolderIn(fileSystem, folder, day);
  } catch {
    return null;
  }
}

/** Runs `use` on a day folder. @returns `null` where it cannot be opened */
function inDay<Result>(dumps: DumpFolder, day: string, use: (folder: OpenFolder) => Result): Result | null {
  const folder = openDay(dumps, day);
  if (!folder) return null;
  try {
    return use(folder);
  } finally {
    folder.close();
  }
}

/** The folders that may hold dumps, the oldest day first, the dump folder itself before them. */
export function listDays({ fileSystem, folder }: DumpFolder): readonly string[] {
  const days = fileSystem.list(folder.at('.')).filter((name) => DAY.test(name));
  return [TOP, ...days.sort()];
}

/** A folder that is no folder, or that is not ours to read, has no dumps for us. */
function listQuietly(fileSystem: DumpFileSystem, path: string): readonly string[] {
  try {
    return fileSystem.list(path);
  } catch {
    return [];
  }
}

/** The names of dumps in a folder. */
export function listNames(dumps: DumpFolder, day: string): readonly string[] {
  const names = inDay(dumps, day, ({ at }) => listQuietly(dumps.fileSystem, at('.')));
  return (names ?? []).filter((name) => hasFormat(name, dumps.formats));
}

/** What a file takes on disk; `null` for what is no plain file. */
function sizeIn({ fileSystem }: DumpFolder, folder: OpenFolder, name: string): number | null {
  const status = fileSystem.look(folder.at(name));
  return status?.isFile() ? Math.ceil(status.size / BLOCK) * BLOCK : null;
}

export function sizeOf(dumps: DumpFolder, day: string, names: readonly string[]): number {
  const add = (folder: OpenFolder) =>
    names.reduce((sum, name) => sum + (sizeIn(dumps, folder, name) ?? 0), 0);
  return inDay(dumps, day, add) ?? 0;
}

/** The local zone costs 10 ms and 8 MB to find out: only who has local stamps asks for it. */
function instantOf({ stamp }: DumpName): number | null {
  return instantOfStamp(stamp, stamp.isUtc ? 'UTC' : localTimeZone());
}

/** The instant in a dump's name, epoch ms; `NaN` for another name. */
export function instantOfName(name: string): number {
  const dump = parseDumpName(name);
  return (dump && instantOf(dump)) ?? Number.NaN;
}

/** Stamp → names, the system file first. */
function groupByStamp(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const stampText = stampTextOf(name);
    const group = groups.get(stampText);
    if (!group) groups.set(stampText, [name]);
    else if (name.startsWith(DUMP_PREFIX.system)) group.unshift(name);
    else group.push(name);
  }
  return groups;
}

export interface Part {
  /** Only stamps after this one. */
  readonly after?: string;
  readonly most?: number;
}

function pairOf(
  dumps: DumpFolder,
  folder: OpenFolder,
  day: string,
  stampText: string,
  names: readonly string[],
): StoredPair {
  const sizes = names.map((name) => sizeIn(dumps, folder, name));
  const plain = names.filter((_, at) => sizes[at] !== null);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return { day, stampText, t: instantOfName(names[0]), names: plain, bytes };
}

/** The dumps of a folder by age, or the oldest of them. */
export function readPairs(
  dumps: DumpFolder,
  day: string,
  { after = '', most = Number.POSITIVE_INFINITY }: Part = {},
): StoredPair[] {
  const groups = groupByStamp(listNames(dumps, day));
  const stamps = [...groups.keys()].filter((stampText) => stampText > after).sort();
  const read = (folder: OpenFolder) =>
    stamps
      .slice(0, most)
      .map((stampText) => pairOf(dumps, folder, day, stampText, groups.get(stampText) ?? []));
  const pairs = inDay(dumps, day, read) ?? [];
  return pairs.filter(({ t, names }) => names.length > 0 && !Number.isNaN(t)).sort((a, b) => a.t - b.t);
}

function removeIfThere(fileSystem: DumpFileSystem, path: string): void {
  try {
    fileSystem.remove(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

/** Removes a dump, what makes it one first. @throws what is thrown by node:fs */
export function removePair(dumps: DumpFolder, { day, names }: StoredPair): void {
  inDay(dumps, day, (folder) => {
    for (const name of names) removeIfThere(dumps.fileSystem, folder.at(name));
  });
}

/** Removes a day folder that is empty; one with anything in it stays. */
export function removeEmptyDay({ fileSystem, folder }: DumpFolder, day: string): void {
  if (day === TOP) return;
  try {
    fileSystem.removeFolder(folder.at(day));
  } catch {
    // Something else is in it, or it is gone.
  }
}
