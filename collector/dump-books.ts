import { basename } from 'node:path';
import type { StoredDump } from '../server/domain/retention.ts';
import { formatStamp } from '../server/domain/stamp.ts';
import type { DumpPlace } from './dump-writer.ts';
import type { DumpFolder, StoredPair } from './stored-dumps.ts';
import {
  instantOfName,
  listDays,
  listNames,
  readPairs,
  removeEmptyDay,
  removePair,
  sizeOf,
  stampTextOf,
  TOP,
} from './stored-dumps.ts';

/**
 * What a dump folder holds, kept up to date while it is recorded into, so that it need not be listed again: bytes a
 * day, and of the oldest day its oldest dumps one by one.
 */
export interface DumpBooks {
  /** Reads on where it stopped; a little each time. @returns whether everything was read */
  readSome(): boolean;
  readAll(): void;
  /** Of all dumps that were read. */
  bytes(): number;
  /** The newest dump's instant, epoch ms. */
  newest(): number;
  add(place: DumpPlace): void;
  /** Whether no other dump has this one's hour (UTC) in its name. */
  isFirstOfHour(place: DumpPlace): boolean;
  oldestFirst(isProtected: (pair: StoredPair) => boolean): Iterable<StoredPair & StoredDump>;
  /** @throws what is thrown by node:fs */
  remove(pair: StoredPair): void;
}

/** The dumps of a day that were looked at one by one, by age; one that is removed leaves. */
interface Page {
  readonly pairs: StoredPair[];
  /** The last stamp that was looked at. */
  last: string;
  isWhole: boolean;
}

interface Books {
  readonly dumps: DumpFolder;
  readonly now: () => number;
  /** Day folder → bytes on disk. */
  readonly days: Map<string, number>;
  readonly pages: Map<string, Page>;
  /** Names that were written while the folder was being read. */
  readonly written: Set<string>;
  /** What is not read yet. */
  reading: Generator<void> | null;
  newest: number;
  /** The dump that was written last. */
  latest: string;
}

/** Of a day folder at a time: its names and sizes cost about a µs each. */
const FILES_AT_ONCE = 1000;
/** A day of samples a second has 86 400. */
const PAIRS_AT_ONCE = 512;

function addBytes({ days }: Books, day: string, bytes: number): void {
  days.set(day, (days.get(day) ?? 0) + bytes);
}

function isPast({ now }: Books, day: string): boolean {
  return day !== TOP && day < formatStamp(now()).slice(0, day.length);
}

/** Adds up a folder, pausing now and then. What is written meanwhile is added by `add`. */
function* readDay(books: Books, day: string): Generator<void> {
  const names = listNames(books.dumps, day).filter((name) => !books.written.has(name));
  if (names.length === 0 && isPast(books, day)) removeEmptyDay(books.dumps, day);
  if (names.length > 0) books.newest = Math.max(books.newest, newestOf(names));
  for (let at = 0; at < names.length; at += FILES_AT_ONCE) {
    addBytes(books, day, sizeOf(books.dumps, day, names.slice(at, at + FILES_AT_ONCE)));
    yield;
  }
}

/** Stamps of one folder sort as their instants do, but for the hour that summer time repeats. */
function newestOf(names: readonly string[]): number {
  return instantOfName(names.reduce((a, b) => (stampTextOf(a) < stampTextOf(b) ? b : a)));
}

function* readFolder(books: Books): Generator<void> {
  const isTop = books.dumps.formats.includes('seed');
  for (const day of listDays(books.dumps)) if ((day === TOP) === isTop) yield* readDay(books, day);
}

function readSome(books: Books): boolean {
  if (books.reading?.next().done !== false) {
    books.reading = null;
    books.written.clear();
  }
  return books.reading === null;
}

function readPage({ dumps, pages }: Books, day: string, page: Page): void {
  const more = readPairs(dumps, day, { after: page.last, most: PAIRS_AT_ONCE });
  page.pairs.push(...more);
  page.last = more.at(-1)?.stampText ?? page.last;
  page.isWhole = more.length < PAIRS_AT_ONCE;
  pages.set(day, page);
}

