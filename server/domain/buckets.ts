import { HOUR_MS, MINUTE_MS } from './durations.ts';
import type { Gap } from './timeline.ts';

/** Series in steps of time, of each the mean, the smallest and the largest sample. */

/** How finely a series is told: by the width of the chart, each sample, or by steps of this length. */
export const RESOLUTIONS = ['auto', 'full', '10s', '1m', '1h'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
export type StepResolution = Exclude<Resolution, 'auto' | 'full'>;

export const STEP_MS: Readonly<Record<StepResolution, number>> = {
  '10s': 10_000,
  '1m': MINUTE_MS,
  '1h': HOUR_MS,
};

/** `null`: not in steps. */
export function stepMsOf(resolution: Resolution): number | null {
  return resolution === 'auto' || resolution === 'full' ? null : STEP_MS[resolution];
}

/** Samples of one step and one side of a gap are a bucket; there are none without a sample. */
export interface Buckets {
  /** Between its first and its last sample, epoch ms: never within a gap. */
  readonly t: readonly number[];
  /** Index of the first sample of each, and behind the last the number of samples. */
  readonly starts: readonly number[];
}

/** @param t epoch ms, ascending @param gaps what no bucket reaches across */
export function bucketsOf(t: ArrayLike<number>, gaps: readonly Pick<Gap, 'to'>[], stepMs: number): Buckets {
  const ends = new Set(gaps.map(({ to }) => to));
  const starts: number[] = [];
  for (let at = 0; at < t.length; at++) {
    const isOfSameStep = at > 0 && Math.floor(t[at] / stepMs) === Math.floor(t[at - 1] / stepMs);
    if (!isOfSameStep || ends.has(t[at])) starts.push(at);
  }
  starts.push(t.length);
  const middles = starts
    .slice(0, -1)
    .map((first, bucket) => Math.round((t[first] + t[starts[bucket + 1] - 1]) / 2));
  return { t: middles, starts };
}

/** What the known values of each bucket come to; `NaN` where none is known. */
function foldEach(
  { starts }: Buckets,
  values: ArrayLike<number>,
  fold: (before: number, value: number) => number,
): { readonly folded: Float64Array; readonly known: Float64Array } {
  const folded = new Float64Array(starts.length - 1).fill(Number.NaN);
  const known = new Float64Array(folded.length);
  for (let bucket = 0; bucket < folded.length; bucket++)
    for (let at = starts[bucket]; at < starts[bucket + 1]; at++) {
      if (Number.isNaN(values[at])) continue;
      folded[bucket] = known[bucket] === 0 ? values[at] : fold(folded[bucket], values[at]);
      known[bucket]++;
    }
  return { folded, known };
}

/** Over samples, not over time: within one step they are evenly spaced. */
export function meansOf(buckets: Buckets, values: ArrayLike<number>): Float64Array {
  const { folded, known } = foldEach(buckets, values, (sum, value) => sum + value);
  return folded.map((sum, bucket) => sum / known[bucket]);
}

export function leastOf(buckets: Buckets, values: ArrayLike<number>): Float64Array {
  return foldEach(buckets, values, Math.min).folded;
}

export function mostOf(buckets: Buckets, values: ArrayLike<number>): Float64Array {
  return foldEach(buckets, values, Math.max).folded;
}
