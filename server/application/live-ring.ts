import type { LiveGap, LivePlace, LivePoint } from '../domain/live-point.ts';

/** A point with what clients are told of it. */
export interface LiveEntry {
  readonly point: LivePoint;
  /** The point as JSON. */
  readonly json: string;
  /** Between it and the point before; `null`: there is none. */
  readonly gap: LiveGap | null;
}

/** The newest points. */
export interface LiveRing {
  push(entry: LiveEntry): void;
  newest(): LiveEntry | null;
  /** The newest, at most `n`, oldest first. */
  last(n: number): readonly LiveEntry[];
}

export function openLiveRing(capacity: number): LiveRing {
  const entries: LiveEntry[] = [];
  /** Where the oldest is, once the ring is full. */
  let start = 0;
  const at = (index: number) => entries[(start + index) % entries.length];
  return {
    push(entry) {
      if (entries.length < capacity) entries.push(entry);
      else {
        entries[start] = entry;
        start = (start + 1) % capacity;
      }
    },
    newest: () => (entries.length === 0 ? null : at(entries.length - 1)),
    last: (n) =>
      Array.from({ length: Math.min(n, entries.length) }, (_, k) => at(Math.max(0, entries.length - n) + k)),
  };
}

/** What a client gets when it comes. */
export interface LiveStart {
  readonly history: readonly LiveEntry[];
  /** Between what it gets, and before it where it has earlier points. */
  readonly gaps: readonly LiveGap[];
}

/** What lies between the last point of a client and the next one that it gets; `null`: nothing is missing. */
export function gapAfter(place: LivePlace, feed: string, { point, gap }: LiveEntry): LiveGap | null {
  const isNext = place.feed === feed && place.seq + 1 === point.seq;
  if (isNext) return gap;
  return { from: place.t, to: point.t, reason: place.feed === feed ? 'slow' : 'restart' };
}

/**
 * @param after what the client has: it gets all that came since and is still there; of another feed, what is later
 * @param n how many points it gets otherwise
 */
export function startOf(ring: LiveRing, feed: string, after: LivePlace | null, n: number): LiveStart {
  const isMissed = ({ point }: LiveEntry) =>
    after === null || (after.feed === feed ? point.seq > after.seq : point.t > after.t);
  const history = ring.last(after?.feed === feed ? Number.POSITIVE_INFINITY : n).filter(isMissed);
  const [first, ...rest] = history;
  const gaps = rest.map(({ gap }) => gap);
  if (first && after) gaps.unshift(gapAfter(after, feed, first));
  return { history, gaps: gaps.filter((gap) => gap !== null) };
}
