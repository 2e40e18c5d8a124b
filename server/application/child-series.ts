import { valuesAlong } from '../domain/downsample.ts';
import type { Gap } from '../domain/timeline.ts';
import { firstAtOrAfter } from '../domain/timeline.ts';
import type { HostSpine, Life, LifeTimeline, Moment } from './ports.ts';
import { plotAxis } from './time-series.ts';

/** Direct children along time: each over the samples in which it was one; the many small ones in one sum. */

type Values = (number | null)[];

export interface ChildView {
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly t: number[];
  readonly rss_bytes: Values;
  readonly subtree_rss_bytes: Values;
}

export interface OthersView {
  readonly processes: number;
  readonly t: number[];
  readonly rss_bytes: Values;
  readonly subtree_rss_bytes: Values;
}

export interface Child {
  readonly life: Life;
  readonly timeline: LifeTimeline;
}

/** More series than this in one chart cannot be told apart. */
export const MOST_CHILDREN = 12;

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Largest subtree first, ties by pid, then by age. */
function byLargestSubtree(children: readonly Child[]): Child[] {
  const peaks = new Map(children.map((child) => [child, largest(child.timeline.subtreeRss)]));
  return [...children].sort(
    (a, b) =>
      (peaks.get(b) ?? 0) - (peaks.get(a) ?? 0) ||
      a.life.pid - b.life.pid ||
      a.life.firstSeen - b.life.firstSeen,
  );
}

/** Where a child's line must break: at gaps, and where samples lie between in which it was no child. */
function breaksOf({ t }: LifeTimeline, spine: HostSpine, gaps: readonly Gap[]): Gap[] {
  const breaks: Gap[] = [];
  const ends = new Set(gaps.map((gap) => gap.to));
  let at = firstAtOrAfter(spine.t, t[0] ?? 0);
  for (let point = 1; point < t.length; point++) {
    const before = at;
    while (spine.t[at] < t[point]) at++;
    let broken = ends.has(t[point]);
    for (let between = before + 1; between < at; between++)
      broken ||= spine.hasProcesses[between] === 1 || ends.has(spine.t[between]);
    if (broken) breaks.push({ from: t[point - 1], to: t[point], reason: 'stopped' });
  }
  return breaks;
}

function plotTimeline(timeline: LifeTimeline, spine: HostSpine, gaps: readonly Gap[], px: number) {
  const breaks = breaksOf(timeline, spine, gaps);
  const axis = plotAxis(timeline.t, [timeline.rss, timeline.subtreeRss], breaks, px);
  return {
    t: [...axis.t],
    rss_bytes: valuesAlong(axis, timeline.rss),
    subtree_rss_bytes: valuesAlong(axis, timeline.subtreeRss),
  };
}

/** Sum per instant over several children. */
function sumTimelines(timelines: readonly LifeTimeline[]): LifeTimeline {
  const sums = new Map<number, { rss: number; subtreeRss: number }>();
  for (const { t, rss, subtreeRss } of timelines)
    t.forEach((instant, at) => {
      const sum = sums.get(instant) ?? { rss: 0, subtreeRss: 0 };
      sum.rss += rss[at];
      sum.subtreeRss += subtreeRss[at];
      sums.set(instant, sum);
    });
  const points = [...sums].sort(([a], [b]) => a - b);
  return {
    t: points.map(([t]) => t),
    rss: points.map(([, sum]) => sum.rss),
    subtreeRss: points.map(([, sum]) => sum.subtreeRss),
  };
}

/** `moments`: each child at its last sample in the range as a child, in the order of the chart. */
export function plotChildren(
  children: readonly Child[],
  spine: HostSpine,
  gaps: readonly Gap[],
  px: number,
): { children: ChildView[]; others: OthersView | null; moments: Moment[] } {
  const ordered = byLargestSubtree(children);
  const rest = ordered.slice(MOST_CHILDREN).map((child) => child.timeline);
  return {
    children: ordered.slice(0, MOST_CHILDREN).map(({ life, timeline }) => ({
      key: life.key,
      pid: life.pid,
      cmd: life.cmd,
      ...plotTimeline(timeline, spine, gaps, px),
    })),
    others:
      rest.length > 0
        ? { processes: rest.length, ...plotTimeline(sumTimelines(rest), spine, gaps, px) }
        : null,
    moments: ordered.map(({ life, timeline }) => ({ life: life.id, t: timeline.t[timeline.t.length - 1] })),
  };
}
