import {
  DOUBLES,
  INTS,
  PARENT_LIFE,
  ROW_NUMBERS,
  SAMPLE,
  SUBTREE_PROCESSES,
  SUBTREE_RSS,
} from './day-rows.ts';
import type { SortedDay } from './sort-day.ts';

/**
 * What the lives and rollup files say. A summary is of rows of one life, in order of time: its values lie side by side
 * in one array, since there are tens of thousands a day.
 */
export interface Summaries {
  count: number;
  /** Value `n` of a summary is at `summary * SUMMARY + n`. */
  values: Float64Array;
}

export const SUMMARY_LIFE = 0;
/** −1: none. */
export const SUMMARY_PARENT = 1;
/** Epoch ms of the hour's begin. */
export const SUMMARY_HOUR = 2;
export const FIRST_T = 3;
export const LAST_T = 4;
export const SAMPLES = 5;
/** Of RSS, and then of the sum over the subtree: five values each. */
export const RSS_EXTENT = 6;
export const SUBTREE_EXTENT = 11;
export const SUMMARY = 16;

/** Within an extent: the lowest and highest value, when they first were there, and the sum. */
export const MIN = 0;
export const MIN_T = 1;
export const MAX = 2;
export const MAX_T = 3;
export const SUM = 4;

const HOUR_MS = 3_600_000;
const RSS = ROW_NUMBERS.indexOf('rss_bytes');
const FEWEST = 4096;

function openSummaries(): Summaries {
  return { count: 0, values: new Float64Array(FEWEST * SUMMARY) };
}

/** @returns where the values of a new one are */
function addSummary(summaries: Summaries): number {
  const at = summaries.count++ * SUMMARY;
  if (at === summaries.values.length) {
    const larger = new Float64Array(summaries.values.length * 2);
    larger.set(summaries.values);
    summaries.values = larger;
  }
  return at;
}

function beginExtent(values: Float64Array, at: number, t: number, value: number): void {
  values[at + MIN] = value;
  values[at + MIN_T] = t;
  values[at + MAX] = value;
  values[at + MAX_T] = t;
  values[at + SUM] = value;
}

function extend(values: Float64Array, at: number, t: number, value: number): void {
  values[at + SUM] += value;
  if (value < values[at + MIN]) {
    values[at + MIN] = value;
    values[at + MIN_T] = t;
  } else if (value > values[at + MAX]) {
    values[at + MAX] = value;
    values[at + MAX_T] = t;
  }
}

function mergeExtent(values: Float64Array, into: number, later: Float64Array, from: number): void {
  values[into + SUM] += later[from + SUM];
  if (later[from + MIN] < values[into + MIN]) {
    values[into + MIN] = later[from + MIN];
    values[into + MIN_T] = later[from + MIN_T];
  }
  if (later[from + MAX] > values[into + MAX]) {
    values[into + MAX] = later[from + MAX];
    values[into + MAX_T] = later[from + MAX_T];
  }
}

/** Makes `into` be of the rows of both; those of `from` in `later` end later. */
function merge(values: Float64Array, into: number, later: Float64Array, from: number): void {
  values[into + LAST_T] = later[from + LAST_T];
  values[into + SAMPLES] += later[from + SAMPLES];
  mergeExtent(values, into + RSS_EXTENT, later, from + RSS_EXTENT);
  mergeExtent(values, into + SUBTREE_EXTENT, later, from + SUBTREE_EXTENT);
}

/** What is summed up so far; rows come in their final order. */
interface Progress {
  readonly sorted: SortedDay;
  readonly instants: Float64Array;
  readonly lives: Summaries;
  readonly rollup: Summaries;
  /** Stretches of the life in hand in which neither the hour nor the parent changes, in order of time. */
  readonly runs: Summaries;
  /** The life in hand. */
  life: number;
}