/** Nothing is known to be left of a day: if so, its folder goes, else it is looked at again next time. */
function closeDay({ dumps, days, pages }: Books, day: string): void {
  pages.delete(day);
  if (listNames(dumps, day).length > 0) return;
  removeEmptyDay(dumps, day);
  days.delete(day);
}

function pairAt(books: Books, day: string, page: Page, at: number): StoredPair | undefined {
  if (at === page.pairs.length && !page.isWhole) readPage(books, day, page);
  return page.pairs[at];
}

/** Whoever asks for the next may have removed the one before. */
function* pairsOf(books: Books, day: string): Generator<StoredPair> {
  const page = books.pages.get(day) ?? { pairs: [], last: '', isWhole: false };
  let at = 0;
  for (let pair = pairAt(books, day, page, at); pair; pair = pairAt(books, day, page, at)) {
    yield pair;
    if (page.pairs[at] === pair) at++;
  }
  if (page.pairs.length === 0 && isPast(books, day)) closeDay(books, day);
}

function* oldestFirst(
  books: Books,
  isProtected: (pair: StoredPair) => boolean,
): Generator<StoredPair & StoredDump> {
  for (const day of [...books.days.keys()].sort())
    for (const pair of pairsOf(books, day)) {
      const keep = pair.stampText === books.latest || isProtected(pair);
      yield Object.assign(pair, { isProtected: keep });
    }
}

/** A full page is read on when its turn comes: the dumps of a year are not held in memory. */
function putOnPage(page: Page, pair: StoredPair): void {
  if (page.pairs.length >= PAIRS_AT_ONCE) {
    page.isWhole = false;
    return;
  }
  page.pairs.push(pair);
  if (pair.stampText > page.last) page.last = pair.stampText;
}

function addPlace(books: Books, place: DumpPlace): void {
  const { dumps, pages, written } = books;
  const day = place.day ?? TOP;
  const names = [place.systemFile, place.processFile].map((path) => basename(path));
  const bytes = sizeOf(dumps, day, names);
  const stampText = stampTextOf(names[0]);
  addBytes(books, day, bytes);
  if (books.reading) for (const name of names) written.add(name);
  const page = pages.get(day);
  if (page?.isWhole) putOnPage(page, { day, stampText, t: place.t, names, bytes });
  books.newest = Math.max(books.newest, place.t);
  books.latest = stampText;
}

const HOUR_LENGTH = 'YYYYMMDD_HH'.length;

function isFirstOfHour({ dumps }: Books, place: DumpPlace): boolean {
  const own = stampTextOf(basename(place.systemFile));
  return listNames(dumps, place.day ?? TOP).every((name) => {
    const stamp = stampTextOf(name);
    return stamp === own || stamp.slice(0, HOUR_LENGTH) !== own.slice(0, HOUR_LENGTH);
  });
}

/** @param now the wall clock, epoch ms */
export function openDumpBooks(dumps: DumpFolder, now: () => number): DumpBooks {
  const books: Books = {
    dumps,
    now,
    days: new Map(),
    pages: new Map(),
    written: new Set(),
    reading: null,
    newest: Number.NEGATIVE_INFINITY,
    latest: '',
  };
  books.reading = readFolder(books);
  return {
    readSome: () => readSome(books),
    readAll() {
      while (!readSome(books));
    },
    bytes: () => [...books.days.values()].reduce((sum, bytes) => sum + bytes, 0),
    newest: () => books.newest,
    add: (place) => addPlace(books, place),
    isFirstOfHour: (place) => isFirstOfHour(books, place),
    oldestFirst: (isProtected) => oldestFirst(books, isProtected),
    remove(pair) {
      removePair(dumps, pair);
      addBytes(books, pair.day, -pair.bytes);
      const pairs = books.pages.get(pair.day)?.pairs ?? [];
      const at = pairs.indexOf(pair);
      if (at >= 0) pairs.splice(at, 1);
    },
  };
}
