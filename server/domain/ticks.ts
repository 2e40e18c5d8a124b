/**
 * The schedule: tick `k` is due at `k × interval` after the start, by the monotonic clock. Due times are never
 * computed from the previous sample, so lateness does not add up; what was missed is skipped, never made up for.
 * All times are milliseconds since the start.
 */

/** The tick that is sampled when the recorder wakes at `elapsed` for `due`: a later one if it overslept. */
export function tickAt(elapsed: number, due: number, interval: number): number {
  return Math.max(due, Math.floor(elapsed / interval));
}

/** The next tick to wake for, after `done` was finished (or given up) at `elapsed`. */
export function tickAfter(done: number, elapsed: number, interval: number): number {
  return Math.max(done + 1, Math.ceil(elapsed / interval));
}

/** OVERRUN_S: planned seconds without a sample between two ticks; 0 where none was skipped. */
export function overrunSeconds(previous: number | null, tick: number, interval: number): number {
  return previous === null ? 0 : ((tick - previous - 1) * interval) / 1000;
}
