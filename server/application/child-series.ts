import { valuesAlong } from '../domain/downsample.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import type { Gap } from '../domain/timeline.ts';
import { firstAtOrAfter } from '../domain/timeline.ts';
import type { Family, HostSpine, LifeTimeline, Series } from './ports.ts';
import type { Grain } from './time-series.ts';
import { grainFor, tellSeries } from './time-series.ts';

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

/** More series than this in one chart cannot be told apart. */
export const MOST_CHILDREN = 12;

/** Where hours are told, a child that is not seen for two of them was none. */
const LONGEST_STEP = 2 * HOUR_MS;

/** Both figures of a child at the same instants. */
interface Line {
  readonly t: readonly number[];
  readonly rss: readonly number[];
  readonly subtreeRss: readonly number[];
}

/** The values along instants among which are all of the series': between two of its own, that of the nearer. */
function nearest({ t, bytes }: Series, instants: readonly number[]): number[] {
  let at = 0;
  return instants.map((instant) => {
    while (at + 1 < t.length && Math.abs(t[at + 1] - instant) <= Math.abs(t[at] - instant)) at++;
    return bytes[at];
  });
}

function lineOf({ rss, subtreeRss, detail }: LifeTimeline): Line {
  if (detail === 'samples') return { t: rss.t, rss: rss.bytes, subtreeRss: subtreeRss.bytes };
  const t = [...new Set([...rss.t, ...subtreeRss.t])].sort((a, b) => a - b);
  return { t, rss: nearest(rss, t), subtreeRss: nearest(subtreeRss, t) };
}

/** Where a child's line must break: at gaps, and where samples lie between in which it was no child. */
function breaksOfSamples({ t }: Line, spine: HostSpine, gaps: readonly Gap[]): Gap[] {
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

/** As `breaksOfSamples`, where of each hour only some samples are told. */
function breaksOfHours({ t }: Line, gaps: readonly Gap[]): Gap[] {
  const steps = t.flatMap((to, at): Gap[] => {
    const from = t[at - 1];
    return at > 0 && to - from > LONGEST_STEP ? [{ from, to, reason: 'stopped' }] : [];
  });
  return [...gaps, ...steps].sort((a, b) => a.to - b.to);
}

function plotTimeline(timeline: LifeTimeline, spine: HostSpine, gaps: readonly Gap[], grain: Grain) {
  const line = lineOf(timeline);
  const breaks = timeline.detail === 'hours' ? breaksOfHours(line, gaps) : breaksOfSamples(line, spine, gaps);
  const { axis, told } = tellSeries(line.t, breaks, grainFor(timeline, grain), [line.rss, line.subtreeRss]);
  return {
    t: [...axis.t],
    rss_bytes: valuesAlong(axis, told(line.rss)),
    subtree_rss_bytes: valuesAlong(axis, told(line.subtreeRss)),
  };
}

/** Children in the order of the chart. @param rows of all that are drawn, which tell their commands */
export function plotChildren(
  { drawn, others, count }: Family,
  rows: readonly ProcessRow[],
  spine: HostSpine,
  gaps: readonly Gap[],
  grain: Grain,
): { children: ChildView[]; others: OthersView | null } {
  const commands = new Map(rows.map(({ key, cmd }) => [key, cmd]));
  return {
    children: drawn.map(({ life: { key, pid }, timeline }) => ({
      key,
      pid,
      cmd: commands.get(key) ?? null,
      ...plotTimeline(timeline, spine, gaps, grain),
    })),
    others: others && { processes: count - drawn.length, ...plotTimeline(others, spine, gaps, grain) },
  };
}
