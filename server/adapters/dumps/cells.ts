import { escapeBytes } from '../../domain/text-notation.ts';

/** Cells of one line, by bytes. Records are always exactly one line, so a quote never reaches past its end. */

export const COMMA = 0x2c;
export const QUOTE = 0x22;
export const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BACKSLASH = 0x5c;

/** The bytes of whole lines, also to be read eight at a time. */
export interface LineBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export function viewLines(bytes: Buffer): LineBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Where the text of the line that ends at `newline` ends: CRLF counts as one. */
export function lineEnd(bytes: Uint8Array, start: number, newline: number): number {
  return newline > start && bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
}

function plainCellEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === COMMA) return at;
    if (byte === QUOTE) return -1;
  }
  return end;
}

function quotedCellEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] !== QUOTE) continue;
    const next = at + 1;
    if (next === end || bytes[next] === COMMA) return next;
    if (bytes[next] !== QUOTE) return -1;
    at = next;
  }
  return -1;
}

/** Where the cell at `start` ends: its comma, or `end`. -1 where it is not as RFC 4180 tells. */
export function cellEnd(bytes: Uint8Array, start: number, end: number): number {
  return bytes[start] === QUOTE && start < end
    ? quotedCellEnd(bytes, start, end)
    : plainCellEnd(bytes, start, end);
}

/** Where cell number `index` starts, from 0; the last that can be found where the line is damaged before it. */
export function cellStart(bytes: Uint8Array, index: number): number {
  let start = 0;
  for (let k = 0; k < index; k++) {
    const end = cellEnd(bytes, start, bytes.length);
    if (end < 0 || end >= bytes.length) return start;
    start = end + 1;
  }
  return start;
}

function withoutDoubledQuotes(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('""', '"'), 'latin1');
}

/** A cell that `cellEnd` found → dump notation; `null` where it is empty. */
export function readCell(bytes: Buffer, start: number, end: number, literal: boolean): string | null {
  if (start === end) return null;
  if (bytes[start] !== QUOTE) return readText(bytes.subarray(start, end), literal);
  const inner = bytes.subarray(start + 1, end - 1);
  return readText(inner.includes(QUOTE) ? withoutDoubledQuotes(inner) : inner, literal);
}

function isPlain(bytes: Uint8Array, literal: boolean): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e || (literal && byte === BACKSLASH)) return false;
  }
  return true;
}

/** What UTF-8 decodes to where it was damaged, and what dump notation never holds raw. */
const IMPROPER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/;

function keepNotation(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return IMPROPER.test(text) ? escapeBytes(bytes).replaceAll('\\\\', '\\') : text;
}

/**
 * The bytes of a text → dump notation. `literal`: they are the text itself (seed format); otherwise they are
 * in dump notation and stay, but for what damage or another program put there raw.
 */
export function readText(bytes: Buffer, literal: boolean): string | null {
  if (bytes.length === 0) return null;
  if (isPlain(bytes, literal)) return bytes.toString('latin1');
  return literal ? escapeBytes(bytes) : keepNotation(bytes);
}
