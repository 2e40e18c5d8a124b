import { setTimeout as wait } from 'node:timers/promises';

/** Time as the recorder sees it; tests bring their own. */
export interface Clock {
  /** The wall clock: epoch milliseconds UTC. It may step. */
  now(): number;
  /** Milliseconds from some point in the past; no step of the wall clock moves it. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal is raised. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    await wait(Math.ceil(ms), undefined, { signal }).catch(() => undefined);
  },
};
