import type { Mapping, Region } from './memory-regions.ts';
import { BASIC_FIGURES, LATER_FIGURES } from './memory-regions.ts';
import { escapeBytes } from './text-notation.ts';

/**
 * /proc/PID/smaps as it streams in: a line of /proc/PID/maps, then `Key: N kB` lines, for each region. It is 0.7 KiB a
 * region: 60 000 of them are 1.5 million lines, which are told by their bytes, without a text for each.
 */
export interface SmapsParser {
  /** Takes `bytes[0 … length)`, cut anywhere. They may be reused after it. */
  feed(bytes: Uint8Array, length: number): void;
  /** Nothing follows. @returns regions that were not whole */
  finish(): number;
}

const KIB = 1024;
const NEWLINE = 0x0a;
const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_A = 0x61;
/** A path has 4095 bytes at most, and each may be written as four. */
const LONGEST_LINE = 64 * KIB;

const FIGURES = [...BASIC_FIGURES, ...LATER_FIGURES];
const FIGURE_OF_KEY: ReadonlyMap<string, number> = new Map(FIGURES.map(({ key }, at) => [key, at]));
const FLAGS_KEY = 'VmFlags';

const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) ([r-][w-][x-][ps]) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/s;
const DELETED = ' (deleted)';
/** The one character that the kernel writes otherwise in a path: seq_path(…, "\n"). In dump notation its `\` is two. */
const NEWLINE_OF_KERNEL = '\\\\012';

/** What the kernel says of a file that has no name any more. A file may be called so itself; nothing tells them apart. */
export function splitDeleted(name: string): Pick<Mapping, 'path' | 'is_deleted'> {
  const is_deleted = name.endsWith(DELETED);
  return { path: is_deleted ? name.slice(0, -DELETED.length) : name, is_deleted };
}

/** One line of /proc/PID/maps, dump notation → what it says; `null` where it is none. */
export function parseMapping(line: string): Mapping | null {
  const match = MAPPING.exec(line);
  if (!match) return null;
  const [, start, end, permissions, offset, device, inode, name] = match;
  return {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    permissions,
    offset: Number.parseInt(offset, 16),
    device,
    inode: Number(inode),
    ...splitDeleted(name.replaceAll(NEWLINE_OF_KERNEL, '\\x0a')),
  };
}

/** A line of every region: its key, and what is to be done with it. */
interface LineKind {
  readonly key: Uint8Array;
  /** Index into `FIGURES`; −1 for what is not wanted. */
  readonly figure: number;
  readonly isFlags: boolean;
}

/** A text that is mostly the same as the one before: it is made again only where its bytes differ. */
interface SameText {
  bytes: Uint8Array;
  text: string;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NOTHING = {
  ...{ start: 0, end: 0, permissions: '', offset: 0, device: '', inode: 0, path: '', is_deleted: false },
  ...Object.fromEntries(FIGURES.map(({ id }) => [id, 0])),
  flags: '',
} as unknown as Region;

interface Parsing {
  readonly onRegion: (region: Region) => void;
  /** Lines come in the same order for each region: the n-th is compared with what the n-th was before. */
  readonly kinds: LineKind[];
  readonly figures: Float64Array;
  readonly flags: SameText;
  readonly region: Writable<Region>;
  /** A line of maps has come, and not yet all that follows it. */
  isOpen: boolean;
  hasFlags: boolean;
  nth: number;
  broken: number;
}

function isEqual(bytes: Uint8Array, start: number, end: number, known: Uint8Array): boolean {
  if (end - start !== known.length) return false;
  for (let at = 0; at < known.length; at++) if (bytes[start + at] !== known[at]) return false;
  return true;
}

function textAt(same: SameText, bytes: Uint8Array, start: number, end: number): string {
  if (!isEqual(bytes, start, end, same.bytes)) {
    same.bytes = bytes.slice(start, end);
    same.text = escapeBytes(bytes, start, end).trim();
  }
  return same.text;
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Puts figures, which are in the order of `FIGURES`, into the one region that is told of. */
function putFigures(region: Writable<Region>, figures: Float64Array): void {
  for (let at = 0; at < BASIC_FIGURES.length; at++) region[BASIC_FIGURES[at].id] = figures[at];
  for (let at = 0; at < LATER_FIGURES.length; at++)
    region[LATER_FIGURES[at].id] = known(figures[BASIC_FIGURES.length + at]);
}

function hasBasics(figures: Float64Array): boolean {
  for (let at = 0; at < BASIC_FIGURES.length; at++) if (Number.isNaN(figures[at])) return false;
  return true;
}

function emit(parsing: Parsing): void {
  const { region, figures, flags, hasFlags } = parsing;
  if (!parsing.isOpen) return;
  parsing.isOpen = false;
  if (!hasBasics(figures)) {
    parsing.broken++;
    return;
  }
  putFigures(region, figures);
  region.flags = hasFlags ? flags.text : '';
  parsing.onRegion(region);
}

function isKey(bytes: Uint8Array, start: number, { key }: LineKind): boolean {
  for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key[at]) return false;
  return bytes[start + key.length] === COLON;
}

function kindOfLine(parsing: Parsing, bytes: Uint8Array, start: number, end: number): LineKind {
  const before = parsing.kinds[parsing.nth];
  if (before && isKey(bytes, start, before)) return before;
  const colon = bytes.indexOf(COLON, start);
  const key = bytes.slice(start, colon < 0 || colon > end ? end : colon);
  const name = escapeBytes(key);
  const kind = { key, figure: FIGURE_OF_KEY.get(name) ?? -1, isFlags: name === FLAGS_KEY };
  parsing.kinds[parsing.nth] = kind;
  return kind;
}

/** The whole number after the blanks, NaN where there is none. */
function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  let value = at < end && bytes[at] >= ZERO && bytes[at] <= NINE ? 0 : Number.NaN;
  for (; at < end && bytes[at] >= ZERO && bytes[at] <= NINE; at++) value = value * 10 + bytes[at] - ZERO;
  return value;
}

