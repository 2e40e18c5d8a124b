import type { BasicFigure, LaterFigure, Mapping, Region, RegionFigures } from './memory-regions.ts';
import { BASIC_FIGURES, LATER_FIGURES } from './memory-regions.ts';
import { escapeBytes } from './text-notation.ts';

/**
 * /proc/PID/smaps as it streams in: a line of /proc/PID/maps, then `Key: N kB` lines, for each region. Half a
 * kilobyte a region: 60 000 regions are 40 MB, which nobody needs to hold.
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
  readonly key: string;
  /** Index into `FIGURES`; −1 for what is not wanted. */
  readonly figure: number;
}

interface Parsing {
  readonly onRegion: (region: Region) => void;
  /** Lines come in the same order for each region: the n-th is compared with what the n-th was before. */
  readonly kinds: LineKind[];
  readonly figures: Float64Array;
  mapping: Mapping | null;
  flags: string;
  nth: number;
  broken: number;
}

function figuresOf(values: Float64Array): RegionFigures {
  const figures: Partial<Record<BasicFigure | LaterFigure, number | null>> = {};
  for (let at = 0; at < FIGURES.length; at++)
    figures[FIGURES[at].id] = Number.isNaN(values[at]) ? null : values[at];
  return figures as RegionFigures;
}

function emit(parsing: Parsing): void {
  const { mapping, figures, flags } = parsing;
  if (!mapping) return;
  parsing.mapping = null;
  if (figures.subarray(0, BASIC_FIGURES.length).some(Number.isNaN)) parsing.broken++;
  else parsing.onRegion({ ...mapping, ...figuresOf(figures), flags });
}

function isKey(bytes: Uint8Array, start: number, { key }: LineKind): boolean {
  for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key.charCodeAt(at)) return false;
  return bytes[start + key.length] === COLON;
}

function kindOfLine(parsing: Parsing, bytes: Uint8Array, start: number, end: number): LineKind {
  const known = parsing.kinds[parsing.nth];
  if (known && isKey(bytes, start, known)) return known;
  const colon = bytes.indexOf(COLON, start);
  const key = escapeBytes(bytes, start, colon < 0 || colon > end ? end : colon);
  const kind = { key, figure: FIGURE_OF_KEY.get(key) ?? -1 };
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
  const { key, figure } = kindOfLine(parsing, bytes, start, end);
  parsing.nth++;
  const valueStart = start + key.length + 1;
  if (figure >= 0) parsing.figures[figure] = numberAt(bytes, valueStart, end) * KIB;
  else if (key === FLAGS_KEY) parsing.flags = escapeBytes(bytes, valueStart, end).trim();
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
  parsing.mapping = parseMapping(escapeBytes(bytes, start, end));
  if (!parsing.mapping) parsing.broken++;
  parsing.figures.fill(Number.NaN);
  parsing.flags = '';
  parsing.nth = 0;
}

/** @param onRegion called with each region in the order of the kernel, which is that of addresses */
export function openSmapsParser(onRegion: (region: Region) => void): SmapsParser {
  const parsing: Parsing = {
    onRegion,
    kinds: [],
    figures: new Float64Array(FIGURES.length),
    mapping: null,
    flags: '',
    nth: 0,
    broken: 0,
  };
  const carried = new Uint8Array(LONGEST_LINE);
  let carriedLength = 0;
  const carry = (bytes: Uint8Array, start: number, end: number) => {
    const part = bytes.subarray(start, Math.min(end, start + carried.length - carriedLength));
    carried.set(part, carriedLength);
    carriedLength += part.length;
  };
  return {
    feed(bytes, length) {
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0 && end < length; end = bytes.indexOf(NEWLINE, start)) {
        if (carriedLength > 0) {
          carry(bytes, start, end);
          takeLine(parsing, carried, 0, carriedLength);
          carriedLength = 0;
        } else takeLine(parsing, bytes, start, end);
        start = end + 1;
      }
      carry(bytes, start, length);
    },
    finish() {
      takeLine(parsing, carried, 0, carriedLength);
      carriedLength = 0;
      emit(parsing);
      return parsing.broken;
    },
  };
}
