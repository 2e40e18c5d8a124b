/** Samples along time: where one may not draw a line, and how much of the time is covered. */

export const GAP_REASONS = ['stopped', 'reboot', 'suspend', 'clock'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
}

/** What of each sample decides about gaps; arrays of equal length in order of `t`. `NaN`, `null`: unknown. */
export interface SampleSpine {
  /** Epoch ms. */
  readonly t: readonly number[];
  readonly uptimeSeconds: readonly number[];
  readonly intervalSeconds: readonly number[];
  readonly bootId: readonly (string | null)[];
}

/** A spacing above this many usual spacings is a gap (field: PerformanceMonitor #1944 breaks at about 3×). */
export const GAP_FACTOR = 3;
export const MEDIAN_REACH = 5;

/** The usual spacing at `index` (between sample index − 1 and index): median of the 11 spacings around, in ms. */
export function medianSpacing(t: readonly number[], index: number): number {
  const first = Math.max(1, index - MEDIAN_REACH);
  const last = Math.min(t.length - 1, index + MEDIAN_REACH);
  const spacings: number[] = [];
  for (let at = first; at <= last; at++) spacings.push(t[at] - t[at - 1]);
  spacings.sort((a, b) => a - b);
  const middle = spacings.length >> 1;
  return spacings.length % 2 === 1 ? spacings[middle] : (spacings[middle - 1] + spacings[middle]) / 2;
}

function knownMs(seconds: number): number {
  return seconds > 0 ? 1000 * seconds : 0;
}

/** Of the intervals of both samples the larger that is known, ms; 0 where none is. */
function knownInterval({ intervalSeconds }: SampleSpine, index: number): number {
  return Math.max(knownMs(intervalSeconds[index - 1]), knownMs(intervalSeconds[index]));
}

/** The smallest of the spacings that a median would be taken of: no median is below it. */
function smallestSpacing(t: readonly number[], index: number): number {
  const last = Math.min(t.length - 1, index + MEDIAN_REACH);
  let smallest = Number.POSITIVE_INFINITY;
  for (let at = Math.max(1, index - MEDIAN_REACH); at <= last; at++)
    smallest = Math.min(smallest, t[at] - t[at - 1]);
  return smallest;
}

function bootsDiffer(spine: SampleSpine, index: number): boolean {
  const before = spine.bootId[index - 1];
  const after = spine.bootId[index];
  return before !== null && after !== null && before !== after;
}

/** Against the uptime (which no step of the wall clock moves): did the wall clock run, stand or jump? */
function reasonOf(spine: SampleSpine, index: number, usual: number): GapReason {
  const wall = spine.t[index] - spine.t[index - 1];
  const up = (spine.uptimeSeconds[index] - spine.uptimeSeconds[index - 1]) * 1000;
  const tolerance = Math.max(2000, usual);
  if (Number.isNaN(up) || Math.abs(wall - up) <= tolerance) return 'stopped';
  return up >= 0 && up < wall ? 'suspend' : 'clock';
}

/** The gap that ends at sample `index`, or `null`. */
export function gapBefore(spine: SampleSpine, index: number): Gap | null {
  if (index < 1) return null;
  const from = spine.t[index - 1];
  const to = spine.t[index];
  if (bootsDiffer(spine, index)) return { from, to, reason: 'reboot' };
  // Asked of each of a year's samples: what takes time is left for spacings that may be gaps.
  const interval = knownInterval(spine, index);
  if (to - from <= GAP_FACTOR * (interval || smallestSpacing(spine.t, index))) return null;
  const usual = interval || medianSpacing(spine.t, index);
  if (to - from <= GAP_FACTOR * usual) return null;
  return { from, to, reason: reasonOf(spine, index, usual) };
}

/** The gaps of a spine that samples behind its last cannot change. */
interface SettledGaps {
  readonly gaps: Gap[];
  /** Index of the sample that each ends at. */
  readonly at: number[];
  /** Index of the last sample before which a gap has been looked for. */
  until: number;
  /** How many samples there were, and the instant of the last. */
  count: number;
  t: number;
}

/** Looked for once: a year has half a million samples. They are let go of with their spine. */
const settled = new WeakMap<SampleSpine, SettledGaps>();

function settledGaps(spine: SampleSpine): SettledGaps {
  const before = settled.get(spine);
  // Where one came in between the others, the last has another index.
  const isSame = before && spine.t[before.count - 1] === before.t;
  const known: SettledGaps = isSame ? before : { gaps: [], at: [], until: 0, count: 0, t: Number.NaN };
  settled.set(spine, known);
  known.count = spine.t.length;
  known.t = spine.t[known.count - 1];
  while (known.until < known.count - 1 - MEDIAN_REACH) {
    const gap = gapBefore(spine, ++known.until);
    if (!gap) continue;
    known.gaps.push(gap);
    known.at.push(known.until);
  }
  return known;
}

/** All gaps between neighbours of `first … last` (indices, inclusive). To a spine samples may be added, at any place. */
export function findGaps(spine: SampleSpine, first = 0, last = spine.t.length - 1): Gap[] {
  const { gaps, at, until } = settledGaps(spine);
  const found = gaps.slice(firstAtOrAfter(at, first + 1), lastAtOrBefore(at, last) + 1);
  for (let index = Math.max(first, until) + 1; index <= last; index++) {
    const gap = gapBefore(spine, index);
    if (gap) found.push(gap);
  }
  return found;
}

/** 1 − gaps ÷ duration; 1 for a single sample. */
export function coveredRatio(from: number, to: number, gaps: readonly Gap[]): number {
  if (to <= from) return 1;
  const lost = gaps.reduce((sum, gap) => sum + (gap.to - gap.from), 0);
  return 1 - lost / (to - from);
}

/** Index of the last value that is at most `t`, −1 where there is none. `sorted` ascends. */
export function lastAtOrBefore(sorted: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the first value that is at least `t`; `sorted.length` where there is none. */
export function firstAtOrAfter(sorted: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
}
