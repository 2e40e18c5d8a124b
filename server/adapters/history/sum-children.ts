import type { InstantRange, LifeTimeline } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { readHalves } from './halves.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { HOUR_MS, hourOf, planRange, within } from './plan-range.ts';
import type { ParentIn } from './rank-children.ts';
import { integers } from './read-chunks.ts';
import { isWholeHour } from './read-timelines.ts';
import type { TimelinePoints } from './timeline-points.ts';
import { openTimelinePoints } from './timeline-points.ts';

/** The sum of the children that have no line of their own: of each sample, or where hours are told each hour's mean. */

interface HourSum {
  rss: number;
  subtree: number;
}

/** Samples with processes of each hour of a segment: how many, and the first. */
function samplesOfHours({
  spine,
}: LoadedSegment): ReadonlyMap<number, { count: number; readonly first: number }> {
  const hours = new Map<number, { count: number; readonly first: number }>();
  spine.t.forEach((t, at) => {
    if (spine.hasProcesses[at] !== 1) return;
    const hour = hours.get(hourOf(t)) ?? { count: 0, first: t };
    hour.count++;
    hours.set(hourOf(t), hour);
  });
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
  const sums = new Map<number, HourSum>();
  for (let row = 0; row < rollup.parent.length; row++) {
    if (rollup.parent[row] !== parent || !isWholeHour(segment, row, hours)) continue;
    if (drawn.has(source.idOf(rollup.life[row]))) continue;
    const hour = hourOf(rollup.firstT.at(row));
    const sum = sums.get(hour) ?? { rss: 0, subtree: 0 };
    sum.rss += rollup.rss.sum.at(row);
    sum.subtree += rollup.subtreeRss.sum.at(row);
    sums.set(hour, sum);
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

/** `drawn`: numbers of the lives that are left out; `localOf`: what a source calls a life, −1 where it is not there. */
export async function sumChildren(
  reader: Reader,
  parents: readonly ParentIn[],
  asked: { readonly range: InstantRange; readonly detail: LifeTimeline['detail'] },
  drawn: ReadonlySet<number>,
): Promise<LifeTimeline> {
  const points = openTimelinePoints(asked.detail);
  const selects = parents.flatMap((one) => {
    const rest = restOf(points, one, asked.range, asked.detail, drawn);
    if (rest.length === 0) return [];
    const left = [...drawn].map((id) => one.source.lifeOf(id)).filter((life) => life >= 0);
    const others = left.length > 0 ? `AND life NOT IN (${integers(left)})` : '';
    return `SELECT t::DOUBLE AS t, sum(rss_bytes)::DOUBLE, sum(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE
      FROM ${one.source.relation} WHERE ${within(rest)} AND parent = ${one.parent} ${others} GROUP BY t`;
  });
  for (const [t, rss, subtree] of await readHalves(reader, selects, 'ORDER BY t'))
    for (let row = 0; row < t.length; row++) points.addSample(t[row], rss[row], subtree[row]);
  return points.finish();
}
