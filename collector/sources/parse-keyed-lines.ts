import { parseInteger } from './parse-stat.ts';

/** One figure of a file of `Key:  number …` lines: /proc/PID/status, /proc/PID/smaps_rollup. */
export interface WantedKey {
  /** `VmHWM:`, with its colon, as bytes. */
  readonly name: Uint8Array;
  /** Which number of the line, from 0. */
  readonly nth: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const LOWER_K = 0x6b;
const KIB = 1024;

export function wantedKey(key: string, nth = 0): WantedKey {
  return { name: Buffer.from(`${key}:`), nth };
}

/** Where a line begins with `name`, or -1. The kernel keeps newlines out of what processes choose. */
function findLine(bytes: Buffer, name: Uint8Array): number {
  let at = bytes.indexOf(name);
  while (at > 0 && bytes[at - 1] !== NEWLINE) at = bytes.indexOf(name, at + 1);
  return at;
}

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] <= SPACE && bytes[at] !== NEWLINE) at++;
  return at;
}

function skipWord(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] > SPACE) at++;
  return at;
}

/** `12 kB` is 12288 bytes; a number without a unit is itself. */
function parseFigure(bytes: Uint8Array, start: number, end: number, nth: number): number {
  let from = skipBlanks(bytes, start, end);
  for (let k = 0; k < nth; k++) from = skipBlanks(bytes, skipWord(bytes, from, end), end);
  const to = skipWord(bytes, from, end);
  const value = parseInteger(bytes, from, to);
  return bytes[skipBlanks(bytes, to, end)] === LOWER_K ? value * KIB : value;
}

/**
 * Finds each wanted key in the first `length` bytes and puts its figure (bytes where the file says kB) at the
 * key's index in `into`; `NaN` where the file has no such line or no number in it.
 */
export function parseKeyedLines(
  bytes: Buffer,
  length: number,
  wanted: readonly WantedKey[],
  into: Float64Array,
): void {
  const text = bytes.subarray(0, length);
  for (let k = 0; k < wanted.length; k++) {
    const { name, nth } = wanted[k];
    const at = findLine(text, name);
    into[k] = at < 0 ? Number.NaN : parseFigure(text, at + name.length, length, nth);
  }
}
