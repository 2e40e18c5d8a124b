import type { Dirent } from 'node:fs';
import type { DumpNameParts, SplitDumpName } from '../../domain/dump-names.ts';
import type { Stamp } from '../../domain/stamp.ts';
import { parseStamp } from '../../domain/stamp.ts';

/** The names that share a stamp in one directory. */
export interface StampNames {
  readonly stamp: Stamp;
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

const DAY_FOLDER = /^\d{8}$/;

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'is a symbolic link; links are not followed';
  return entry.isDirectory() ? 'is a directory' : 'is not a regular file';
}

function refusalOf(entry: Dirent): string {
  return entry.isFile() ? 'names a day or a time that does not exist' : kindOf(entry);
}

/** Of a file and its compressed twin the plain one is taken. */
function prefer(known: string | null, name: string): string {
  return known === null || known.endsWith('.gz') ? name : known;
}

type Growing<Names> = { -readonly [Key in keyof Names]: Names[Key] };

/** @returns false where its stamp is of no day or time; it is parsed once for the files that share it */
function addName(
  stamps: Map<string, Growing<StampNames>>,
  name: string,
  { role, stampText }: DumpNameParts,
): boolean {
  const known = stamps.get(stampText);
  if (known) {
    known[role] = prefer(known[role], name);
    return true;
  }
  const stamp = parseStamp(stampText);
  if (stamp === null) return false;
  const names: Growing<StampNames> = { stamp, process: null, system: null };
  names[role] = name;
  stamps.set(stampText, names);
  return true;
}

/** Names with a dot in front are no day's or host's. */
function isFolderOfDumps(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.');
}

/** Sorts a directory's entries. Names that are not a dump's are nobody's business and left alone. */
export function sortEntries(entries: readonly Dirent[], splitName: SplitDumpName): DirectoryListing {
  const stamps = new Map<string, Growing<StampNames>>();
  const refused: { name: string; reason: string }[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    const parts = splitName(entry.name);
    if (parts === null) {
      if (isFolderOfDumps(entry)) folders.push(entry.name);
    } else if (!entry.isFile() || !addName(stamps, entry.name, parts))
      refused.push({ name: entry.name, reason: refusalOf(entry) });
  }
  const days = folders.filter((name) => DAY_FOLDER.test(name)).sort();
  return { stamps, days, others: folders.filter((name) => !DAY_FOLDER.test(name)).sort(), refused };
}
