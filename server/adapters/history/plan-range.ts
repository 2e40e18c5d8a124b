import type { InstantRange } from '../../application/ports.ts';
import { HOUR_MS } from '../../domain/durations.ts';
import type { SegmentManifest } from './segment.ts';

/** What of a segment answers a question about a range. */
export interface RangePlan {
  /** The hours that lie in the range as a whole, by their begin: `to` is the first that does not. */
  readonly hours: InstantRange;
  /** The rest, for which rows must be read. */
  readonly raw: readonly InstantRange[];
}

/** `null` where the range does not touch the segment. A range that covers it has no rest. */
export function planRange({ from, to }: SegmentManifest, range: InstantRange): RangePlan | null {
  if (range.to < from || to < range.from) return null;
  const first = range.from <= from ? from - HOUR_MS : Math.ceil(range.from / HOUR_MS) * HOUR_MS;
  const end = range.to >= to ? to + 1 : Math.floor((range.to + 1) / HOUR_MS) * HOUR_MS;
  if (first >= end) return { hours: { from: 0, to: 0 }, raw: [range] };
  const raw: InstantRange[] = [];
  if (range.from > from && range.from < first) raw.push({ from: range.from, to: first - 1 });
  if (range.to < to && end <= range.to) raw.push({ from: end, to: range.to });
  return { hours: { from: first, to: end }, raw };
}

/** Begin of the hour. */
export function hourOf(t: number): number {
  return Math.floor(t / HOUR_MS) * HOUR_MS;
}

/** No instant that a Date can hold is further away. */
const FARTHEST = 8.64e15;

function bounded(t: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, t));
}

/** SQL: the instant lies in one of these. */
export function within(ranges: readonly InstantRange[]): string {
  const conditions = ranges.map(
    ({ from, to }) => `t BETWEEN ${Math.ceil(bounded(from))} AND ${Math.floor(bounded(to))}`,
  );
  return `(${conditions.join(' OR ')})`;
}