function takeFigure(parsing: Parsing, bytes: Uint8Array, start: number, end: number): void {
  const { key, figure, isFlags } = kindOfLine(parsing, bytes, start, end);
  parsing.nth++;
  const valueStart = start + key.length + 1;
  if (figure >= 0) parsing.figures[figure] = numberAt(bytes, valueStart, end) * KIB;
  else if (isFlags) {
    textAt(parsing.flags, bytes, valueStart, end);
    parsing.hasFlags = true;
  }
}

/** A region begins with an address in lower case, all else with a capital. */
function isMapping(first: number): boolean {
  return first >= LOWER_A || (first >= ZERO && first <= NINE);
}

function takeLine(parsing: Parsing, bytes: Uint8Array, start: number, end: number): void {
  if (start === end) return;
  if (!isMapping(bytes[start])) {
    takeFigure(parsing, bytes, start, end);
    return;
  }
  emit(parsing);
  const mapping = parseMapping(escapeBytes(bytes, start, end));
  if (mapping) Object.assign(parsing.region, mapping);
  else parsing.broken++;
  parsing.isOpen = mapping !== null;
  parsing.figures.fill(Number.NaN);
  parsing.hasFlags = false;
  parsing.nth = 0;
}

function lineEnd(bytes: Uint8Array, start: number, length: number): number {
  let at = start;
  while (at < length && bytes[at] !== NEWLINE) at++;
  return at;
}

function openParsing(onRegion: Parsing['onRegion']): Parsing {
  return {
    onRegion,
    kinds: [],
    figures: new Float64Array(FIGURES.length),
    flags: { bytes: new Uint8Array(0), text: '' },
    region: { ...NOTHING },
    isOpen: false,
    hasFlags: false,
    nth: 0,
    broken: 0,
  };
}

/** @param onRegion called with each region in the order of addresses; it is one object that is filled again */
export function openSmapsParser(onRegion: (region: Region) => void): SmapsParser {
  const parsing = openParsing(onRegion);
  const carried = new Uint8Array(LONGEST_LINE);
  let carriedLength = 0;
  const carry = (bytes: Uint8Array, start: number, end: number) => {
    const part = bytes.subarray(start, Math.min(end, start + carried.length - carriedLength));
    carried.set(part, carriedLength);
    carriedLength += part.length;
  };
  const takeCarried = () => {
    takeLine(parsing, carried, 0, carriedLength);
    carriedLength = 0;
  };
  return {
    feed(bytes, length) {
      let start = 0;
      for (let end = lineEnd(bytes, 0, length); end < length; end = lineEnd(bytes, start, length)) {
        if (carriedLength > 0) {
          carry(bytes, start, end);
          takeCarried();
        } else takeLine(parsing, bytes, start, end);
        start = end + 1;
      }
      if (start < length) carry(bytes, start, length);
    },
    finish() {
      takeCarried();
      emit(parsing);
      return parsing.broken;
    },
  };
}
