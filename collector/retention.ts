import type { DumpFormat } from '../server/domain/dump-format.ts';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { DiskSpace, RemovalReason, RetentionLimits, StoreState } from '../server/domain/retention.ts';
import { chooseRemovals, describeReason, freeFloor } from '../server/domain/retention.ts';
import { formatBytes } from '../server/domain/units.ts';
import type { Clock } from './clock.ts';
import type { DumpBooks } from './dump-books.ts';
import { openDumpBooks } from './dump-books.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { DumpPlace } from './dump-writer.ts';
import type { OpenFolder } from './open-folder.ts';
import type { ProtectedDumps } from './protected-dumps.ts';
import { dropOver, readProtected } from './protected-dumps.ts';
import type { RegionDays } from './stored-regions.ts';
import { isRegions, mergeByAge, openRegionDays } from './stored-regions.ts';
import { describeSystemError } from './system-error.ts';

/** Keeps a recording within its limits, beside the recording: a little after each sample. */
export interface Retention {
  /** Before a sample. @throws MemoryInspectorError `cannot_write` where too little space is free */
  assertRoom(): void;
  /** After a dump was written. Never throws: what cannot be removed is told once. */
  afterDump(place: DumpPlace): void;
}

export interface RetentionOptions {
  readonly folder: OpenFolder;
  readonly fileSystem: DumpFileSystem;
  /** Only dumps of the format that is recorded go: others are somebody else's. */
  readonly format: DumpFormat;
  readonly limits: RetentionLimits;
  /** A run from cron: it looks at the whole folder in the first run of an hour only. */
  readonly once: boolean;
  readonly clock: Clock;
  readonly diskSpace: (path: string) => DiskSpace;
  /** Of what went wrong. */
  readonly log: (line: string) => void;
  /** Of what is only good to know. */
  readonly note: (line: string) => void;
}

const CHECK_EVERY_MS = 60_000;
/** Of one check. With more to do the next sample goes on. */
const MOST_REMOVALS = 64;

interface Keeper {
  readonly options: RetentionOptions;
  readonly books: DumpBooks;
  /** Days of regions over time, which go with the dumps of their time. */
  readonly regions: RegionDays;
  /** Monotonic ms of the next check. */
  dueAt: number;
  /** It is too large, and the last check found nothing that may go. */
  isSettled: boolean;
  /** What was told of, so that it is told once. */
  told: string;
  /** Dumps and days of regions. */
  removed: number;
  removedDays: number;
  /** Of the first removal. */
  reason: RemovalReason | null;
  isRemovalTold: boolean;
}

function spaceOf({ folder, diskSpace }: RetentionOptions): DiskSpace {
  return diskSpace(folder.at('.'));
}

function isShort({ options }: Keeper): boolean {
  const space = spaceOf(options);
  return space.free < freeFloor(options.limits, space);
}

function bytesOf({ books, regions }: Keeper): number {
  return books.bytes() + regions.bytes();
}

function stateOf(keeper: Keeper): StoreState {
  const { options, books } = keeper;
  const { free, total } = spaceOf(options);
  return { now: options.clock.now(), bytes: bytesOf(keeper), free, total, newest: books.newest() };
}

function tellOnce(keeper: Keeper, line: string): void {
  if (keeper.told === line) return;
  keeper.told = line;
  keeper.options.log(line);
}

function removedText({ removed, removedDays }: Keeper): string {
  const dumps = removed - removedDays;
  const days = `the regions of ${removedDays === 1 ? 'a day' : `${removedDays} days`}`;
  if (dumps === 0) return days;
  const text = dumps === 1 ? 'a dump' : `${dumps} dumps`;
  return removedDays === 0 ? text : `${text} and ${days}`;
}

/** The first removals of a recording are told: only they may come as a surprise. */
function tellRemoved(keeper: Keeper): void {
  const { options, reason, isRemovalTold } = keeper;
  if (reason === null || isRemovalTold) return;
  keeper.isRemovalTold = true;
  const why = describeReason(reason, options.limits, spaceOf(options));
  options.note(`${options.folder.path}: removed ${removedText(keeper)} (${why}), and will go on`);
}

