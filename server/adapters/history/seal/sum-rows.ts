import { PARENT, ROW_NUMBERS, SUBTREE_RSS } from './day-rows.ts';
import type { RowBlock } from './row-block.ts';
import type { DaySums, Summaries } from './summaries.ts';
import {
  addSummary,
  beginExtent,
  copySummary,
  extend,
  FIRST_T,
  forgetOwn,
  LAST_T,
  merge,
  RSS_EXTENT,
  SAMPLES,
  SUBTREE_EXTENT,
  SUMMARY,
  SUMMARY_HOUR,
  SUMMARY_LIFE,
  SUMMARY_PARENT,
} from './summaries.ts';

/** Sums up the rows of a day while they are written, so that each is fetched once. */
export interface Summing {
  /** The next rows in the order of the file, `order[from]` and so on, which are in the block. */
  add(block: RowBlock, from: number, count: number): void;
  /** One summary a life; one a life, parent and hour, in that order. Once all rows have been added. */
  end(): Totals;
}

export interface Totals extends DaySums {
  /** The row in which each life was last seen. */
  readonly lastRow: Int32Array;
}

interface Progress extends Totals {
  readonly order: Int32Array;
}

const HOUR_MS = 3_600_000;
const RSS = ROW_NUMBERS.indexOf('rss_bytes');

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

function goesOn({ count, values }: Summaries, life: number, parent: number, t: number): boolean {
  const run = (count - 1) * SUMMARY;
  return (
    run >= 0 &&
    values[run + SUMMARY_LIFE] === life &&
    values[run + SUMMARY_PARENT] === parent &&
    t < values[run + SUMMARY_HOUR] + HOUR_MS
  );
}

function addRow(
  runs: Summaries,
  life: number,
  parent: number,
  t: number,
  rss: number,
  subtree: number,
): void {
  if (!goesOn(runs, life, parent, t)) {
    const begun = beginRun(runs, life, parent, t);
    beginExtent(runs.values, begun + RSS_EXTENT, t, rss);
    beginExtent(runs.values, begun + SUBTREE_EXTENT, t, subtree);
    return;
  }
  const { values } = runs;
  const run = (runs.count - 1) * SUMMARY;
  values[run + LAST_T] = t;
  values[run + SAMPLES]++;
  extend(values, run + RSS_EXTENT, t, rss);
  extend(values, run + SUBTREE_EXTENT, t, subtree);
}

function addRows({ order, runs, lastRow }: Progress, block: RowBlock, from: number, count: number): void {
  const { life, t, ints, numbers } = block;
  const parent = ints[PARENT];
  const [rss, subtree] = [numbers[RSS], numbers[SUBTREE_RSS]];
  for (let at = 0; at < count; at++) {
    const sum = Number.isNaN(subtree[at]) ? rss[at] : subtree[at];
    addRow(runs, life[at], parent[at], t[at], rss[at], sum);
    lastRow[life[at]] = order[from + at];
  }
}

/** Places of the runs of each life, in order of time. */
function runsByLife({ count, values }: Summaries, lives: number): readonly number[][] {
  const places: number[][] = [];
  for (let life = 0; life < lives; life++) places.push([]);
  for (let at = 0; at < count * SUMMARY; at += SUMMARY) places[values[at + SUMMARY_LIFE]].push(at);
  return places;
}

function addLife(lives: Summaries, runs: Summaries, places: readonly number[]): void {
  const whole = copySummary(lives, runs, places[0]);
  for (const run of places.slice(1)) merge(lives.values, whole, runs.values, run);
}

/** By parent, then time: a process may go back to a parent that it had. */
function byParent({ values }: Summaries, places: readonly number[]): readonly number[] {
  const first = values[places[0] + SUMMARY_PARENT];
  if (places.every((place) => values[place + SUMMARY_PARENT] === first)) return places;
  return places.toSorted((a, b) => values[a + SUMMARY_PARENT] - values[b + SUMMARY_PARENT] || a - b);
}

/** A life's hour may be in several runs: of two blocks, or where it had another parent in between. */
function addHours(rollup: Summaries, runs: Summaries, places: readonly number[]): void {
  let last = -1;
  for (const run of byParent(runs, places)) {
    const isSame =
      last >= 0 &&
      rollup.values[last + SUMMARY_PARENT] === runs.values[run + SUMMARY_PARENT] &&
      rollup.values[last + SUMMARY_HOUR] === runs.values[run + SUMMARY_HOUR];
    if (isSame) merge(rollup.values, last, runs.values, run);
    else last = copySummary(rollup, runs, run);
  }
}

function totalsOf({ runs, lives, rollup, lastRow }: Progress): Totals {
  for (const places of runsByLife(runs, lastRow.length)) {
    addLife(lives, runs, places);
    addHours(rollup, runs, places);
  }
  forgetOwn(lives);
  forgetOwn(rollup);
  return { runs, lives, rollup, lastRow };
}

/** @param sums without any */
export function openSumming(order: Int32Array, lives: number, sums: DaySums): Summing {
  const progress: Progress = { ...sums, order, lastRow: new Int32Array(lives) };
  return {
    add: (block, from, count) => addRows(progress, block, from, count),
    end: () => totalsOf(progress),
  };
}
