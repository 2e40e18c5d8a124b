import type { Clock } from './clock.ts';
import type { Pace } from './pace.ts';
import type { PlannedSample, WrittenDump } from './recording-session.ts';
import { overrunSeconds, tickAfter, tickAt } from './ticks.ts';

/** When samples are due: ticks of the interval in force, counted anew from the last sample when that changes. */
export interface Schedule {
  /** When the next sample is due, in ms since the first. */
  dueAt(): number;
  /** Ms from now; 0 when it is late. */
  untilDue(): number;
  /** A sample is taken now. */
  begin(): PlannedSample;
  /** It is finished. @param dump `null` when it failed */
  end(dump: WrittenDump | null): void;
}

/** After a failed sample a tick is let go by, but not for so long that a recording would resume late. */
const LONGEST_BACK_OFF_MS = 1000;

export function openSchedule(pace: Pace, clock: Clock): Schedule {
  const started = clock.monotonic();
  /** Tick 0, in ms since the start. */
  let origin = 0;
  let interval = pace.intervalMs;
  let due = 0;
  let tick = 0;
  let previous: number | null = null;
  const elapsed = () => clock.monotonic() - started;
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
    end(dump) {
      if (dump) {
        previous = tick;
        pace.afterSample(dump.tookMs, dump.scarcity);
        if (pace.intervalMs !== interval) countFromHere();
      }
      const backOff = dump ? 0 : Math.min(interval, LONGEST_BACK_OFF_MS);
      due = tickAfter(tick, elapsed() - origin + backOff, interval);
    },
  };
}
