import { openPace } from '../domain/pace.ts';
import type { Schedule } from '../domain/sample-schedule.ts';
import { openSchedule } from '../domain/sample-schedule.ts';

/** Time as the feed sees it; tests bring their own. */
export interface LiveClock {
  /** Ms; no step of the wall clock moves it. */
  monotonic(): number;
  /** @returns what takes the call back */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: LiveClock = {
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

interface TickerWork {
  /** Asked before each tick. */
  readonly isWanted: () => boolean;
  /** Never rejects. @returns whether it succeeded */
  readonly tick: () => Promise<boolean>;
  /** There are no ticks until it is woken again. */
  readonly rest: () => void;
}

/** Ticks at absolute times while they are wanted, one at a time, as the recorder samples. */
export interface LiveTicker {
  /** The interval in force, in ms: longer than asked for where ticks take too long. */
  readonly intervalMs: number;
  /** Begins to tick, at once, unless it does already. */
  wake(): void;
  /** Ticks at another interval from now on. */
  retime(intervalMs: number): void;
  /** A tick in hand is finished. */
  close(): void;
}

function openTicks(intervalMs: number, clock: LiveClock) {
  const pace = openPace({ intervalMs, pressureIntervalMs: intervalMs, note: () => undefined });
  return { pace, schedule: openSchedule(pace, clock.monotonic) };
}

async function tickOnce(schedule: Schedule, tick: () => Promise<boolean>, clock: LiveClock): Promise<void> {
  schedule.begin();
  const start = clock.monotonic();
  const isDone = await tick();
  schedule.end(isDone ? { tookMs: clock.monotonic() - start, scarcity: null } : null);
}

export function openTicker(intervalMs: number, work: TickerWork, clock: LiveClock): LiveTicker {
  let asked = intervalMs;
  let ticks = openTicks(asked, clock);
  let state: 'resting' | 'waiting' | 'ticking' | 'closed' = 'resting';
  let takeBack = () => {};

  function rest(): void {
    state = 'resting';
    work.rest();
  }

  function plan(): void {
    state = 'waiting';
    takeBack = clock.after(ticks.schedule.untilDue(), () => void run());
  }

  async function run(): Promise<void> {
    if (!work.isWanted()) return rest();
    state = 'ticking';
    await tickOnce(ticks.schedule, work.tick, clock);
    if (state === 'ticking') plan();
    else work.rest();
  }

  return {
    get intervalMs() {
      return ticks.pace.intervalMs;
    },
    wake() {
      if (state !== 'resting') return;
      ticks = openTicks(asked, clock);
      plan();
    },
    retime(ms) {
      asked = ms;
      ticks = openTicks(asked, clock);
      if (state !== 'waiting') return;
      takeBack();
      plan();
    },
    close() {
      takeBack();
      if (state === 'waiting') work.rest();
      state = 'closed';
    },
  };
}
