import { NUMBER_COLUMNS } from '../../../domain/metrics.ts';
import type { Strided } from './stream-columns.ts';

/** What a life's key tells is not stored a row. */
export const ROW_NUMBERS = NUMBER_COLUMNS.filter((id) => id !== 'pid' && id !== 'start_ticks');

export type RowNumberId = (typeof ROW_NUMBERS)[number];

/**
 * The processes of all samples of one host, in the order in which they came. A row's values lie side by side, 32 bits
 * each, because they are written in another order than they come in: a column each would be a cache miss each.
 */
export interface DayRows {
  count: number;
  capacity: number;
  /** Value `n` of a row is at `row * WORDS + n`: first `ROW_NUMBERS`, then the sum over the subtree. */
  floats: Float32Array<ArrayBuffer>;
  /** The same memory: what follows the numbers. */
  ints: Int32Array<ArrayBuffer>;
  /** By the place of a number. */
  readonly wide: readonly WideNumbers[];
  /** Index of the life; until lives without start ticks are told apart, the complement of their pid's slot. */
  life: Int32Array<ArrayBuffer>;
}

/** The numbers of one place in all rows, where 32 bits do not hold each of them. */
export interface WideNumbers {
  isUsed: boolean;
  values: Float64Array<ArrayBuffer>;
}

export const SUBTREE_RSS = ROW_NUMBERS.length;
/** Index of the sample. */
export const SAMPLE = SUBTREE_RSS + 1;
export const LEVEL = SAMPLE + 1;
export const SUBTREE_PROCESSES = LEVEL + 1;
/** Row of the parent in the same sample; once lives are in their final order, the parent's life. −1: none. */
export const PARENT = SUBTREE_PROCESSES + 1;
/** Number of the row's texts, see row-texts.ts. */
export const TEXTS = PARENT + 1;
export const WORDS = TEXTS + 1;

const FEWEST_ROWS = 16_384;
const GROWTH = 1.25;
const MOST_GROWTH = 50;

export function openDayRows(): DayRows {
  const floats = new Float32Array(FEWEST_ROWS * WORDS);
  return {
    count: 0,
    capacity: FEWEST_ROWS,
    floats,
    ints: new Int32Array(floats.buffer),
    wide: Array.from({ length: SUBTREE_RSS + 1 }, () => ({ isUsed: false, values: new Float64Array(0) })),
    life: new Int32Array(FEWEST_ROWS),
  };
}

/** Forgets all rows, and keeps their memory. */
export function clearRows(rows: DayRows): void {
  rows.count = 0;
  for (const numbers of rows.wide) numbers.isUsed = false;
}

/** Whether 32 bits hold a number as it is, or it is `NaN`: pages of 4 KiB they do up to 64 GiB. */
export function isNarrow(value: number): boolean {
  return Math.fround(value) === value || Number.isNaN(value);
}

/** The numbers of one place in all rows, the one of row `n` at `n * stride + first`. */
export function numbersAt({ floats, wide }: DayRows, at: number): Strided<Float32Array | Float64Array> {
  const { isUsed, values } = wide[at];
  return isUsed ? { values, stride: 1, first: 0 } : { values: floats, stride: WORDS, first: at };
}

/** @returns whether they are there as they are */
function putFloats(floats: Float32Array, place: number, values: Float64Array): boolean {
  let areNarrow = true;
  for (let row = 0, to = place; row < values.length; row++, to += WORDS) {
    floats[to] = values[row];
    areNarrow &&= isNarrow(values[row]);
  }
  return areNarrow;
}

function widen({ floats, wide, capacity }: DayRows, at: number, rows: number): void {
  const numbers = wide[at];
  if (numbers.values.length < capacity) numbers.values = new Float64Array(capacity);
  for (let row = 0; row < rows; row++) numbers.values[row] = floats[row * WORDS + at];
  numbers.isUsed = true;
}

/** Puts numbers of rows on end, from row `first` on, into their place. */
export function putNumbers(rows: DayRows, first: number, at: number, values: Float64Array): void {
  const numbers = rows.wide[at];
  if (!numbers.isUsed && !putFloats(rows.floats, first * WORDS + at, values)) widen(rows, at, first);
  if (numbers.isUsed) numbers.values.set(values, first);
}

function longer<Column extends Float64Array | Int32Array>(column: Column, larger: Column): Column {
  larger.set(column);
  return larger;
}

/**
 * Makes room for `more` rows. These are most of the memory that sealing takes, so that the guess of how many there
 * will be is used where it is not far off.
 */
export function reserveRows(rows: DayRows, more: number, expected: number): void {
  const needed = rows.count + more;
  if (needed <= rows.capacity) return;
  rows.capacity = Math.max(
    needed,
    Math.ceil(rows.capacity * GROWTH),
    Math.min(expected, needed * MOST_GROWTH),
  );
  rows.ints = longer(rows.ints, new Int32Array(rows.capacity * WORDS));
  rows.floats = new Float32Array(rows.ints.buffer);
  rows.life = longer(rows.life, new Int32Array(rows.capacity));
  for (const numbers of rows.wide)
    numbers.values = numbers.isUsed
      ? longer(numbers.values, new Float64Array(rows.capacity))
      : new Float64Array(0);
}
