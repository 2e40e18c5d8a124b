import type { InitialData, LiveGap, LivePlace, LivePoint } from '../domain/live-point.ts';
import { LIVE } from '../domain/live-point.ts';
import { gapFrame, initialFrame, updateFrame } from './live-frames.ts';
import type { LiveClient, LiveFrame, LiveRequest } from './live-ports.ts';
import type { LiveEntry, LiveStart } from './live-ring.ts';
import { gapAfter, openLiveRing, startOf } from './live-ring.ts';

/** The points of a feed, and those who are sent them. */
export interface Audience {
  size(): number;
  newest(): LivePoint | null;
  history(n: number): readonly LivePoint[];
  initial(request: LiveRequest, intervalMs: number): InitialData;
  /** Sends what there is. @returns what takes the client away; false where it is gone already */
  join(client: LiveClient, request: LiveRequest, intervalMs: number): () => boolean;
  publish(point: LivePoint, gap: LiveGap | null, intervalMs: number): void;
  close(): void;
}

/** One client: what it has, and whether it takes it. */
interface Subscriber {
  readonly client: LiveClient;
  /** Sends the newest point, and first what lies before it; nothing where too much has not left yet. */
  offer(entry: LiveEntry, frame: LiveFrame): void;
  /** Whether it has taken nothing for so long that it is given up. */
  isStalled(): boolean;
}

/** A client that has so many bytes before it gets no more, and later the newest point only. */
export const MOST_BACKLOG = 256 * 1024;
const STALLED_MS = 30_000;

/** Tells whether a client takes what it is sent, by what has left since. */
function openProgress(client: LiveClient, monotonic: () => number) {
  let sent = 0;
  let gone = 0;
  let movedAt = monotonic();
  return {
    add(bytes: number) {
      sent += bytes;
    },
    isStalled() {
      const backlog = client.backlog();
      const now = monotonic();
      if (backlog === 0 || sent - backlog > gone) {
        gone = sent - backlog;
        movedAt = now;
      }
      return now - movedAt >= STALLED_MS;
    },
  };
}

function openSubscriber(
  client: LiveClient,
  feed: string,
  first: LiveFrame,
  monotonic: () => number,
): Subscriber {
  const progress = openProgress(client, monotonic);
  let last: LivePlace | null = null;
  const send = (frame: LiveFrame) => {
    progress.add(frame.text.length);
    client.send(frame);
    last = frame.place;
  };
  send(first);
  return {
    client,
    offer(entry, frame) {
      if (client.backlog() > MOST_BACKLOG) return;
      const gap = last && gapAfter(last, feed, entry);
      if (last && gap) send(gapFrame(gap, last));
      send(frame);
    },
    isStalled: progress.isStalled,
  };
}

function headOf(feed: string, newest: LiveEntry | null, intervalMs: number) {
  return {
    type: 'initial_data',
    feed,
    interval_seconds: intervalMs / 1000,
    seq: newest?.point.seq ?? 0,
  } as const;
}

function placeAfter(feed: string, { history }: LiveStart, after: LivePlace | null): LivePlace | null {
  const last = history.at(-1)?.point;
  return last ? { feed, seq: last.seq, t: last.t } : after;
}

export function openAudience(feed: string, monotonic: () => number): Audience {
  const ring = openLiveRing(LIVE.ring);
  const subscribers = new Set<Subscriber>();
  return {
    size: () => subscribers.size,
    newest: () => ring.newest()?.point ?? null,
    history: (n) => ring.last(n).map(({ point }) => point),
    initial({ after, n }, intervalMs) {
      const { history, gaps } = startOf(ring, feed, after, n);
      return {
        ...headOf(feed, ring.newest(), intervalMs),
        history: history.map(({ point }) => point),
        gaps,
      };
    },
    join(client, { after, n }, intervalMs) {
      const start = startOf(ring, feed, after, n);
      const head = headOf(feed, ring.newest(), intervalMs);
      const frame = initialFrame(head, start, placeAfter(feed, start, after));
      const subscriber = openSubscriber(client, feed, frame, monotonic);
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    publish(point, gap, intervalMs) {
      const entry = { point, json: JSON.stringify(point), gap };
      ring.push(entry);
      const frame = updateFrame(feed, entry, intervalMs);
      for (const subscriber of subscribers) {
        if (subscriber.isStalled()) {
          subscribers.delete(subscriber);
          subscriber.client.drop();
        } else subscriber.offer(entry, frame);
      }
    },
    close() {
      for (const { client } of subscribers) client.drop();
      subscribers.clear();
    },
  };
}
