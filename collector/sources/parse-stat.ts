/**
 * /proc/PID/stat, byte by byte: `pid (comm) state ppid …`, fields counted from 1 as proc(5) does. The process
 * chooses its comm, which may hold anything, `) R 1` too: it ends at the LAST parenthesis of the line.
 */
export interface StatLine {
  /** Numeric fields by number; `NaN` where the line has none, where it is no number, or no exact one. */
  readonly fields: Float64Array;
  /** comm, without parentheses, is `bytes[commStart … commEnd)`. */
  commStart: number;
  commEnd: number;
  /** Field 3, an ASCII code. */
  state: number;
}

export const STAT_FIELDS = 52;
const STATE_FIELD = 3;
/** START_TICKS: a line that ends before it does not name a process. */
const LAST_NEEDED_FIELD = 22;

const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN = 0x28;
const CLOSE = 0x29;

export function openStatLine(): StatLine {
  return { fields: new Float64Array(STAT_FIELDS + 1), commStart: 0, commEnd: 0, state: 0 };
}

/** The digits in `bytes[start … end)` as a number; `NaN` where there is anything else, or no exact number. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (first >= end) return Number.NaN;
  let value = 0;
  for (let at = first; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return first === start ? value : -value;
}

/**
 * Numbers with one space between them → `into[first …]`, the rest `NaN`.
 * @returns the index after the last number that was there
 */
export function parseIntegers(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Float64Array,
  first = 0,
): number {
  let index = first;
  let at = start;
  while (at < end && index < into.length) {
    let wordEnd = at;
    while (wordEnd < end && bytes[wordEnd] > SPACE) wordEnd++;
    into[index++] = parseInteger(bytes, at, wordEnd);
    at = wordEnd + 1;
  }
  into.fill(Number.NaN, index);
  return index;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Parses the first `length` bytes into `into`. @returns false where this is not a stat line */
export function parseStat(bytes: Uint8Array, length: number, into: StatLine): boolean {
  let open = 0;
  while (open < length && bytes[open] !== OPEN) open++;
  let close = length - 1;
  while (close > open && bytes[close] !== CLOSE) close--;
  if (close <= open || !isLetter(bytes[close + 2])) return false;
  into.commStart = open + 1;
  into.commEnd = close;
  into.state = bytes[close + 2];
  const next = parseIntegers(bytes, close + 4, length, into.fields, STATE_FIELD + 1);
  return next > LAST_NEEDED_FIELD && into.fields[4] >= 0 && into.fields[LAST_NEEDED_FIELD] >= 0;
}
