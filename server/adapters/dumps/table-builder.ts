import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import type { Layout } from './layout.ts';
import type { PidSet } from './pid-set.ts';
import { openPidSet } from './pid-set.ts';

/** A process table while it grows. A decoder writes row `count`; the row is there once `count` goes up. */
export interface TableBuilder {
  count: number;
  /** Characters of the texts of row `count`, as far as it is written: what is counted need not be looked up. */
  rowCharacters: number;
  capacity: number;
  /** The columns one after another, `capacity` rows of each. */
  numbers: Float64Array<ArrayBuffer>;
  readonly texts: (string | null)[][];
  readonly pids: PidSet;
  /** Whose columns a row writes, all of them; the others are unknown. `null`: no row has been written. */
  layout: Layout | null;
}

const FEWEST_ROWS = 64;

function openNumbers(capacity: number): Float64Array<ArrayBuffer> {
  return new Float64Array(capacity * NUMBER_COLUMNS.length).fill(Number.NaN);
}

export function openTableBuilder(expectedRows: number): TableBuilder {
  const capacity = Math.max(FEWEST_ROWS, expectedRows);
  return {
    count: 0,
    rowCharacters: 0,
    capacity,
    numbers: openNumbers(capacity),
    texts: TEXT_COLUMNS.map(() => []),
    pids: openPidSet(),
    layout: null,
  };
}

/** An empty table in the memory of one that nobody needs any more, where that is large enough. */
export function emptyTable(spare: TableBuilder | null, expectedRows: number): TableBuilder {
  if (spare === null || spare.capacity < expectedRows) return openTableBuilder(expectedRows);
  spare.count = 0;
  spare.pids.clear();
  return spare;
}

/** Makes an empty table ready for rows of a layout: what those of another have left must not be seen. */
export function prepareTable(table: TableBuilder, layout: Layout): void {
  if (table.layout !== null && table.layout !== layout) {
    table.numbers.fill(Number.NaN);
    for (const column of table.texts) column.fill(null);
  }
  table.layout = layout;
}

export function storeNumber(table: TableBuilder, slot: number, value: number): void {
  table.numbers[slot * table.capacity + table.count] = value;
}

/** What was stored in row `count`. */
export function numberIn(table: TableBuilder, slot: number): number {
  return table.numbers[slot * table.capacity + table.count];
}

/** What a row takes beside its texts: its numbers, its strings' heads, and what is kept to find them again. */
const ROW_BYTES = 384;

/** About how much memory row `count` takes. */
export function rowBytes({ rowCharacters }: TableBuilder): number {
  return ROW_BYTES + rowCharacters;
}

export function storeText(table: TableBuilder, slot: number, text: string | null): void {
  table.texts[slot][table.count] = text;
  if (text !== null) table.rowCharacters += text.length;
}

/** Makes room for one more row. */
export function growTable(table: TableBuilder): void {
  if (table.count < table.capacity) return;
  const { capacity, numbers } = table;
  table.capacity = capacity * 2;
  table.numbers = openNumbers(table.capacity);
  for (let slot = 0; slot < NUMBER_COLUMNS.length; slot++)
    table.numbers.set(numbers.subarray(slot * capacity, (slot + 1) * capacity), slot * table.capacity);
}

function fitLength(column: (string | null)[], count: number): (string | null)[] {
  if (column.length > count) column.length = count;
  while (column.length < count) column.push(null);
  return column;
}

/** What has grown; the builder is used up. Columns that no row named are unknown throughout. */
export function finishTable({ count, capacity, numbers, texts }: TableBuilder): ProcessTable {
  return {
    count,
    numbers: Object.fromEntries(
      NUMBER_COLUMNS.map((id, slot) => [id, numbers.subarray(slot * capacity, slot * capacity + count)]),
    ),
    texts: Object.fromEntries(TEXT_COLUMNS.map((id, slot) => [id, fitLength(texts[slot], count)])),
  } as unknown as ProcessTable;
}