function addRow(
  runs: Summaries,
  life: number,
  parent: number,
  t: number,
  rss: number,
  subtree: number,
): void {
  const run = (runs.count - 1) * SUMMARY;
  const { values } = runs;
  if (run < 0 || values[run + SUMMARY_PARENT] !== parent || t >= values[run + SUMMARY_HOUR] + HOUR_MS) {
    const begun = beginRun(runs, life, parent, t);
    beginExtent(runs.values, begun + RSS_EXTENT, t, rss);
    beginExtent(runs.values, begun + SUBTREE_EXTENT, t, subtree);
  } else {
    values[run + LAST_T] = t;
    values[run + SAMPLES]++;
    extend(values, run + RSS_EXTENT, t, rss);
    extend(values, run + SUBTREE_EXTENT, t, subtree);
  }
}

function beginRun(runs: Summaries, life: number, parent: number, t: number): number {
  const at = addSummary(runs);
  const { values } = runs;
  values[at + SUMMARY_LIFE] = life;
  values[at + SUMMARY_PARENT] = parent;
  values[at + SUMMARY_HOUR] = Math.floor(t / HOUR_MS) * HOUR_MS;
  values[at + FIRST_T] = t;
  values[at + LAST_T] = t;
  values[at + SAMPLES] = 1;
  return at;
}

function copySummary(into: Summaries, { values }: Summaries, from: number): number {
  const at = addSummary(into);
  into.values.set(values.subarray(from, from + SUMMARY), at);
  return at;
}

function addLife(lives: Summaries, runs: Summaries): void {
  const whole = copySummary(lives, runs, 0);
  for (let run = 1; run < runs.count; run++) merge(lives.values, whole, runs.values, run * SUMMARY);
}

/** Places of the runs by parent, then time: a process may go back to a parent that it had. */
function runsByParent({ count, values }: Summaries): readonly number[] {
  const places = Array.from({ length: count }, (_, run) => run * SUMMARY);
  const first = values[SUMMARY_PARENT];
  if (places.every((place) => values[place + SUMMARY_PARENT] === first)) return places;
  return places.sort((a, b) => values[a + SUMMARY_PARENT] - values[b + SUMMARY_PARENT] || a - b);
}

function addRollup(rollup: Summaries, runs: Summaries): void {
  let last = -1;
  for (const run of runsByParent(runs)) {
    const isSame =
      last >= 0 &&
      rollup.values[last + SUMMARY_PARENT] === runs.values[run + SUMMARY_PARENT] &&
      rollup.values[last + SUMMARY_HOUR] === runs.values[run + SUMMARY_HOUR];
    if (isSame) merge(rollup.values, last, runs.values, run);
    else last = copySummary(rollup, runs, run);
  }
}

function endLife(progress: Progress): void {
  addLife(progress.lives, progress.runs);
  addRollup(progress.rollup, progress.runs);
  progress.runs.count = 0;
  progress.life++;
}

function addRows(progress: Progress, from: number, end: number): void {
  const { sorted, instants, runs } = progress;
  const { order, begin, day } = sorted;
  const { ints, doubles } = day.rows;
  for (let at = from; at < end; at++) {
    if (at === begin[progress.life + 1]) endLife(progress);
    const row = order[at];
    const [int, double] = [row * INTS, row * DOUBLES];
    const subtree = doubles[double + SUBTREE_RSS];
    addRow(
      runs,
      progress.life,
      ints[int + PARENT_LIFE],
      instants[ints[int + SAMPLE]],
      doubles[double + RSS],
      subtree,
    );
    if (ints[int + SUBTREE_PROCESSES] === 1) doubles[double + SUBTREE_RSS] = Number.NaN;
  }
}

/** Sums up the rows of a day, before they are written. */
export interface Summing {
  /**
   * The next rows, by life and time. Afterwards their subtree sum is unknown where it is of a leaf: a segment does
   * not repeat it.
   */
  add(from: number, count: number): void;
  /** One summary a life; one a life, parent and hour, in that order. */
  end(): { readonly lives: Summaries; readonly rollup: Summaries };
}

export function openSumming(sorted: SortedDay): Summing {
  const instants = Float64Array.from(sorted.day.samples, ({ system }) => system.t);
  const [lives, rollup, runs] = [openSummaries(), openSummaries(), openSummaries()];
  const progress: Progress = { sorted, instants, lives, rollup, runs, life: 0 };
  return {
    add: (from, count) => addRows(progress, from, from + count),
    end() {
      if (runs.count > 0) endLife(progress);
      return { lives, rollup };
    },
  };
}
