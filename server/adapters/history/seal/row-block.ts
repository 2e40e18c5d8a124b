import { SAMPLE, WORDS } from './day-rows.ts';
import type { SortedDay } from './sort-day.ts';

/**
 * Rows of a day as columns, in the order in which they are written. Each is fetched once, by a loop that does little
 * else: so the processor has several on their way at a time.
 */
export interface RowBlock {
  readonly sorted: SortedDay;
  /** Columns of words side by side, at this distance. */
  readonly words: Int32Array;
  readonly distance: number;
  /** The same memory, by the place in a row. */
  readonly ints: readonly Int32Array[];
  /** By the place of a number: 32 bits each where those hold them. */
  readonly numbers: readonly (Float32Array | Float64Array)[];
  readonly life: Int32Array;
  /** Epoch ms. */
  readonly t: Float64Array;
  /** Of the life. */
  readonly pid: Float64Array;
  readonly startTicks: Float64Array;
  /** The same by sample and by life. */
  readonly instants: Float64Array;
  readonly pids: Float64Array;
  readonly starts: Float64Array;
}

/** As `Float64Array.from`, which takes ten times as long. */
function numbersOf<Item>(items: readonly Item[], numberOf: (item: Item) => number): Float64Array {
  const numbers = new Float64Array(items.length);
  for (let at = 0; at < items.length; at++) numbers[at] = numberOf(items[at]);
  return numbers;
}

/** Columns a power of two apart would take each other's place in the processor's cache. */
const BETWEEN = 16;

/** @param capacity the most rows that are fetched at a time */
export function openRowBlock(sorted: SortedDay, capacity: number): RowBlock {
  const { day, lives } = sorted;
  const distance = capacity + BETWEEN;
  const words = new Int32Array(WORDS * distance);
  const floats = new Float32Array(words.buffer);
  return {
    sorted,
    words,
    distance,
    ints: Array.from({ length: WORDS }, (_, at) => words.subarray(at * distance, (at + 1) * distance)),
    numbers: day.rows.wide.map(({ isUsed }, at) =>
      isUsed ? new Float64Array(capacity) : floats.subarray(at * distance, (at + 1) * distance),
    ),
    life: new Int32Array(capacity),
    t: new Float64Array(capacity),
    pid: new Float64Array(capacity),
    startTicks: new Float64Array(capacity),
    instants: numbersOf(day.samples, ({ system }) => system.t),
    pids: numbersOf(lives, ({ pid }) => pid),
    starts: numbersOf(lives, ({ startTicks }) => startTicks),
  };
}

/** The first and the last word of each row. So little is done for each that many are on their way at a time. */
function fetchEnds(
  { words, distance }: RowBlock,
  from: Int32Array,
  order: Int32Array,
  first: number,
  count: number,
): void {
  const last = (WORDS - 1) * distance;
  for (let at = 0; at < count; at++) {
    const word = order[first + at] * WORDS;
    words[at] = from[word];
    words[last + at] = from[word + WORDS - 1];
  }
}

/** The words between, of rows that are near by then. */
function fetchInner(
  { words, distance }: RowBlock,
  from: Int32Array,
  order: Int32Array,
  first: number,
  count: number,
): void {
  const last = (WORDS - 1) * distance;
  for (let at = 0; at < count; at++) {
    let word = order[first + at] * WORDS;
    for (let to = at + distance; to < last; to += distance) words[to] = from[++word];
  }
}

function pick<Column extends Int32Array | Float64Array>(
  into: Column,
  from: Column,
  order: Int32Array,
  first: number,
  count: number,
): void {
  for (let at = 0; at < count; at++) into[at] = from[order[first + at]];
}

/** Fetches rows `order[first] … order[first + count - 1]`. */
export function fetchRows(block: RowBlock, order: Int32Array, first: number, count: number): void {
  const { rows } = block.sorted.day;
  fetchEnds(block, rows.ints, order, first, count);
  fetchInner(block, rows.ints, order, first, count);
  for (const [at, { isUsed, values }] of rows.wide.entries())
    if (isUsed) pick(block.numbers[at] as Float64Array, values, order, first, count);
  pick(block.life, rows.life, order, first, count);
  pick(block.t, block.instants, block.ints[SAMPLE], 0, count);
  pick(block.pid, block.pids, block.life, 0, count);
  pick(block.startTicks, block.starts, block.life, 0, count);
}
