import { HOUR_MS } from './durations.ts';
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

/** Smallest, largest and mean of what is known, as it comes. */
function openRange() {
  let count = 0;
  let sum = 0;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add(value: number | null) {
      if (value === null) return;
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    read: () => (count === 0 ? null : { count, min, max, mean: sum / count }),
  };
}

interface KnownPoint {
  readonly t: number;
  readonly bytes: number;
}

function growthOf(first: KnownPoint | null, last: KnownPoint | null) {
  if (!first || !last || first === last) return { growth_bytes: null, growth_bytes_per_hour: null };
  const growth = last.bytes - first.bytes;
  const hours = (last.t - first.t) / HOUR_MS;
  return { growth_bytes: growth, growth_bytes_per_hour: hours > 0 ? growth / hours : null };
}

export interface RunningSummary {
  /** Points come in order of time. */
  add(point: WatchPoint): void;
  /** RSS of the first sample in which something ran. */
  baseline(): number | null;
  read(): WatchSummary;
}

/** However long it is added to, it keeps only what the summary needs. */
export function openWatchSummary(): RunningSummary {
  const [rss, cpu] = [openRange(), openRange()];
  let samples = 0;
  let [began, ended] = [0, 0];
  let first: KnownPoint | null = null;
  let last: KnownPoint | null = null;
  return {
    add({ t, rss_bytes: bytes, cpu_percent }) {
      if (samples++ === 0) began = t;
      ended = t;
      rss.add(bytes);
      cpu.add(cpu_percent);
      if (bytes === null) return;
      last = { t, bytes };
      first ??= last;
    },
    baseline: () => first?.bytes ?? null,
    read() {
      const [range, busy] = [rss.read(), cpu.read()];
      return {
        samples,
        running: range?.count ?? 0,
        seconds: (ended - began) / 1000,
        rss_min_bytes: range?.min ?? null,
        rss_max_bytes: range?.max ?? null,
        rss_mean_bytes: range?.mean ?? null,
        variation_bytes: range && range.max - range.min,
        ...growthOf(first, last),
        cpu_mean_percent: busy?.mean ?? null,
        cpu_max_percent: busy?.max ?? null,
      };
    },
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
