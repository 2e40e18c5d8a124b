import { NUMBER_COLUMNS } from '../../domain/metrics.ts';
import type { LineBytes } from './cells.ts';
import { COMMA, cellEnd, lineEnd, NEWLINE, QUOTE, readCell } from './cells.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import type { RunCache } from './run-cache.ts';
import { findRun, keepRun, openRunCache, storeRun } from './run-cache.ts';
import type { TableBuilder } from './table-builder.ts';
import { numberIn, storeNumber, storeText } from './table-builder.ts';
import type { WordCache } from './word-cache.ts';
import { internWord, openWordCache } from './word-cache.ts';

/**
 * One pass over the bytes of a line. Whatever is not plainly as recorders write it is declined (-1), never
 * judged: the tolerant decoder reads that line, and says what is wrong with it where something is.
 */
export interface FastPlan {
  /** From the pid to the last text before the sizes. */
  readonly lead: Run;
  /** Numbers that differ from sample to sample, most of them. */
  readonly sizes: readonly LayoutColumn[];
  /** The texts at the end of each line. */
  readonly tail: Run;
  readonly last: LayoutColumn;
  readonly literal: boolean;
  readonly words: WordCache;
}

/** Neighbouring columns of which a process shows the same from sample to sample. */
interface Run {
  readonly columns: readonly LayoutColumn[];
  readonly known: RunCache;
}

const DECLINED = -1;
const POINT = 0x2e;
const BACKSLASH = 0x5c;
const MOST_DIGITS = 15;
const MOST_DECIMALS = 9;
const POWERS_OF_TEN = Array.from({ length: MOST_DECIMALS + 1 }, (_, k) => 10 ** k);
const PID_SLOT = NUMBER_COLUMNS.indexOf('pid');

function buildRun(columns: readonly LayoutColumn[]): Run {
  return { columns, known: openRunCache(columns) };
}

/** `null` where the pid is not the first column, or the last one is a number: no recorder's layout. */
export function buildFastPlan({ columns, format }: Layout): FastPlan | null {
  const [first] = columns;
  const isPid = first.kind === 'number' && first.slot === PID_SLOT;
  const tailStart = columns.findLastIndex(({ kind }) => kind === 'number') + 1;
  if (!isPid || tailStart === columns.length) return null;
  const sizesStart = columns.findLastIndex(({ kind }, at) => kind !== 'number' && at < tailStart) + 1;
  return {
    lead: buildRun(columns.slice(0, sizesStart)),
    sizes: columns.slice(sizesStart, tailStart),
    tail: buildRun(columns.slice(tailStart)),
    last: columns[columns.length - 1],
    literal: format === 'seed',
    words: openWordCache(),
  };
}

function acceptNumber(column: LayoutColumn, table: TableBuilder, value: number, next: number): number {
  if (value > column.largest) return DECLINED;
  storeNumber(table, column.slot, value * column.scale);
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
  return acceptNumber(column, table, value / POWERS_OF_TEN[decimals], at + 1);
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
  if (at > start) return acceptNumber(column, table, value, at + 1);
  return column.nullable ? acceptNumber(column, table, Number.NaN, at + 1) : DECLINED;
}

/** A text that is quoted, or not plain ASCII. */
function takeText(
  plan: FastPlan,
  column: LayoutColumn,
  table: TableBuilder,
  bytes: Buffer,
  start: number,
  isLast: boolean,
): number {
  const newline = bytes.indexOf(NEWLINE, start);
  const lineStop = lineEnd(bytes, start, newline);
  const end = cellEnd(bytes, start, lineStop);
  if (end < 0 || (end === lineStop) !== isLast || bytes.subarray(start, end).includes(0)) return DECLINED;
  if (column.slot >= 0) storeText(table, column.slot, readCell(bytes, start, end, plan.literal));
  return isLast ? newline + 1 : end + 1;
}

function takeWord(
  plan: FastPlan,
  column: LayoutColumn,
  table: TableBuilder,
  bytes: Buffer,
  start: number,
  isLast: boolean,
): number {
  const stop = isLast ? NEWLINE : COMMA;
  let hash = 0;
  let at = start;
  let byte = bytes[at];
  while (byte !== stop) {
    if (byte < 0x20 || byte > 0x7e || byte === QUOTE || byte === BACKSLASH || byte === COMMA)
      return takeText(plan, column, table, bytes, start, isLast);
    hash = (Math.imul(hash, 31) + byte) | 0;
    byte = bytes[++at];
  }
  if (column.slot >= 0) {
    const word = at === start ? null : internWord(plan.words, bytes, start, at, hash ^ (hash >>> 12));
    storeText(table, column.slot, word);
  }
  return at + 1;
}

function takeNumbers(
  columns: readonly LayoutColumn[],
  table: TableBuilder,
  bytes: Buffer,
  start: number,
): number {
  let at = start;
  for (let k = 0; k < columns.length && at >= 0; k++) at = takeNumber(columns[k], table, bytes, at);
  return at;
}

/** The cells of neighbouring columns. */
function takeCells(
  plan: FastPlan,
  columns: readonly LayoutColumn[],
  table: TableBuilder,
  bytes: Buffer,
  start: number,
): number {
  let at = start;
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k];
    at =
      column.kind === 'number'
        ? takeNumber(column, table, bytes, at)
        : takeWord(plan, column, table, bytes, at, column === plan.last);
    if (at < 0) return DECLINED;
  }
  return at;
}

/** What the process showed when it was last read, where it shows it again. */
function takeRun(
  plan: FastPlan,
  { columns, known }: Run,
  pid: number,
  table: TableBuilder,
  lines: LineBytes,
  start: number,
): number {
  const place = findRun(known, pid, lines, start);
  if (place > 0) return start + storeRun(known, place, table);
  const end = takeCells(plan, columns, table, lines.bytes, start);
  if (end >= 0) keepRun(known, pid, lines, start, end, table);
  return end;
}

function readDigits(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) value = value * 10 + bytes[at] - 0x30;
  return value;
}

/**
 * Decodes the line at `start` into row `table.count`. The lines end with a newline.
 * @returns where the next line starts; -1 where the line is not plainly as recorders write it
 */
export function decodeFast(plan: FastPlan, table: TableBuilder, lines: LineBytes, start: number): number {
  const { bytes } = lines;
  table.rowCharacters = 0;
  const leadEnd = takeRun(plan, plan.lead, readDigits(bytes, start), table, lines, start);
  const tailStart = leadEnd < 0 ? DECLINED : takeNumbers(plan.sizes, table, bytes, leadEnd);
  if (tailStart < 0) return DECLINED;
  return takeRun(plan, plan.tail, numberIn(table, PID_SLOT), table, lines, tailStart);
}
