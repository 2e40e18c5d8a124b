import type { InitialData, LiveGap, LiveMessage, LivePlace } from '../domain/live-point.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { LiveFrame } from './live-ports.ts';
import type { LiveEntry, LiveStart } from './live-ring.ts';

/** What clients are told, as text. A point is made JSON once, for the ring and for all who get it. */

type MessageOf<Type extends LiveMessage['type']> = Extract<LiveMessage, { type: Type }>;

/** @param place the last point that the client has */
export function gapFrame(gap: LiveGap, place: LivePlace): LiveFrame {
  const message: MessageOf<'gap'> = { type: 'gap', gap, seq: place.seq };
  return { text: JSON.stringify(message), place };
}

export function updateFrame(feed: string, { point, json }: LiveEntry, intervalMs: number): LiveFrame {
  const { t, seq } = point;
  const rest: Omit<MessageOf<'memory_update'>, 'type' | 'data'> = {
    timestamp: formatInstant(t),
    seq,
    interval_seconds: intervalMs / 1000,
  };
  const text = `{"type":"memory_update","data":${json},${JSON.stringify(rest).slice(1)}`;
  return { text, place: { feed, seq, t } };
}

/** @param place the last point that the client has after it */
export function initialFrame(
  head: Omit<InitialData, 'history' | 'gaps'>,
  { history, gaps }: LiveStart,
  place: LivePlace | null,
): LiveFrame {
  const start = JSON.stringify({ ...head, gaps }).slice(0, -1);
  return { text: `${start},"history":[${history.map(({ json }) => json).join(',')}]}`, place };
}
