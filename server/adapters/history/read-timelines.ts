import type { InstantRange, LifeTimeline } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { readHalves } from './halves.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { hourOf, planRange, within } from './plan-range.ts';
import type { RowSource } from './row-source.ts';
import { ofLives } from './row-source.ts';
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

/** Rows of one source over ranges. */
interface RawRows extends SourceLives {
  readonly ranges: readonly InstantRange[];
}

/** The rows that were asked for. */
async function addRows(
  reader: Reader,
  requests: readonly RawRows[],
  pointsOf: (id: number) => TimelinePoints,
): Promise<void> {
  const selects = requests.map(
    ({ source, lives, ranges }, at) =>
      `SELECT ${at} AS source, life, parent, t::DOUBLE AS t, rss_bytes::DOUBLE,
         coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE
       FROM ${source.relation} WHERE ${within(ranges)} AND ${ofLives(lives.map(({ life }) => life))}`,
  );
  for (const columns of await readHalves(reader, selects)) addColumns(columns, requests, pointsOf);
}

function addColumns(
  columns: readonly Float64Array[],
  requests: readonly RawRows[],
  pointsOf: (id: number) => TimelinePoints,
): void {
  const parents = requests.map(({ lives }) => new Map(lives.map(({ life, parent }) => [life, parent])));
  const [at, life, parent, t, rss, subtree] = columns;
  for (let row = 0; row < t.length; row++) {
    const asked = parents[at[row]].get(life[row]) ?? null;
    if (asked !== null && asked !== parent[row]) continue;
    pointsOf(requests[at[row]].source.idOf(life[row])).addSample(t[row], rss[row], subtree[row]);
  }
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
  pointsOf: (id: number) => TimelinePoints,
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
  pointsOf: (id: number) => TimelinePoints,
): RawRows[] {
  return asked.flatMap((one): RawRows[] => {
    const { segment } = one.source;
    if (one.lives.length === 0) return [];
    if (!segment || detail === 'samples') return [{ ...one, ranges: [range] }];
    const plan = planRange(segment.manifest, range);
    if (!plan) return [];
    addHours(one, segment, plan.hours, pointsOf);
    return plan.raw.length > 0 ? [{ ...one, ranges: plan.raw }] : [];
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
  const pointsOf = (id: number): TimelinePoints => {
    const points = timelines.get(id) ?? openTimelinePoints(detail);
    timelines.set(id, points);
    return points;
  };
  await addRows(reader, addKept(asked, range, detail, pointsOf), pointsOf);
  return new Map([...timelines].map(([id, points]) => [id, points.finish()]));
}
