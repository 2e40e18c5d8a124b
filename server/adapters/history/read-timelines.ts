import type { InstantRange, LifeTimeline } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { keepEnds, readEnds } from './end-rows.ts';
import type { ParentIn } from './family-ends.ts';
import { partByPart } from './halves.ts';
import type { AskedLives } from './life-rows.ts';
import { areSealed, readLifeRows } from './life-rows.ts';
import type { LifeRows, LoadedSegment } from './loaded-segment.ts';
import { hourOf, planRange } from './plan-range.ts';
import type { RowSource, SegmentSource } from './row-source.ts';
import type { TimelinePoints } from './timeline-points.ts';
import { openTimelinePoints } from './timeline-points.ts';

/** A process in one source, and children of it there. Of a child counts only what shows it as one. */
export interface FamilyIn extends ParentIn {
  readonly children: readonly number[];
}

/** What is left to rows; the lives are the whole family. */
type RawRows<Source extends RowSource = RowSource> = FamilyIn & AskedLives<Source>;

type PointsOf = (id: number) => TimelinePoints;

/** `rows` may be of others, too. */
function addRows({ source, parent, lives }: RawRows, rows: LifeRows, pointsOf: PointsOf): void {
  const asked = new Set(lives);
  for (let row = 0; row < rows.t.length; row++) {
    const life = rows.life[row];
    if (!asked.has(life) || (life !== parent && rows.parent[row] !== parent)) continue;
    pointsOf(source.idOf(life)).addSample(rows.t[row], rows.rss[row], rows.subtreeRss[row]);
  }
}

/** Each sample of a range; who is described over the range afterwards finds its ends. */
async function addSamples(
  reader: Reader,
  requests: readonly RawRows[],
  range: InstantRange,
  pointsOf: PointsOf,
): Promise<void> {
  const read = new Map<RawRows, LifeRows>();
  await partByPart(reader, requests, async (connection, one) => {
    const rows = await readLifeRows(connection, one);
    read.set(one, rows);
    if (!areSealed(one)) return;
    const ends = planRange(one.source.segment.manifest, range)?.raw ?? [];
    if (ends.length > 0) keepEnds({ ...one, ranges: ends }, rows);
  });
  // In order of time, in which points need not be sorted.
  for (const one of requests) {
    const rows = read.get(one);
    if (rows) addRows(one, rows, pointsOf);
  }
}

/** What hours leave of a range. */
async function addEnds(
  reader: Reader,
  ends: readonly RawRows<SegmentSource>[],
  pointsOf: PointsOf,
): Promise<void> {
  const read = await readEnds(reader, ends);
  for (const [at, tables] of read.entries()) for (const rows of tables) addRows(ends[at], rows, pointsOf);
}

/** The rows of a segment's rollup that count as hours of a range. */
export function isWholeHour({ rollup }: LoadedSegment, row: number, hours: InstantRange): boolean {
  const hour = hourOf(rollup?.firstT.at(row) ?? 0);
  return hours.from <= hour && hour < hours.to;
}

function addHours(
  { source, parent, children }: FamilyIn,
  segment: LoadedSegment,
  hours: InstantRange,
  pointsOf: PointsOf,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  for (const life of [parent, ...children]) {
    const points = pointsOf(source.idOf(life));
    for (let row = rollup.start[life]; row < rollup.start[life + 1]; row++)
      if ((life === parent || rollup.parent[row] === parent) && isWholeHour(segment, row, hours))
        points.addHour(rollup, row);
  }
}

/** What of the asked must be read from rows; the rest is added at once. */
function addKept(
  asked: readonly FamilyIn[],
  range: InstantRange,
  detail: LifeTimeline['detail'],
  pointsOf: PointsOf,
): RawRows[] {
  return asked.flatMap((one): RawRows[] => {
    const { segment } = one.source;
    const rows = { ...one, lives: [one.parent, ...one.children] };
    if (!segment || detail === 'samples') return [{ ...rows, ranges: [range] }];
    const plan = planRange(segment.manifest, range);
    if (!plan) return [];
    addHours(one, segment, plan.hours, pointsOf);
    return plan.raw.length > 0 ? [{ ...rows, ranges: plan.raw }] : [];
  });
}

/** Timelines by life number. Where hours are asked for, the rollups must be in memory. */
export async function readTimelines(
  reader: Reader,
  asked: readonly FamilyIn[],
  range: InstantRange,
  detail: LifeTimeline['detail'],
): Promise<ReadonlyMap<number, LifeTimeline>> {
  const timelines = new Map<number, TimelinePoints>();
  const pointsOf: PointsOf = (id) => {
    const points = timelines.get(id) ?? openTimelinePoints(detail);
    timelines.set(id, points);
    return points;
  };
  const rest = addKept(asked, range, detail, pointsOf);
  const ends = detail === 'hours' ? rest.filter(areSealed) : [];
  const samples = detail === 'hours' ? rest.filter((one) => !areSealed(one)) : rest;
  await addEnds(reader, ends, pointsOf);
  await addSamples(reader, samples, range, pointsOf);
  return new Map([...timelines].map(([id, points]) => [id, points.finish()]));
}