/** @returns whether there is more to remove */
function removeSome(keeper: Keeper, isProtected: ProtectedDumps): boolean {
  const { books, regions } = keeper;
  regions.look();
  const state = stateOf(keeper);
  const dumps = books.oldestFirst((pair) => isProtected.has(pair, state.now));
  const all = mergeByAge(dumps, regions.oldestFirst());
  let count = 0;
  for (const { dump, reason } of chooseRemovals(all, keeper.options.limits, state)) {
    if (count === MOST_REMOVALS) return true;
    if (isRegions(dump)) {
      regions.remove(dump);
      keeper.removedDays++;
    } else books.remove(dump);
    count++;
    keeper.reason ??= reason;
    keeper.removed++;
  }
  return false;
}

function prune(keeper: Keeper): boolean {
  const { folder, fileSystem, clock } = keeper.options;
  const list = readProtected(folder);
  const isMore = removeSome(keeper, list);
  dropOver(list, fileSystem, folder, clock.now());
  return isMore;
}

/** @returns whether there is more to remove */
function pruneQuietly(keeper: Keeper): boolean {
  try {
    return prune(keeper);
  } catch (error) {
    const path = keeper.options.folder.path;
    tellOnce(keeper, `cannot remove old dumps of ${path}: ${describeSystemError(error)}`);
    return false;
  }
}

/** What a dump frees is an estimate: it is looked at again until nothing more goes. */
function makeRoom(keeper: Keeper): void {
  keeper.books.readAll();
  for (let before = -1; before < keeper.removed; ) {
    before = keeper.removed;
    while (pruneQuietly(keeper));
    if (!isShort(keeper)) return;
  }
}

function assertRoom(keeper: Keeper): void {
  const { limits, folder } = keeper.options;
  if (limits.keepFree === null || !isShort(keeper)) return;
  makeRoom(keeper);
  tellRemoved(keeper);
  const space = spaceOf(keeper.options);
  const floor = freeFloor(limits, space);
  if (space.free >= floor) return;
  const message = `nothing is written into ${folder.path}: ${formatBytes(space.free)} of its disk are free, less than ${formatBytes(floor)}`;
  throw new MemoryInspectorError('cannot_write', message, {
    next: 'Free some space, or allow less with --keep-free',
  });
}

/** Known without a look at the disk: a fast recording does not have to wait for the minute. */
function isTooLarge(keeper: Keeper): boolean {
  const { maxBytes } = keeper.options.limits;
  return maxBytes !== null && bytesOf(keeper) > maxBytes;
}

function check(keeper: Keeper): void {
  const { clock } = keeper.options;
  if (!keeper.books.readSome()) return;
  const isDue = clock.monotonic() >= keeper.dueAt;
  if (!isDue && (keeper.isSettled || !isTooLarge(keeper))) return;
  const { removed } = keeper;
  if (!pruneQuietly(keeper)) keeper.dueAt = clock.monotonic() + CHECK_EVERY_MS;
  keeper.isSettled = keeper.removed === removed && isTooLarge(keeper);
}

export function openRetention(options: RetentionOptions): Retention {
  const { fileSystem, folder, format, limits, once, clock } = options;
  const books = openDumpBooks({ fileSystem, folder, formats: [format] }, () => clock.now());
  const keeper: Keeper = {
    options,
    books,
    regions: openRegionDays(fileSystem, folder, () => clock.now()),
    dueAt: 0,
    isSettled: false,
    told: '',
    removed: 0,
    removedDays: 0,
    reason: null,
    isRemovalTold: false,
  };
  const isOff = limits.keepMs === null && limits.maxBytes === null && limits.keepFree === null;
  return {
    assertRoom: () => assertRoom(keeper),
    afterDump(place) {
      if (isOff) return;
      books.add(place);
      if (!once) check(keeper);
      else if (books.isFirstOfHour(place)) makeRoom(keeper);
      tellRemoved(keeper);
    },
  };
}

/** The retention of the dump folder that is recorded into, whichever that is by now. */
export interface RetentionKeeper {
  of(folder: OpenFolder): Retention;
}

export function openRetentionKeeper(options: Omit<RetentionOptions, 'folder'>): RetentionKeeper {
  let current: { readonly folder: OpenFolder; readonly retention: Retention } | null = null;
  return {
    of(folder) {
      if (current?.folder !== folder) current = { folder, retention: openRetention({ ...options, folder }) };
      return current.retention;
    },
  };
}
