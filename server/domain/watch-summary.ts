import { describe } from './statistics.ts';
import { MIB } from './units.ts';

/** What became of watched processes over a while: plain figures of it, and whether it kept within limits. */

/** One sample. Bytes, percent of one CPU; `null`: not known, or nothing ran. */
export interface WatchPoint {
  /** Epoch ms. */
  readonly t: number;
  readonly processes: number;
  readonly rss_bytes: number | null;
  readonly vsz_bytes: number | null;
  readonly cpu_percent: number | null;
  readonly threads: number | null;
}

export interface WatchSummary {
  readonly samples: number;
  /** With any process. */
  readonly running: number;
  readonly seconds: number;
  readonly rss_min_bytes: number | null;
  readonly rss_max_bytes: number | null;
  readonly rss_mean_bytes: number | null;
  /** Largest less smallest. */
  readonly variation_bytes: number | null;
  /** Of the last sample over the first, of those in which something ran. */
  readonly growth_bytes: number | null;
  readonly growth_bytes_per_hour: number | null;
  readonly cpu_mean_percent: number | null;
  readonly cpu_max_percent: number | null;
}

const HOUR_MS = 3_600_000;

/** @param points in order of time */
export function summarizeWatch(points: readonly WatchPoint[]): WatchSummary {
  const known = points.flatMap(({ t, rss_bytes }) => (rss_bytes === null ? [] : [{ t, bytes: rss_bytes }]));
  const rss = describe(known.map(({ bytes }) => bytes));
  const cpu = describe(points.map(({ cpu_percent }) => cpu_percent));
  const [first, last] = [known[0], known.at(-1)];
  const growth = first && last && known.length > 1 ? last.bytes - first.bytes : null;
  const hours = first && last ? (last.t - first.t) / HOUR_MS : 0;
  return {
    samples: points.length,
    running: known.length,
    seconds: points.length > 1 ? (points[points.length - 1].t - points[0].t) / 1000 : 0,
    rss_min_bytes: rss.min,
    rss_max_bytes: rss.max,
    rss_mean_bytes: rss.mean,
    variation_bytes: rss.max === null || rss.min === null ? null : rss.max - rss.min,
    growth_bytes: growth,
    growth_bytes_per_hour: growth === null || hours <= 0 ? null : growth / hours,
    cpu_mean_percent: cpu.mean,
    cpu_max_percent: cpu.max,
  };
}

/** The predecessor's limits. */
export const WATCH_LIMITS = { growth: 10 * MIB, variation: 20 * MIB } as const;

/** `null` is no limit. */
export interface WatchLimits {
  readonly growth: number | null;
  readonly variation: number | null;
}

export type WatchFailure = keyof WatchLimits;

/** @returns what went beyond its limit; the unknown goes beyond none */
export function judgeWatch(summary: WatchSummary, limits: WatchLimits): readonly WatchFailure[] {
  const beyond = (value: number | null, limit: number | null) =>
    value !== null && limit !== null && value > limit;
  return [
    ...(beyond(summary.growth_bytes, limits.growth) ? (['growth'] as const) : []),
    ...(beyond(summary.variation_bytes, limits.variation) ? (['variation'] as const) : []),
  ];
}

export const WATCH_LEVELS = ['INFO', 'WARNING', 'ERROR'] as const;
export type WatchLevel = (typeof WATCH_LEVELS)[number];

/** The predecessor's steps: beyond the first a warning, beyond the second an error. */
const LEVEL_STEPS = {
  change: [2 * MIB, 50 * MIB],
  cpu: [5, 25],
} as const;

function stepOf(value: number | null, [warning, error]: readonly [number, number]): number {
  if (value === null || value < warning) return 0;
  return value <= error ? 1 : 2;
}

/** How far a sample is from the first one, and how busy: the worse of both. */
export function watchLevel(changeBytes: number | null, cpuPercent: number | null): WatchLevel {
  const change = changeBytes === null ? null : Math.abs(changeBytes);
  return WATCH_LEVELS[Math.max(stepOf(change, LEVEL_STEPS.change), stepOf(cpuPercent, LEVEL_STEPS.cpu))];
}

const RATE_WORDS = [
  [20 * MIB, 'low'],
  [50 * MIB, 'moderate'],
  [100 * MIB, 'high'],
  [Number.POSITIVE_INFINITY, 'very high'],
] as const;

/** The predecessor's steps of growth an hour: 20, 50 and 100 MiB. */
export function rateWord(bytesPerHour: number): string {
  return RATE_WORDS.find(([below]) => bytesPerHour < below)?.[1] ?? '';
}
