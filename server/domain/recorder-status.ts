import { GAP_FACTOR, medianSpacing } from './timeline.ts';

/** Whether a host is being recorded, judged by what is on disk. All times are epoch ms, spans seconds. */

export interface StatusFacts {
  readonly now: number;
  /** Who holds the lock of the dump folder, if anybody does. */
  readonly holder: { readonly pid: number; readonly since: number } | null;
  /** Instants of the dumps of the last day, in order. */
  readonly instants: readonly number[];
  /** The last dump's INTERVAL_S; `null` where it is not known. */
  readonly intervalSeconds: number | null;
}

/** Without an interval and without neighbours: the longest that anybody records at by default is a minute. */
const USUAL_SECONDS = 60;

/** The spacing that samples should have now, in seconds. */
export function usualSpacing({ instants, intervalSeconds }: StatusFacts): number {
  if (intervalSeconds !== null && intervalSeconds > 0) return intervalSeconds;
  return instants.length > 1 ? medianSpacing(instants, instants.length - 1) / 1000 : USUAL_SECONDS;
}

/**
 * A sample that is not older than three intervals is a sign of life, and so is a recorder that has only just
 * started. A process that holds the lock and writes nothing is not.
 */
export function isAlive(facts: StatusFacts): boolean {
  const { now, holder, instants } = facts;
  const patience = Math.max(usualSpacing(facts) * GAP_FACTOR, 2) * 1000;
  const last = instants.at(-1);
  if (last !== undefined && Math.abs(now - last) <= patience) return true;
  return holder !== null && now - holder.since <= patience;
}

export interface StatusGap {
  readonly from: number;
  readonly to: number;
}

/** Stretches of the last day without samples, and the one that lasts until now where recording is not alive. */
export function findGaps(facts: StatusFacts): readonly StatusGap[] {
  const { instants, now } = facts;
  const gaps = instants.flatMap((to, index) => {
    const from = instants[index - 1];
    return index > 0 && to - from > GAP_FACTOR * medianSpacing(instants, index) ? [{ from, to }] : [];
  });
  const last = instants.at(-1);
  return last === undefined || isAlive(facts) ? gaps : [...gaps, { from: last, to: now }];
}

const DAY_SECONDS = 86_400;

/** Days until `free` bytes are used up when `bytes` come in `seconds`; `null` where nothing tells. */
export function daysUntilFull(free: number, bytes: number, seconds: number): number | null {
  return bytes > 0 && seconds > 0 ? free / (bytes / seconds) / DAY_SECONDS : null;
}

/** Of one CPU: what recording is meant to cost at most. Where samples take too long, the interval is stretched (pace.ts). */
export const CPU_BUDGET = 0.01;

/** What `pmi status` tells. */
export interface RecorderStatus {
  readonly alive: boolean;
  readonly holder: { readonly pid: number; readonly since: string } | null;
  readonly last_sample: string | null;
  readonly age_seconds: number | null;
  readonly interval_seconds: number | null;
  readonly cost: {
    /** Of the recorder's own row in the last sample. */
    readonly cpu_seconds: number | null;
    readonly rss_bytes: number | null;
    /** Of its life so far: CPU seconds per second. */
    readonly cpu_share: number | null;
    readonly overrun_seconds: number | null;
  };
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly seconds: number }[];
  readonly disk: {
    readonly dumps: number;
    readonly bytes: number;
    readonly bytes_per_day: number | null;
    readonly free_bytes: number;
    readonly total_bytes: number;
  };
  /** At the rate of the last day, if nothing were removed. */
  readonly days_until_full: number | null;
}
