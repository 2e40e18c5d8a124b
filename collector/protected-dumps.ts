import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { PROTECTED_LIST, parseDumpName } from '../server/domain/dump-names.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import { FILE_MODE, NEW_FILE } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { PROTECTED_COLUMNS } from './protected-list.ts';
import type { StoredPair } from './stored-dumps.ts';
import { systemError, systemErrorCode } from './system-error.ts';
import { temporaryName } from './temporary-names.ts';
import { removeQuietly } from './write-file.ts';

/** The dumps that retention leaves alone for a while: `protected.csv`, read. */
export interface ProtectedDumps {
  has(dump: StoredPair, now: number): boolean;
  /** The list without the lines whose time is over; `null` where there is none of these. */
  encodeLeft(now: number): string | null;
}

interface Entry {
  /** `20261121/20261121_120000Z`. */
  readonly key: string;
  /** Epoch ms; for ever where the line does not tell. */
  readonly until: number;
  readonly line: string;
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const LARGEST_LIST = 16 * 1024 * 1024;
const LINE = /^(?:(\d{8})\/)?(sys_mem_[^,/"]+),"?([^,"]*)"?(?:,|$)/;

function keyOf(day: string, stampText: string): string {
  return `${day}/${stampText}`;
}

/** A line that names a dump but not until when protects it for ever: better too much than too little. */
function parseLine(line: string): Entry | null {
  const [, day = '', name = '', until = ''] = LINE.exec(line) ?? [];
  const dump = parseDumpName(name);
  if (!dump) return null;
  const t = Date.parse(until);
  return { key: keyOf(day, dump.stampText), until: Number.isNaN(t) ? Number.POSITIVE_INFINITY : t, line };
}

function readList(folder: OpenFolder): string {
  let fd: number;
  try {
    fd = openSync(folder.at(PROTECTED_LIST), READ);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
  try {
    const status = fstatSync(fd);
    if (!status.isFile() || status.size > LARGEST_LIST)
      throw systemError('EINVAL', `${PROTECTED_LIST} is no list`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** @throws what is thrown by node:fs; then it is not known what is protected */
export function readProtected(folder: OpenFolder): ProtectedDumps {
  const entries = readList(folder)
    .split('\n')
    .map(parseLine)
    .filter((entry) => entry !== null);
  const until = new Map<string, number>();
  for (const entry of entries) until.set(entry.key, Math.max(entry.until, until.get(entry.key) ?? 0));
  return {
    has: ({ day, stampText }, now) => (until.get(keyOf(day, stampText)) ?? 0) > now,
    encodeLeft(now) {
      const left = entries.filter((entry) => entry.until > now);
      if (left.length === entries.length) return null;
      return [PROTECTED_COLUMNS, ...left.map(({ line }) => line), ''].join('\n');
    },
  };
}

/** Replaces the list, at once. @throws what is thrown by node:fs; then the list is as it was */
function replaceList(fileSystem: DumpFileSystem, folder: OpenFolder, text: string): void {
  const temporary = folder.at(temporaryName(PROTECTED_LIST, process.pid));
  const fd = fileSystem.open(temporary, NEW_FILE, FILE_MODE);
  try {
    writeFileSync(fd, text);
    fileSystem.sync(fd);
    fileSystem.rename(temporary, folder.at(PROTECTED_LIST));
  } catch (error) {
    removeQuietly(fileSystem, temporary);
    throw error;
  } finally {
    fileSystem.close(fd);
  }
}

/** Takes the lines whose time is over from the list. Only its recorder may do so: it alone adds to it. */
export function dropOver(
  list: ProtectedDumps,
  fileSystem: DumpFileSystem,
  folder: OpenFolder,
  now: number,
): void {
  const left = list.encodeLeft(now);
  if (left !== null) replaceList(fileSystem, folder, left);
}
