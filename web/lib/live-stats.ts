import type { Points, Span } from './series.ts';
import { extremesOf, isSeparated } from './series.ts';

/** A line in three figures: now, on the average, at most. */
export interface Standing {
  readonly now: number;
  readonly mean: number;
  readonly peak: number;
}

/** Over time, not over points: what was recorded has fewer of them than what is live. */
function meanAlong({ t, values }: Points, gaps: readonly Span[]): number | null {
  let sum = 0;
  let time = 0;
  for (let at = 1; at < t.length; at++) {
    const [left, right] = [values[at - 1], values[at]];
    if (left === null || right === null || isSeparated(gaps, t[at - 1], t[at])) continue;
    const length = t[at] - t[at - 1];
    sum += ((left + right) / 2) * length;
    time += length;
  }
  return time === 0 ? null : sum / time;
}

/** @returns `null` where nothing is known */
export function standingOf(points: Points, gaps: readonly Span[]): Standing | null {
  const found = extremesOf(points);
  if (!found) return null;
  const { last, high } = found;
  return { now: last.value, mean: meanAlong(points, gaps) ?? last.value, peak: high.value };
}
