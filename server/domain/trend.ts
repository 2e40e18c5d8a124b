import { HOUR_MS } from './durations.ts';
import type { Gap } from './timeline.ts';

/** Where the RSS of one life is heading, by rules that are told with the answer. No verdict is given. */

export const TREND_DIRECTIONS = ['rising', 'falling', 'steady', 'unknown'] as const;
export type TrendDirection = (typeof TREND_DIRECTIONS)[number];

/** Parallel arrays, `t` ascending epoch ms. */
export interface TrendSeries {
  readonly t: readonly number[];
  readonly bytes: readonly number[];
}

export interface Trend {
  readonly direction: TrendDirection;
  /** `null`: too little to tell. */
  readonly bytesPerHour: number | null;
  readonly percentPerMinute: number | null;
  readonly peak: { readonly t: number; readonly bytes: number };
  /** Time at 90 % of the peak or above, of the time that was watched. */
  readonly nearPeak: { readonly seconds: number | null; readonly ratio: number | null };
}

/** What a verdict on growth takes; less is told as such. */
const VERDICT_NEEDS = { points: 30, hours: 1 } as const;
const LEAST_SAMPLES = 10;
const LEAST_MS = 60_000;
const CHANGE_SHARE = 0.05;
const LEAST_CHANGE = 1024 * 1024;
const NEAR_PEAK = 0.9;
/** Pairs grow as the square: 300 points are 45 000 slopes, some ms. */
const MOST_POINTS = 300;

export const TREND_RULES = {
  direction: `rising or falling: the rate times the time is at least ${100 * CHANGE_SHARE} % of the mean and 1 MiB; unknown: less than ${LEAST_SAMPLES} samples or a minute`,
  rate: `Theil–Sen: the median of the slopes between all pairs of at most ${MOST_POINTS} samples, evenly taken`,
  peak: 'the largest sample, the first of equals; the kernel may have seen more between samples',
  near_peak: `time from samples of at least ${100 * NEAR_PEAK} % of the peak to the next one; gaps are not counted`,
} as const;

/** What is missing for a verdict, in words: `not enough data: 14 of 30 points`; `null`: nothing is. */
export function missingForVerdict(points: number, spanMs: number): string | null {
  const { points: needed, hours } = VERDICT_NEEDS;
  if (points < needed) return `not enough data: ${points} of ${needed} points`;
  const told = Math.floor((spanMs / HOUR_MS) * 10) / 10;
  return spanMs < hours * HOUR_MS ? `not enough data: ${told} of ${hours} h` : null;
}

function thinned({ t, bytes }: TrendSeries): TrendSeries {
  const step = Math.ceil(t.length / MOST_POINTS);
  const isTaken = (_: number, at: number) => at % step === 0;
  return step <= 1 ? { t, bytes } : { t: t.filter(isTaken), bytes: bytes.filter(isTaken) };
}

function median(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Bytes a ms; at least two instants. It does not follow a few samples that stand out. */
export function theilSenSlope(series: TrendSeries): number {
  const { t, bytes } = thinned(series);
  const slopes: number[] = [];
  for (let a = 0; a < t.length; a++)
    for (let b = a + 1; b < t.length; b++) slopes.push((bytes[b] - bytes[a]) / (t[b] - t[a]));
  return median(Float64Array.from(slopes).sort());
}

function directionOf(change: number, mean: number): TrendDirection {
  if (Math.abs(change) < Math.max(LEAST_CHANGE, CHANGE_SHARE * mean)) return 'steady';
  return change > 0 ? 'rising' : 'falling';
}

function peakOf({ t, bytes }: TrendSeries): Trend['peak'] {
  const at = bytes.reduce((most, value, index) => (value > bytes[most] ? index : most), 0);
  return { t: t[at], bytes: bytes[at] };
}

function nearPeakOf({ t, bytes }: TrendSeries, peak: number, gaps: readonly Gap[]): Trend['nearPeak'] {
  let near = 0;
  let watched = 0;
  for (let at = 0; at + 1 < t.length; at++) {
    if (gaps.some(({ from, to }) => from < t[at + 1] && to > t[at])) continue;
    watched += t[at + 1] - t[at];
    if (bytes[at] >= NEAR_PEAK * peak) near += t[at + 1] - t[at];
  }
  return watched === 0 ? { seconds: null, ratio: null } : { seconds: near / 1000, ratio: near / watched };
}

/** @param series at least one sample */
export function trendOf(series: TrendSeries, gaps: readonly Gap[]): Trend {
  const { t, bytes } = series;
  const peak = peakOf(series);
  const nearPeak = nearPeakOf(series, peak.bytes, gaps);
  const span = t[t.length - 1] - t[0];
  if (t.length < LEAST_SAMPLES || span < LEAST_MS)
    return { direction: 'unknown', bytesPerHour: null, percentPerMinute: null, peak, nearPeak };
  const slope = theilSenSlope(series);
  const mean = bytes.reduce((sum, value) => sum + value, 0) / bytes.length;
  return {
    direction: directionOf(slope * span, mean),
    bytesPerHour: slope * HOUR_MS,
    percentPerMinute: mean > 0 ? (100 * slope * 60_000) / mean : null,
    peak,
    nearPeak,
  };
}
