import type { InstantRange, LifeTimeline } from '../../application/ports.ts';
import { HOUR_MS } from '../../domain/durations.ts';
import type { Reader } from './connections.ts';
import type { ParentIn, Rest } from './family-ends.ts';
import { readFamilyEnds } from './family-ends.ts';
import { readHalves } from './halves.ts';
import type { LifeRows, LoadedSegment } from './loaded-segment.ts';
import { hourOf, planRange, within } from './plan-range.ts';
import { integers } from './read-chunks.ts';
import { isWholeHour } from './read-timelines.ts';
import type { SegmentSpine } from './segment-spine.ts';
import type { TimelinePoints } from './timeline-points.ts';
import { openTimelinePoints } from './timeline-points.ts';

/** The sum of the children that have no line of their own: of each sample, or where hours are told each hour's mean. */

interface Sum {
  rss: number;
  subtree: number;
}

/** Sums by instant or hour. */
type Sums = Map<number, Sum>;

function addTo(sums: Sums, t: number, rss: number, subtree: number): void {
  const sum = sums.get(t) ?? { rss: 0, subtree: 0 };
  sum.rss += rss;
  sum.subtree += subtree;
  sums.set(t, sum);
}

interface HourSamples {
  count: number;
  readonly first: number;
}

function countSamples({ t, hasProcesses }: SegmentSpine): ReadonlyMap<number, HourSamples> {
  const hours = new Map<number, HourSamples>();
  t.forEach((one, at) => {
    if (hasProcesses[at] !== 1) return;
    const hour = hours.get(hourOf(one)) ?? { count: 0, first: one };
    hour.count++;
    hours.set(hourOf(one), hour);
  });
  return hours;
}

const counted = new WeakMap<SegmentSpine, ReadonlyMap<number, HourSamples>>();

/** Samples with processes of each hour of a segment: how many, and the first. They never change. */
function samplesOfHours({ spine }: LoadedSegment): ReadonlyMap<number, Readonly<HourSamples>> {
  const hours = counted.get(spine) ?? countSamples(spine);
  counted.set(spine, hours);
  return hours;
}

function addHours(
  points: TimelinePoints,
  { source, parent }: ParentIn,
  segment: LoadedSegment,
  hours: InstantRange,
  drawn: ReadonlySet<number>,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  const sums: Sums = new Map();
  for (const row of rollup.rowsOfChildren(parent)) {
    if (!isWholeHour(segment, row, hours)) continue;
    if (drawn.has(source.idOf(rollup.life[row]))) continue;
    addTo(sums, hourOf(rollup.firstT.at(row)), rollup.rss.sum.at(row), rollup.subtreeRss.sum.at(row));
  }
  const counts = samplesOfHours(segment);
  for (const [hour, sum] of sums) {
    const { count, first } = counts.get(hour) ?? { count: 1, first: hour + HOUR_MS / 2 };
    points.addSample(first, sum.rss / count, sum.subtree / count);
  }
}

function restOf(
  points: TimelinePoints,
  one: ParentIn,
  range: InstantRange,
  detail: LifeTimeline['detail'],
  drawn: ReadonlySet<number>,
): readonly InstantRange[] {
  const { segment } = one.source;
  if (!segment || detail === 'samples') return [range];
  const plan = planRange(segment.manifest, range);
  if (!plan) return [];
  addHours(points, one, segment, plan.hours, drawn);
  return plan.raw;
}

function addRows(sums: Sums, { source, parent }: ParentIn, rows: LifeRows, drawn: ReadonlySet<number>): void {
  for (let row = 0; row < rows.t.length; row++) {
    if (rows.parent[row] !== parent || drawn.has(source.idOf(rows.life[row]))) continue;
    addTo(sums, rows.t[row], rows.rss[row], rows.subtreeRss[row]);
  }
}

function selectOf({ source, parent, ranges }: Rest, drawn: ReadonlySet<number>): string {
  const left = [...drawn].map((id) => source.lifeOf(id)).filter((life) => life >= 0);
  const others = left.length > 0 ? `AND life NOT IN (${integers(left)})` : '';
  return `SELECT t::DOUBLE AS t, sum(rss_bytes)::DOUBLE, sum(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE
    FROM ${source.relation} WHERE ${within(ranges)} AND parent = ${parent} ${others} GROUP BY t`;
}

/** `drawn`: numbers of the lives that are left out. */
export async function sumChildren(
  reader: Reader,
  parents: readonly ParentIn[],
  { range, detail }: { readonly range: InstantRange; readonly detail: LifeTimeline['detail'] },
  drawn: ReadonlySet<number>,
): Promise<LifeTimeline> {
  const points = openTimelinePoints(detail);
  const rest = parents
    .map((one) => ({ ...one, ranges: restOf(points, one, range, detail, drawn) }))
    .filter(({ ranges }) => ranges.length > 0);
  const { told, untold } =
    detail === 'hours' ? await readFamilyEnds(reader, rest) : { told: [], untold: rest };
  const ends: Sums = new Map();
  for (const { of, rows } of told) addRows(ends, of, rows, drawn);
  for (const [t, { rss, subtree }] of ends) points.addSample(t, rss, subtree);
  const selects = untold.map((one) => selectOf(one, drawn));
  for (const [t, rss, subtree] of await readHalves(reader, selects, 'ORDER BY t'))
    for (let row = 0; row < t.length; row++) points.addSample(t[row], rss[row], subtree[row]);
  return points.finish();
}
