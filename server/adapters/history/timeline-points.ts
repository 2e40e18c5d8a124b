import type { LifeTimeline, Series } from '../../application/ports.ts';
import type { SegmentRollup } from './segment-rollup.ts';

/** Builds one timeline of samples and hours, which may come in any order. */
export interface TimelinePoints {
  addSample(t: number, rss: number, subtreeRss: number): void;
  /** A row of a rollup. */
  addHour(rollup: SegmentRollup, row: number): void;
  finish(): LifeTimeline;
}

interface Points {
  readonly t: number[];
  readonly bytes: number[];
}

function push(points: Points, t: number, bytes: number): void {
  points.t.push(t);
  points.bytes.push(bytes);
}

function isAscending(t: readonly number[]): boolean {
  for (let at = 1; at < t.length; at++) if (t[at] <= t[at - 1]) return false;
  return true;
}

/** In order of time, each instant once. */
function inOrder(points: Points): Series {
  if (isAscending(points.t)) return points;
  const order = [...points.t.keys()].sort((a, b) => points.t[a] - points.t[b]);
  const kept = order.filter((at, place) => place === 0 || points.t[at] !== points.t[order[place - 1]]);
  return { t: kept.map((at) => points.t[at]), bytes: kept.map((at) => points.bytes[at]) };
}

export function openTimelinePoints(detail: LifeTimeline['detail']): TimelinePoints {
  const rss: Points = { t: [], bytes: [] };
  const subtree: Points = { t: [], bytes: [] };
  let samples = 0;
  let lastT = Number.NEGATIVE_INFINITY;
  return {
    addSample(t, rssBytes, subtreeBytes) {
      push(rss, t, rssBytes);
      push(subtree, t, subtreeBytes);
      samples++;
      lastT = Math.max(lastT, t);
    },
    addHour(rollup, row) {
      for (const [points, figure] of [
        [rss, rollup.rss],
        [subtree, rollup.subtreeRss],
      ] as const) {
        push(points, figure.minT.at(row), figure.min.at(row));
        push(points, figure.maxT.at(row), figure.max.at(row));
      }
      samples += rollup.samples[row];
      lastT = Math.max(lastT, rollup.lastT.at(row));
    },
    finish: () => ({ detail, samples, lastT, rss: inOrder(rss), subtreeRss: inOrder(subtree) }),
  };
}
