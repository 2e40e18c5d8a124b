import type { Dirent } from 'node:fs';
import { parseDumpName } from '../../domain/dump-format.ts';

/** The names that share a stamp in one directory. */
export interface StampNames {
  readonly process: string | null;
  readonly system: string | null;
}

export interface DirectoryListing {
  /** By the stamp as it stands in the names. */
  readonly stamps: ReadonlyMap<string, StampNames>;
  readonly days: readonly string[];
  /** Other sub-folders: each may be a host's. */
  readonly others: readonly string[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

const LOOKS_LIKE_DUMP = /^(?:process_mem|sys_mem)_\d{8}_\d{6}(?:_\d{3})?Z?\.csv(?:\.gz)?$/;
const DAY_FOLDER = /^\d{8}$/;
const NO_NAMES: StampNames = { process: null, system: null };

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'is a symbolic link; links are not followed';
  return entry.isDirectory() ? 'is a directory' : 'is not a regular file';
}

function refusalOf(entry: Dirent): string | null {
  if (!entry.isFile()) return kindOf(entry);
  return parseDumpName(entry.name) ? null : 'names a day or a time that does not exist';
}

/** Of a file and its compressed twin the plain one is taken. */
function prefer(known: string | null, name: string): string {
  return known === null || known.endsWith('.gz') ? name : known;
}

function addName(stamps: Map<string, StampNames>, name: string): void {
  const dump = parseDumpName(name);
  if (!dump) return;
  const names = stamps.get(dump.stampText) ?? NO_NAMES;
  stamps.set(dump.stampText, { ...names, [dump.role]: prefer(names[dump.role], name) });
}

/** Sorts a directory's entries. Names that are not a dump's are nobody's business and left alone. */
export function sortEntries(entries: readonly Dirent[]): DirectoryListing {
  const stamps = new Map<string, StampNames>();
  const refused: { name: string; reason: string }[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (LOOKS_LIKE_DUMP.test(entry.name)) {
      const reason = refusalOf(entry);
      if (reason) refused.push({ name: entry.name, reason });
      else addName(stamps, entry.name);
    } else if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(entry.name);
  }
  const days = folders.filter((name) => DAY_FOLDER.test(name)).sort();
  return { stamps, days, others: folders.filter((name) => !DAY_FOLDER.test(name)).sort(), refused };
}
