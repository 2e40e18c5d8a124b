import { NUMBER_COLUMNS } from '../../domain/metrics.ts';
import { COMMA, cellEnd, lineEnd, NEWLINE, QUOTE, readCell } from './cells.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import type { TableBuilder } from './table-builder.ts';
import { storeText } from './table-builder.ts';
import type { Tail, TextCache } from './text-cache.ts';
import { findTail, internWord, keepTail, openTextCache } from './text-cache.ts';

/**
 * One pass over the bytes of a line. Whatever is not plainly as recorders write it is declined (-1), never
 * judged: the tolerant decoder reads that line, and says what is wrong with it where something is.
 */
export interface FastPlan {
  /** The columns before the tail. */
  readonly head: readonly LayoutColumn[];
  /** Slots of the texts at the end of each line; -1: a column that is not known. */
  readonly tail: readonly number[];
  readonly literal: boolean;
  readonly cache: TextCache;
}

const DECLINED = -1;
const POINT = 0x2e;
const BACKSLASH = 0x5c;
const MOST_DIGITS = 15;
const MOST_DECIMALS = 9;
const POWERS_OF_TEN = Array.from({ length: MOST_DECIMALS + 1 }, (_, k) => 10 ** k);
const PID_SLOT = NUMBER_COLUMNS.indexOf('pid');

/** `null` where the last column is a number: no recorder's layout, and the tail is what makes a line fast. */
export function buildFastPlan(layout: Layout): FastPlan | null {
  const { columns } = layout;
  const headLength = columns.findLastIndex(({ kind }) => kind === 'number') + 1;
  if (headLength === columns.length) return null;
  return {
    head: columns.slice(0, headLength),
    tail: columns.slice(headLength).map(({ slot }) => slot),
    literal: layout.format === 'seed',
    cache: openTextCache(),
  };
}

function storeNumber(column: LayoutColumn, table: TableBuilder, value: number, next: number): number {
  if (value > column.largest) return DECLINED;
  table.numbers[column.slot][table.count] = value * column.scale;
  return next;
}

/** The digits after a point; an integer over a power of ten below 10^15 is exactly what `Number` would give. */
function takeFraction(
  column: LayoutColumn,
  table: TableBuilder,
  bytes: Buffer,
  whole: number,
  start: number,
  point: number,
): number {
  let value = whole;
  let at = point + 1;
  let byte = bytes[at];
  while (byte >= 0x30 && byte <= 0x39) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at];
  }
  const decimals = at - point - 1;
  const isProper = byte === COMMA && point > start && decimals > 0 && decimals <= MOST_DECIMALS;
  if (!isProper || column.decimals === 0 || at - start > MOST_DIGITS) return DECLINED;
  return storeNumber(column, table, value / POWERS_OF_TEN[decimals], at + 1);
}

function takeNumber(column: LayoutColumn, table: TableBuilder, bytes: Buffer, start: number): number {
  let value = 0;
  let at = start;
  let byte = bytes[at];
  while (byte >= 0x30 && byte <= 0x39) {
    value = value * 10 + byte - 0x30;
    byte = bytes[++at];
  }
  if (byte === POINT) return takeFraction(column, table, bytes, value, start, at);
  if (byte !== COMMA || at - start > MOST_DIGITS) return DECLINED;
  if (at > start) return storeNumber(column, table, value, at + 1);
  return column.nullable ? storeNumber(column, table, Number.NaN, at + 1) : DECLINED;
}

/** A text between numbers that is quoted, or not plain ASCII. */
function takeText(
  plan: FastPlan,
  column: LayoutColumn,
  table: TableBuilder,
  bytes: Buffer,
  start: number,
): number {
  const newline = bytes.indexOf(NEWLINE, start);
  const end = cellEnd(bytes, start, newline);
  if (end < 0 || end === newline || bytes.subarray(start, end).includes(0)) return DECLINED;
  if (column.slot >= 0) storeText(table, column.slot, readCell(bytes, start, end, plan.literal));
  return end + 1;
}

/** A text between numbers: a user, a state. */
function takeWord(
  plan: FastPlan,
  column: LayoutColumn,
  table: TableBuilder,
  bytes: Buffer,
  start: number,
): number {
  let hash = 0;
  let at = start;
  let byte = bytes[at];
  while (byte !== COMMA) {
    if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH)
      return takeText(plan, column, table, bytes, start);
    hash = (Math.imul(hash, 31) + byte) | 0;
    byte = bytes[++at];
  }
  table.rowCharacters += at - start;
  if (column.slot >= 0)
    table.texts[column.slot][table.count] =
      at === start ? null : internWord(plan.cache, bytes, start, at, hash ^ (hash >>> 12));
  return at + 1;
}

/** The cells from `start` to the end of the line; `null` where they are not as many as columns, or damaged. */
function readTailCells(
  plan: FastPlan,
  bytes: Buffer,
  start: number,
  newline: number,
): (string | null)[] | null {
  const end = lineEnd(bytes, start, newline);
  const cells: (string | null)[] = [];
  let at = start;
  for (let k = 0; k < plan.tail.length; k++) {
    const next = at > end ? -1 : cellEnd(bytes, at, end);
    if (next < 0) return null;
    cells.push(readCell(bytes, at, next, plan.literal));
    at = next + 1;
  }
  return at === end + 1 ? cells : null;
}

function storeTail(plan: FastPlan, table: TableBuilder, { cells, characters }: Tail): void {
  table.rowCharacters += characters;
  for (let k = 0; k < cells.length; k++) {
    const slot = plan.tail[k];
    if (slot >= 0) table.texts[slot][table.count] = cells[k];
  }
}

function takeTail(plan: FastPlan, table: TableBuilder, bytes: Buffer, start: number): number {
  const pid = table.numbers[PID_SLOT][table.count];
  const known = findTail(plan.cache, pid, bytes, start);
  if (known) {
    storeTail(plan, table, known);
    return start + known.bytes.length;
  }
  const newline = bytes.indexOf(NEWLINE, start);
  const line = bytes.subarray(start, newline + 1);
  if (line.includes(0)) return DECLINED;
  const cells = readTailCells(plan, bytes, start, newline);
  if (!cells) return DECLINED;
  storeTail(plan, table, keepTail(plan.cache, pid, line, cells));
  return newline + 1;
}

/**
 * Decodes the line at `start` into row `table.count`. `bytes` end with a newline.
 * @returns where the next line starts; -1 where the line is not plainly as recorders write it
 */
export function decodeFast(plan: FastPlan, table: TableBuilder, bytes: Buffer, start: number): number {
  const { head } = plan;
  table.rowCharacters = 0;
  let at = start;
  for (let k = 0; k < head.length; k++) {
    const column = head[k];
    at =
      column.kind === 'number'
        ? takeNumber(column, table, bytes, at)
        : takeWord(plan, column, table, bytes, at);
    if (at < 0) return DECLINED;
  }
  return takeTail(plan, table, bytes, at);
}
