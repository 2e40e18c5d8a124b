import type { Pace } from './pace.ts';
import { overrunSeconds, tickAfter, tickAt } from './ticks.ts';

/** What the schedule knows of a sample. */
export interface PlannedSample {
  /** The interval in force, in ms; `null` for a single sample of which nobody has said how often it is taken. */
  readonly intervalMs: number | null;
  /** Planned seconds without a sample before it. */
  readonly overrun: number;
}

/** What the schedule learns from a sample. */
export interface FinishedSample {
  /** From its first read to its end, in ms. */
  readonly tookMs: number;
  /** Why memory is scarce, for a person; `null` when it is not. */
  readonly scarcity: string | null;
}

/** When samples are due: ticks of the interval in force, counted anew from the last sample when that changes. */
export interface Schedule {
  /** When the next sample is due, in ms since the first. */
  dueAt(): number;
  /** Ms from now; 0 when it is late. */
  untilDue(): number;
  /** A sample is taken now. */
  begin(): PlannedSample;
  /** It is finished. @param sample `null` when it failed */
  end(sample: FinishedSample | null): void;
}

/** After a failed sample a tick is let go by, but not for so long that a recording would resume late. */
const LONGEST_BACK_OFF_MS = 1000;

export function openSchedule(pace: Pace, monotonic: () => number): Schedule {
  const started = monotonic();
  /** Tick 0, in ms since the start. */
  let origin = 0;
  let interval = pace.intervalMs;
  let due = 0;
  let tick = 0;
  let previous: number | null = null;
  const elapsed = () => monotonic() - started;
  const dueAt = () => origin + due * interval;

  function countFromHere(): void {
    origin += tick * interval;
    interval = pace.intervalMs;
    tick = 0;
    previous = 0;
  }

  return {
    dueAt,
    untilDue: () => Math.max(0, dueAt() - elapsed()),
    begin() {
      tick = tickAt(elapsed() - origin, due, interval);
      return { intervalMs: interval, overrun: overrunSeconds(previous, tick, interval) };
    },
    end(sample) {
      if (sample) {
        previous = tick;
        pace.afterSample(sample.tookMs, sample.scarcity);
        if (pace.intervalMs !== interval) countFromHere();
      }
      const backOff = sample ? 0 : Math.min(interval, LONGEST_BACK_OFF_MS);
      due = tickAfter(tick, elapsed() - origin + backOff, interval);
    },
  };
}
