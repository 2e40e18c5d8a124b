import { HOUR_MS } from '../../../domain/durations.ts';
import { PARENT, ROW_NUMBERS, SUBTREE_RSS } from './day-rows.ts';
import type { RowBlock } from './row-block.ts';
import type { DaySums, Summaries } from './summaries.ts';
import {
  addSummary,
  beginExtent,
  copySummary,
  extend,
  FIRST_T,
  forgetInLives,
  forgetInRollup,
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

/** Places of runs by life, those of each in order of time. */
interface RunsByLife {
  readonly places: Int32Array;
  /** Where those of a life begin; one more, where the last end. */
  readonly begins: Int32Array;
}

/** A counting sort. */
function runsByLife({ count, values }: Summaries, lives: number): RunsByLife {
  const end = count * SUMMARY;
  const begins = new Int32Array(lives + 1);
  for (let at = SUMMARY_LIFE; at < end; at += SUMMARY) begins[values[at] + 1]++;
  for (let life = 0; life < lives; life++) begins[life + 1] += begins[life];
  const next = begins.slice();
  const places = new Int32Array(count);
  for (let at = 0; at < end; at += SUMMARY) places[next[values[at + SUMMARY_LIFE]]++] = at;
  return { places, begins };
}

function addLife(lives: Summaries, runs: Summaries, places: Int32Array, first: number, end: number): void {
  const whole = copySummary(lives, runs, places[first]);
  for (let at = first + 1; at < end; at++) merge(lives.values, whole, runs.values, places[at]);
}

/** By parent, then time: a process may go back to a parent that it had. */
function sortByParent({ values }: Summaries, places: Int32Array, first: number, end: number): void {
  const parentOf = (place: number) => values[place + SUMMARY_PARENT];
  for (let at = first + 1; at < end; at++) {
    if (parentOf(places[at]) === parentOf(places[first])) continue;
    places.subarray(first, end).sort((a, b) => parentOf(a) - parentOf(b) || a - b);
    return;
  }
}

/** A life's hour may be in several runs: of two blocks, or where it had another parent in between. */
function addHours(rollup: Summaries, runs: Summaries, places: Int32Array, first: number, end: number): void {
  let last = -1;
  for (let at = first; at < end; at++) {
    const run = places[at];
    const isSame =
      last >= 0 &&
      rollup.values[last + SUMMARY_PARENT] === runs.values[run + SUMMARY_PARENT] &&
      rollup.values[last + SUMMARY_HOUR] === runs.values[run + SUMMARY_HOUR];
    if (isSame) merge(rollup.values, last, runs.values, run);
    else last = copySummary(rollup, runs, run);
  }
}

function totalsOf({ runs, lives, rollup, lastRow }: Progress): Totals {
  const { places, begins } = runsByLife(runs, lastRow.length);
  for (let life = 0; life < lastRow.length; life++) {
    const [first, end] = [begins[life], begins[life + 1]];
    addLife(lives, runs, places, first, end);
    sortByParent(runs, places, first, end);
    addHours(rollup, runs, places, first, end);
  }
  forgetInLives(lives);
  forgetInRollup(rollup);
  return { runs, lives, rollup, lastRow };
}

/** @param count of lives @param sums without any */
export function openSumming(order: Int32Array, count: number, sums: DaySums): Summing {
  const { runs, lives, rollup } = sums;
  const progress: Progress = { runs, lives, rollup, order, lastRow: new Int32Array(count) };
  return {
    add: (block, from, count) => addRows(progress, block, from, count),
    end: () => totalsOf(progress),
  };
}
