import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DumpListing, DumpPair, Reject } from '../../application/dump-ports.ts';
import type { DumpNaming, SplitDumpName } from '../../domain/dump-names.ts';
import { openDumpNames } from '../../domain/dump-names.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { DirectoryState, WaitingPair } from './directory-state.ts';
import { needsReading, openDirectoryState, updateStamps } from './directory-state.ts';
import { isReady, restedMs } from './readiness.ts';
import { fileReject } from './rejects.ts';
import { sortEntries } from './scan-directory.ts';
import { openStampInstants } from './stamp-instants.ts';

export interface FolderScan {
  list(): Promise<DumpListing>;
  /** Whether something is there that is not ready yet. */
  isWaiting(): boolean;
  /** The directories in which new dumps are to be expected, '' first. */
  liveDirectories(): readonly string[];
}

export interface ScanOptions {
  readonly root: string;
  readonly timeZone: string;
  readonly naming?: DumpNaming | undefined;
  readonly now: () => number;
}

interface Scan extends ScanOptions {
  readonly directories: Map<string, DirectoryState>;
  readonly splitName: SplitDumpName;
  readonly instantOf: ReturnType<typeof openStampInstants>;
}

/** What one listing has found so far. */
interface Found {
  readonly pairs: DumpPair[];
  readonly rejects: Reject[];
  readonly visited: Set<string>;
}

const PAIRS_PER_TURN = 256;
const NEWEST_DAYS = 2;

/** Paths in listings are relative and have forward slashes. */
function child(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function refuse(state: DirectoryState, found: Found, name: string, reason: string): void {
  if (state.refused.has(name)) return;
  state.refused.add(name);
  found.rejects.push(fileReject(child(state.path, name), reason));
}

async function readDirectory(scan: Scan, state: DirectoryState, found: Found): Promise<void> {
  const folder = join(scan.root, state.path);
  const { mtimeMs } = await stat(folder);
  const now = scan.now();
  if (!needsReading(state, mtimeMs, now)) return;
  const listing = sortEntries(await readdir(folder, { withFileTypes: true }), scan.splitName);
  updateStamps(state, listing.stamps, now);
  state.days = listing.days;
  state.others = listing.others;
  for (const { name, reason } of listing.refused) refuse(state, found, name, reason);
}

function toPair(scan: Scan, state: DirectoryState, { names }: WaitingPair): DumpPair | null {
  const stampInstant = scan.instantOf(names.stamp);
  if (stampInstant === null) return null;
  const relative = (name: string | null) => (name === null ? null : child(state.path, name));
  return {
    stampInstant,
    processFile: relative(names.process),
    systemFile: relative(names.system),
    folder: state.host,
  };
}

function isPairReady(scan: Scan, state: DirectoryState, stamp: string, pair: WaitingPair): boolean {
  const rested = (name: string) => restedMs(join(scan.root, state.path, name), scan.now(), pair.seenAt);
  return isReady(pair.names, stamp.endsWith('Z'), rested);
}

/** Moves what is ready from waiting to listed. */
async function takeReady(scan: Scan, state: DirectoryState, found: Found): Promise<void> {
  let looked = 0;
  for (const [stamp, waiting] of state.waiting) {
    if (++looked % PAIRS_PER_TURN === 0) await nextTurn();
    if (!isPairReady(scan, state, stamp, waiting)) continue;
    state.waiting.delete(stamp);
    state.listed.add(stamp);
    const pair = toPair(scan, state, waiting);
    if (pair) found.pairs.push(pair);
  }
}

function stateOf(scan: Scan, path: string, host: string): DirectoryState {
  const state = scan.directories.get(path) ?? openDirectoryState(path, host);
  scan.directories.set(path, state);
  return state;
}

/** A sub-folder that cannot be read costs only itself, and is told once. */
async function visit(scan: Scan, path: string, host: string, found: Found): Promise<DirectoryState> {
  const state = stateOf(scan, path, host);
  found.visited.add(path);
  try {
    await readDirectory(scan, state, found);
  } catch (error) {
    state.mtime = null;
    if (path === '') throw error;
    const code = errorCodeOf(error);
    if (code !== 'ENOENT') refuse(state, found, '', `cannot be read: ${code}`);
    return state;
  }
  await takeReady(scan, state, found);
  return state;
}

async function visitDays(scan: Scan, above: DirectoryState, found: Found): Promise<void> {
  for (const day of above.days) await visit(scan, child(above.path, day), above.host, found);
}

/** The folder, its day folders, its host folders and theirs: two levels, and no others. */
async function visitAll(scan: Scan, found: Found): Promise<void> {
  const top = await visit(scan, '', '', found);
  await visitDays(scan, top, found);
  for (const host of top.others) await visitDays(scan, await visit(scan, host, host, found), found);
}

const FOLDER_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EACCES: 'permission denied',
};

/** What the file system refuses is expected; anything else is a bug and stays one. */
function refuseFolder(root: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const code = errorCodeOf(error);
  const reason = FOLDER_REASONS[code] ?? code;
  return new MemoryInspectorError('cannot_read', `Cannot read the dump folder ${root}: ${reason}.`, {
    next: 'Record something there with `pmi collect`, or name another folder with --dumps.',
    cause: error,
  });
}

async function list(scan: Scan): Promise<DumpListing> {
  const found: Found = { pairs: [], rejects: [], visited: new Set() };
  try {
    await visitAll(scan, found);
  } catch (error) {
    throw refuseFolder(scan.root, error);
  }
  for (const path of scan.directories.keys()) if (!found.visited.has(path)) scan.directories.delete(path);
  found.pairs.sort((a, b) => a.stampInstant - b.stampInstant);
  return { pairs: found.pairs, rejects: found.rejects };
}

/** New dumps come to the top, to a host's folder, and to the newest day folders of each. */
function liveDirectories({ directories }: Scan): readonly string[] {
  const tops = [...directories.values()].filter(({ path, host }) => path === host);
  return tops.flatMap(({ path, days }) => [path, ...days.slice(-NEWEST_DAYS).map((day) => child(path, day))]);
}

/** Lists a folder again and again; each time what has become ready since. */
export function openFolderScan(options: ScanOptions): FolderScan {
  const scan: Scan = {
    ...options,
    directories: new Map(),
    splitName: openDumpNames(options.naming),
    instantOf: openStampInstants(options.timeZone),
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    list() {
      const next = running.then(() => list(scan));
      running = next.catch(() => undefined);
      return next;
    },
    isWaiting: () => [...scan.directories.values()].some(({ waiting }) => waiting.size > 0),
    liveDirectories: () => liveDirectories(scan),
  };
}
