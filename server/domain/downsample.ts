import type { Gap } from './timeline.ts';

/**
 * Thinning for a screen that keeps every peak and trough: M4 (Jugel et al., VLDB 2014). Per pixel column the
 * first, the last, the smallest and the largest sample stay, so a drawn line is exact.
 */
export type ThinningMethod = 'raw' | 'm4';

export interface Thinned {
  /** Indices of the samples that stay, ascending. */
  readonly indices: readonly number[];
  readonly method: ThinningMethod;
}

/** M4 keeps at most four samples a column: below that there is nothing to thin. */
const PER_COLUMN = 4;

/** Adds to `kept`, which ascends, what must survive of the samples `first … end − 1`. */
export type Keep = (kept: number[], first: number, end: number) => void;

/** A series whose extremes must survive, `NaN` is unknown; or what tells which samples must. */
export type Driver = ArrayLike<number> | Keep;

/** Puts an index where it belongs in a short ascending list, once. */
export function keep(kept: number[], index: number): void {
  let place = kept.length;
  while (place > 0 && kept[place - 1] > index) place--;
  if (place > 0 && kept[place - 1] === index) return;
  for (let at = kept.length; at > place; at--) kept[at] = kept[at - 1];
  kept[place] = index;
}

/** Keeps the index of the smallest and of the largest known value of `values[first … end)`. */
function keepExtremes(kept: number[], values: ArrayLike<number>, first: number, end: number): void {
  let low = -1;
  let high = -1;
  for (let at = first; at < end; at++) {
    if (Number.isNaN(values[at])) continue;
    if (low < 0 || values[at] < values[low]) low = at;
    if (high < 0 || values[at] > values[high]) high = at;
  }
  if (low < 0) return;
  keep(kept, low);
  keep(kept, high);
}

/** Index of the first sample of a later column than that of `first`: looked for in growing steps, then by halves. */
function endOfColumn(columnOf: (at: number) => number, first: number, count: number): number {
  const column = columnOf(first);
  let step = 1;
  while (first + step < count && columnOf(first + step) === column) step *= 2;
  let low = first + (step >> 1);
  let high = Math.min(first + step, count);
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (columnOf(middle) === column) low = middle;
    else high = middle;
  }
  return high;
}

/** Index of the largest known value of `values[first … end)`, the first of equal ones; −1 where none is known. */
export function peakOf(values: ArrayLike<number>, first: number, end: number): number {
  let high = -1;
  for (let at = first; at < end; at++)
    if (!Number.isNaN(values[at]) && (high < 0 || values[at] > values[high])) high = at;
  return high;
}

/** What makes the largest value of a series survive, and no other. */
export function peaksOf(values: ArrayLike<number>): Keep {
  return (kept, first, end) => keep(kept, Math.max(first, peakOf(values, first, end)));
}

function keepOf(driver: Driver): Keep {
  if (typeof driver === 'function') return driver;
  return (kept, first, end) => keepExtremes(kept, driver, first, end);
}

/**
 * @param t epoch ms, ascending
 * @param drivers of `t`'s length
 * @param columns width of the chart in pixels
 */
export function thin(t: ArrayLike<number>, drivers: readonly Driver[], columns: number): Thinned {
  const count = t.length;
  if (count <= columns * PER_COLUMN)
    return { indices: Array.from({ length: count }, (_, at) => at), method: 'raw' };
  const width = (t[count - 1] - t[0]) / columns || 1;
  const columnOf = (at: number) => Math.min(columns - 1, Math.floor((t[at] - t[0]) / width));
  const keeps = drivers.map(keepOf);
  const indices: number[] = [];
  let first = 0;
  while (first < count) {
    const end = endOfColumn(columnOf, first, count);
    const kept = [first];
    keep(kept, end - 1);
    for (const keepMore of keeps) keepMore(kept, first, end);
    for (const index of kept) indices.push(index);
    first = end;
  }
  return { indices, method: 'm4' };
}

/** A series' x axis with a place for a `null` in each gap: `index` −1 stands for "nothing recorded here". */
export interface BrokenAxis {
  readonly t: readonly number[];
  readonly index: readonly number[];
}

/**
 * Puts one break between two kept samples that have a gap between them, in the middle of the (first) gap.
 * `gaps` ascend.
 */
export function breakAtGaps(
  t: ArrayLike<number>,
  indices: readonly number[],
  gaps: readonly Gap[],
): BrokenAxis {
  const outT: number[] = [];
  const outIndex: number[] = [];
  let gap = 0;
  for (const index of indices) {
    while (gap < gaps.length && gaps[gap].to <= t[index]) {
      if (outT.length > 0 && outIndex[outIndex.length - 1] >= 0 && outT[outT.length - 1] <= gaps[gap].from) {
        outT.push(Math.round((gaps[gap].from + gaps[gap].to) / 2));
        outIndex.push(-1);
      }
      gap++;
    }
    outT.push(t[index]);
    outIndex.push(index);
  }
  return { t: outT, index: outIndex };
}

/** Values along a broken axis; unknown and gaps are `null`. */
export function valuesAlong(axis: BrokenAxis, values: ArrayLike<number>): (number | null)[] {
  return axis.index.map((index) => (index < 0 || Number.isNaN(values[index]) ? null : values[index]));
}
