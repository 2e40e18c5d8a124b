import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../domain/metrics.ts';

/** What a life's key tells is not stored a row. */
export const ROW_NUMBERS = NUMBER_COLUMNS.filter((id) => id !== 'pid' && id !== 'start_ticks');

export type RowNumberId = (typeof ROW_NUMBERS)[number];

/**
 * The processes of all samples of one host, in the order in which they came. A row's values lie side by side, because
 * they are written in another order than they come in: a column each would be a cache miss each.
 */
export interface DayRows {
  count: number;
  capacity: number;
  /** Value `n` of a row is at `row * DOUBLES + n`. */
  doubles: Float64Array<ArrayBuffer>;
  /** The same memory: value `n` of a row is at `row * INTS + n`. */
  ints: Int32Array<ArrayBuffer>;
  /** By the place of a double: 1 where 32 bits do not hold each value that came. */
  readonly wide: Uint8Array;
  /** Index of the life; until lives without start ticks are told apart, the complement of their pid's slot. */
  life: Int32Array<ArrayBuffer>;
  /** Row of the parent in the same sample; once lives are in their final order, the parent's life. −1: none. */
  parent: Int32Array<ArrayBuffer>;
}

/** Among the doubles of a row, after `ROW_NUMBERS`: the sum over the subtree. */
export const SUBTREE_RSS = ROW_NUMBERS.length;

const FIRST_INT = (SUBTREE_RSS + 1) * 2;
/** Index of the sample. */
export const SAMPLE = FIRST_INT;
export const LEVEL = FIRST_INT + 1;
export const SUBTREE_PROCESSES = FIRST_INT + 2;
/** Ids of texts in the order of `TEXT_COLUMNS` (see text-ids.ts), −1 where unknown. */
export const FIRST_TEXT = FIRST_INT + 3;

const UNPADDED = FIRST_TEXT + TEXT_COLUMNS.length;
export const INTS = UNPADDED + (UNPADDED % 2);
export const DOUBLES = INTS / 2;

const BYTES_PER_ROW = INTS * 4;
const FEWEST_ROWS = 16_384;
const GROWTH = 1.25;
const MOST_GROWTH = 50;

function openDayRows(): DayRows {
  const buffer = new ArrayBuffer(FEWEST_ROWS * BYTES_PER_ROW);
  return {
    count: 0,
    capacity: FEWEST_ROWS,
    doubles: new Float64Array(buffer),
    ints: new Int32Array(buffer),
    wide: new Uint8Array(SUBTREE_RSS + 1),
    life: new Int32Array(FEWEST_ROWS),
    parent: new Int32Array(FEWEST_ROWS),
  };
}

/** Without rows, in the memory of a day that is written, where there is one. */
export function emptyRows(spare: DayRows[]): DayRows {
  const rows = spare.pop() ?? openDayRows();
  rows.count = 0;
  rows.wide.fill(0);
  return rows;
}

/** Whether 32 bits hold a number as it is, or it is `NaN`: pages of 4 KiB they do up to 64 GiB. */
export function isNarrow(value: number): boolean {
  return Math.fround(value) === value || Number.isNaN(value);
}

/** Puts values of rows on end, from row `first` on, where the doubles have their place `at`. */
export function putDoubles(
  { doubles, wide }: DayRows,
  first: number,
  at: number,
  values: Float64Array,
): void {
  let place = first * DOUBLES + at;
  let areAllNarrow = true;
  for (let row = 0; row < values.length; row++) {
    doubles[place] = values[row];
    areAllNarrow &&= isNarrow(values[row]);
    place += DOUBLES;
  }
  if (!areAllNarrow) wide[at] = 1;
}

function longer(
  column: Int32Array,
  { count, capacity }: Pick<DayRows, 'count' | 'capacity'>,
): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(column.subarray(0, count));
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
  const doubles = new Float64Array(rows.capacity * DOUBLES);
  doubles.set(rows.doubles.subarray(0, rows.count * DOUBLES));
  rows.doubles = doubles;
  rows.ints = new Int32Array(doubles.buffer);
  rows.life = longer(rows.life, rows);
  rows.parent = longer(rows.parent, rows);
}
