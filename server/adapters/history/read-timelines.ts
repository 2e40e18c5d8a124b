import type { InstantRange, LifeTimeline } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { keepEnds, readEnds } from './end-rows.ts';
import { partByPart } from './halves.ts';
import type { AskedLives } from './life-rows.ts';
import { areSealed, readLifeRows } from './life-rows.ts';
import type { LifeRows, LoadedSegment } from './loaded-segment.ts';
import { hourOf, planRange } from './plan-range.ts';
import type { RowSource, SegmentSource } from './row-source.ts';
import type { TimelinePoints } from './timeline-points.ts';
import { openTimelinePoints } from './timeline-points.ts';

/** A life, as its source calls it. */
export interface AskedLife {
  readonly life: number;
  /** Only rows in which this life is the parent; `null`: all. */
  readonly parent: number | null;
}

/** Lives of one source that a question is about. */
export interface SourceLives {
  readonly source: RowSource;
  readonly lives: readonly AskedLife[];
}

/** What is left to rows. */
interface RawRows extends AskedLives {
  /** Of each asked life the one that must be its parent; `null`: any. */
  readonly parents: ReadonlyMap<number, number | null>;
}

type PointsOf = (id: number) => TimelinePoints;

function addRows({ source, parents }: RawRows, rows: LifeRows, pointsOf: PointsOf): void {
  for (let row = 0; row < rows.t.length; row++) {
    const life = rows.life[row];
    const asked = parents.get(life);
    if (asked === undefined || (asked !== null && asked !== rows.parent[row])) continue;
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
  ends: readonly (RawRows & AskedLives<SegmentSource>)[],
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
  { source, lives }: SourceLives,
  segment: LoadedSegment,
  hours: InstantRange,
  pointsOf: PointsOf,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  for (const { life, parent } of lives) {
    const points = pointsOf(source.idOf(life));
    for (let row = rollup.start[life]; row < rollup.start[life + 1]; row++)
      if ((parent === null || rollup.parent[row] === parent) && isWholeHour(segment, row, hours))
        points.addHour(rollup, row);
  }
}

/** What of the asked must be read from rows; the rest is added at once. */
function addKept(
  asked: readonly SourceLives[],
  range: InstantRange,
  detail: LifeTimeline['detail'],
  pointsOf: PointsOf,
): RawRows[] {
  return asked.flatMap((one): RawRows[] => {
    const { segment } = one.source;
    if (one.lives.length === 0) return [];
    const parents = new Map(one.lives.map(({ life, parent }) => [life, parent]));
    const rows = { source: one.source, lives: [...parents.keys()], parents };
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
  asked: readonly SourceLives[],
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
