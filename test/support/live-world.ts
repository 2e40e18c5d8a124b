import { openLiveFeed } from '../../server/application/live-feed.ts';
import type { LiveClient, LiveFeed, LiveRequest } from '../../server/application/live-ports.ts';
import type { LiveClock } from '../../server/application/live-ticker.ts';
import type { LiveMessage, LivePlace, LivePoint } from '../../server/domain/live-point.ts';
import type { LiveReading } from '../../server/domain/live-reading.ts';
import type { WatchGroup } from '../../server/domain/watch-group.ts';
import type { ProcessLiteral } from './dump-builder.ts';
import { buildSample } from './dump-builder.ts';

/** A feed whose time is a test's, over a host that it writes down, and clients of it. */

export interface FakeClock extends LiveClock {
  /** Lets time pass, and all that is due happen. */
  pass(ms: number): Promise<void>;
}

interface Timer {
  readonly due: number;
  readonly call: () => void;
}

/** What was promised is kept before time goes on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

export function openFakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<Timer>();
  const dueBy = (end: number) =>
    [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0] as Timer | undefined;
  return {
    monotonic: () => now,
    after(ms, call) {
      const timer = { due: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const end = now + ms;
      for (let next = dueBy(end); next; next = dueBy(end)) {
        timers.delete(next);
        now = Math.max(now, next.due);
        next.call();
        await settle();
      }
      now = end;
    },
  };
}

export interface LiveHost {
  readonly processes: readonly ProcessLiteral[];
  /** What a reading takes, in ms. */
  readonly takes?: number;
  /** Seconds that the host slept: they are in its uptime and not in the clock. */
  readonly asleep?: number;
  readonly busy?: number;
  readonly idle?: number;
}

const START = Date.UTC(2026, 0, 15, 12);

export function readingOf(at: number, host: LiveHost): LiveReading {
  const { processes, asleep = 0, busy = 0, idle = 0 } = host;
  const t = START + at + asleep * 1000;
  const sample = buildSample({ t: new Date(t).toISOString(), uptime: 1000 + at / 1000 + asleep, processes });
  if (!sample.processes) throw new Error('no processes');
  const pssAge = Array.from(sample.processes.numbers.pss_bytes, (pss) => (Number.isNaN(pss) ? Infinity : 0));
  const { system, processes: table } = sample;
  return { system, processes: table, pssAge, at, cpu: { busy, idle }, load: [1, 2, 3] };
}

export interface FakeLive {
  readonly feed: LiveFeed;
  readonly clock: FakeClock;
  /** The host as it is read from now on; an error is thrown in its place. */
  host: LiveHost | Error;
  readonly failures: unknown[];
  /** Pids that were to be looked at, by reading. */
  readonly watched: (readonly number[])[];
  readonly opened: () => number;
  readonly closed: () => number;
}

export function openFakeLive(groups: readonly WatchGroup[] = [], intervalMs = 1000, id = 'one'): FakeLive {
  const clock = openFakeClock();
  let [opened, closed] = [0, 0];
  const live: FakeLive = {
    clock,
    host: { processes: [{ pid: 1 }] },
    failures: [],
    watched: [],
    opened: () => opened,
    closed: () => closed,
    feed: openLiveFeed({
      openSampler() {
        opened++;
        return {
          async read(pids) {
            live.watched.push([...pids]);
            const { host } = live;
            if (host instanceof Error) throw host;
            if (host.takes) await new Promise<void>((done) => clock.after(host.takes ?? 0, done));
            return readingOf(clock.monotonic(), host);
          },
          close: () => closed++,
        };
      },
      groups: () => groups,
      onFailure: (error) => live.failures.push(error),
      id,
      intervalMs,
      clock,
    }),
  };
  return live;
}

/** A client that keeps what it is sent. */
export interface FakeClient extends LiveClient {
  /** It takes nothing: what it is sent is held, until it listens again or some is drained. */
  isDeaf: boolean;
  drain(bytes: number): void;
  readonly isDropped: () => boolean;
  readonly messages: readonly LiveMessage[];
}

export function openFakeClient(): FakeClient {
  const messages: LiveMessage[] = [];
  let isDropped = false;
  let held = 0;
  return {
    isDeaf: false,
    isDropped: () => isDropped,
    messages,
    drain(bytes) {
      held = Math.max(0, held - bytes);
    },
    send({ text }) {
      messages.push(JSON.parse(text));
      held += text.length;
    },
    backlog() {
      if (!this.isDeaf) held = 0;
      return held;
    },
    drop() {
      isDropped = true;
    },
  };
}

/** All points of what a client was sent, in the order in which it got them. */
export function pointsOf(messages: readonly LiveMessage[]): readonly LivePoint[] {
  return messages.flatMap((message) => {
    if (message.type === 'initial_data') return message.history;
    return message.type === 'memory_update' ? [message.data] : [];
  });
}

/** Where a client is after these messages. */
export function placeAfter(messages: readonly LiveMessage[], feed: string): LivePlace | null {
  const last = pointsOf(messages).at(-1);
  return last ? { feed, seq: last.seq, t: last.t } : null;
}

export const NOTHING: LiveRequest = { after: null, n: 100 };
