import type { DayRows } from './day-rows.ts';
import { clearRows, openDayRows } from './day-rows.ts';
import type { DaySums } from './summaries.ts';
import { clearSums, openDaySums } from './summaries.ts';

/** What a day takes most of its memory for; the next day is put into the same. */
export interface DaySpace {
  readonly rows: DayRows;
  /** Of rows, as they stand in the file. */
  order: Int32Array;
  readonly sums: DaySums;
}

/** With nothing in it, in the memory of a day that is written, where there is one. */
export function emptySpace(spare: DaySpace[]): DaySpace {
  const space = spare.pop() ?? { rows: openDayRows(), order: new Int32Array(0), sums: openDaySums() };
  clearRows(space.rows);
  clearSums(space.sums);
  return space;
}

/** Room for as many numbers as there are rows. */
export function orderSpace(space: DaySpace): Int32Array {
  const { count, capacity } = space.rows;
  if (space.order.length < count) space.order = new Int32Array(capacity);
  return space.order.subarray(0, count);
}
