import { TEXT_COLUMNS } from '../../../domain/metrics.ts';
import { ROW_NUMBERS } from './day-rows.ts';
import type { SortedDay } from './sort-day.ts';

/** Lowest and highest value of some rows in order of time, when they first were there, and the sum. */
interface Extent {
  min: number;
  minT: number;
  max: number;
  maxT: number;
  sum: number;
}

/** Rows of one life with one parent in one hour; without an hour, all of a life. */
export interface Summary {
  readonly life: number;
  /** −1: none. */
  readonly parent: number;
  /** Epoch ms of its begin. */
  readonly hour: number;
  readonly firstT: number;
  lastT: number;
  samples: number;
  readonly rss: Extent;
  readonly subtreeRss: Extent;
}

export interface LifeSummary extends Summary {
  /** Id of the command as last seen, −1: unknown. */
  readonly cmd: number;
}

const HOUR_MS = 3_600_000;
const RSS = ROW_NUMBERS.indexOf('rss_bytes');
const CMD = TEXT_COLUMNS.indexOf('cmd');

function openExtent(t: number, value: number): Extent {
  return { min: value, minT: t, max: value, maxT: t, sum: value };
}

function extend(extent: Extent, t: number, value: number): void {
  extent.sum += value;
  if (value < extent.min) {
    extent.min = value;
    extent.minT = t;
  } else if (value > extent.max) {
    extent.max = value;
    extent.maxT = t;
  }
}

/** `later` is of rows that come after those of `into`, at least in part. */
function mergeExtent(into: Extent, later: Extent): void {
  into.sum += later.sum;
  if (later.min < into.min) {
    into.min = later.min;
    into.minT = later.minT;
  }
  if (later.max > into.max) {
    into.max = later.max;
    into.maxT = later.maxT;
  }
}

function merge(into: Summary, later: Summary): void {
  into.lastT = later.lastT;
  into.samples += later.samples;
  mergeExtent(into.rss, later.rss);
  mergeExtent(into.subtreeRss, later.subtreeRss);
}

/** Stretches of a life in which neither the hour nor the parent changes, in order of time. */
function runsOfLife({ day, order, begin, parent }: SortedDay, instants: Float64Array, life: number) {
  const { numbers, sample, subtreeRss } = day.rows;
  const rss = numbers[RSS];
  const runs: Summary[] = [];
  let run: Summary | undefined;
  for (let at = begin[life]; at < begin[life + 1]; at++) {
    const row = order[at];
    const t = instants[sample[row]];
    if (run && run.parent === parent[row] && t < run.hour + HOUR_MS) {
      run.lastT = t;
      run.samples++;
      extend(run.rss, t, rss[row]);
      extend(run.subtreeRss, t, subtreeRss[row]);
    } else {
      run = {
        life,
        parent: parent[row],
        hour: Math.floor(t / HOUR_MS) * HOUR_MS,
        firstT: t,
        lastT: t,
        samples: 1,
        rss: openExtent(t, rss[row]),
        subtreeRss: openExtent(t, subtreeRss[row]),
      };
      runs.push(run);
    }
  }
  return runs;
}

function copyOf(run: Summary): Summary {
  return { ...run, rss: { ...run.rss }, subtreeRss: { ...run.subtreeRss } };
}

function wholeLife(runs: readonly Summary[], cmd: number): LifeSummary {
  const whole = { ...copyOf(runs[0]), cmd };
  for (let at = 1; at < runs.length; at++) merge(whole, runs[at]);
  return whole;
}

/** By parent, then hour. A process may go back to a parent that it had. */
function mergeRuns(runs: Summary[]): Summary[] {
  const sorted = runs.toSorted((a, b) => a.parent - b.parent || a.firstT - b.firstT);
  const merged: Summary[] = [];
  for (const run of sorted) {
    const last = merged.at(-1);
    if (last && last.parent === run.parent && last.hour === run.hour) merge(last, run);
    else merged.push(run);
  }
  return merged;
}

/** What the lives and rollup files say. */
export function summarize(sorted: SortedDay): {
  readonly lives: readonly LifeSummary[];
  readonly rollup: readonly Summary[];
} {
  const { day, order, begin } = sorted;
  const instants = Float64Array.from(day.samples, ({ system }) => system.t);
  const lives: LifeSummary[] = [];
  const rollup: Summary[] = [];
  for (let life = 0; life < sorted.lives.length; life++) {
    const runs = runsOfLife(sorted, instants, life);
    const cmd = day.rows.texts[CMD][order[begin[life + 1] - 1]];
    lives.push(wholeLife(runs, cmd));
    for (const one of mergeRuns(runs)) rollup.push(one);
  }
  return { lives, rollup };
}
