import type { UseState } from '../domain/use-state.ts';
import { useStateOf } from '../domain/use-state.ts';
import type { LiveFeed } from './live-ports.ts';
import type { LiveClock } from './live-ticker.ts';
import { systemClock } from './live-ticker.ts';

/** Whether anybody uses the server. */
export interface Activity {
  /** Somebody asked for something, or left. */
  note(): void;
  /** Since when nobody has, in seconds; 0 while somebody watches. */
  idleSeconds(): number;
  /** Until the server ends if nobody asks; `null`: it stays. */
  secondsLeft(): number | null;
  /** Resolves when nobody has for so long; never where the server stays. */
  readonly isOver: Promise<void>;
  close(): void;
}

/**
 * @param watchers how many watch the live feed
 * @param limitMs after which the server is not needed any more; `null`: it is always
 */
export function openActivity(
  watchers: () => number,
  limitMs: number | null,
  clock: LiveClock = systemClock,
): Activity {
  let last = clock.monotonic();
  let takeBack = () => {};
  const idleMs = () => {
    if (watchers() > 0) last = clock.monotonic();
    return clock.monotonic() - last;
  };
  function wait(limit: number, done: () => void): void {
    const left = limit - idleMs();
    if (left <= 0) done();
    else takeBack = clock.after(left, () => wait(limit, done));
  }
  return {
    note() {
      last = clock.monotonic();
    },
    idleSeconds: () => idleMs() / 1000,
    secondsLeft: () => (limitMs === null ? null : Math.max(0, limitMs - idleMs()) / 1000),
    isOver: new Promise((resolve) => {
      if (limitMs !== null) wait(limitMs, resolve);
    }),
    close: () => takeBack(),
  };
}

export interface UseView {
  readonly status: UseState;
  readonly clients: number;
  readonly idle_seconds: number;
  /** Until the server ends if nobody asks; `null`: it stays. */
  readonly countdown_seconds: number | null;
}

/** Who uses the server, in the words of those dashboards. */
export function viewUse(live: Pick<LiveFeed, 'state' | 'clients'>, activity: Activity): UseView {
  const idle = activity.idleSeconds();
  const left = activity.secondsLeft();
  return {
    status: useStateOf({ feed: live.state(), idleSeconds: idle, mayEnd: left !== null }),
    clients: live.clients(),
    idle_seconds: idle,
    countdown_seconds: left,
  };
}
