import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../domain/metrics.ts';

/** What a life's key tells is not stored a row. */
export const ROW_NUMBERS = NUMBER_COLUMNS.filter((id) => id !== 'pid' && id !== 'start_ticks');

export type RowNumberId = (typeof ROW_NUMBERS)[number];

/**
 * The processes of all samples of one host, in the order in which they came: columns that grow. Numbers are as in a
 * `ProcessTable`; texts are ids (see text-ids.ts), −1 where unknown.
 */
export interface DayRows {
  count: number;
  capacity: number;
  /** In the order of `ROW_NUMBERS`. */
  readonly numbers: Float64Array<ArrayBuffer>[];
  /** In the order of `TEXT_COLUMNS`. */
  readonly texts: Int32Array<ArrayBuffer>[];
  /** Index of the sample. */
  sample: Int32Array<ArrayBuffer>;
  /** Index of the life; until lives without start ticks are told apart, the complement of their pid's slot. */
  life: Int32Array<ArrayBuffer>;
  /** Row of the parent in the same sample, −1 for a root. */
  parentRow: Int32Array<ArrayBuffer>;
  level: Int32Array<ArrayBuffer>;
  position: Int32Array<ArrayBuffer>;
  subtreeProcesses: Int32Array<ArrayBuffer>;
  subtreeRss: Float64Array<ArrayBuffer>;
}

const INTEGERS = ['sample', 'life', 'parentRow', 'level', 'position', 'subtreeProcesses'] as const;
const FEWEST_ROWS = 16_384;

export function openDayRows(): DayRows {
  const ints = () => new Int32Array(FEWEST_ROWS);
  return {
    count: 0,
    capacity: FEWEST_ROWS,
    numbers: ROW_NUMBERS.map(() => new Float64Array(FEWEST_ROWS)),
    texts: TEXT_COLUMNS.map(ints),
    sample: ints(),
    life: ints(),
    parentRow: ints(),
    level: ints(),
    position: ints(),
    subtreeProcesses: ints(),
    subtreeRss: new Float64Array(FEWEST_ROWS),
  };
}

function largerInts(old: Int32Array, used: number, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(old.subarray(0, used));
  return larger;
}

function largerDoubles(old: Float64Array, used: number, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(old.subarray(0, used));
  return larger;
}

/** Makes room for `more` rows; by halves, because these are most of the memory that sealing takes. */
export function reserveRows(rows: DayRows, more: number): void {
  const needed = rows.count + more;
  if (needed <= rows.capacity) return;
  const { count } = rows;
  const capacity = Math.max(needed, Math.ceil(rows.capacity * 1.5));
  rows.capacity = capacity;
  rows.numbers.forEach((column, at) => {
    rows.numbers[at] = largerDoubles(column, count, capacity);
  });
  rows.texts.forEach((column, at) => {
    rows.texts[at] = largerInts(column, count, capacity);
  });
  for (const name of INTEGERS) rows[name] = largerInts(rows[name], count, capacity);
  rows.subtreeRss = largerDoubles(rows.subtreeRss, count, capacity);
}
