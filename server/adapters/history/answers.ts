import type {
  Detail,
  InstantRange,
  LifeStatistics,
  LifeTimeline,
  Moment,
  RowTable,
  SystemSeries,
  SystemSeriesId,
} from '../../application/ports.ts';
import { firstAtOrAfter, lastAtOrBefore } from '../../domain/timeline.ts';
import type { Reader } from './connections.ts';
import { alongSpine } from './host-figures.ts';
import type { HostHistory } from './host-history.ts';
import { loadRollups } from './load-rollups.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { integers, readColumns } from './read-chunks.ts';
import { readSnapshotRows } from './read-rows.ts';
import { partlyCovered, readStatistics } from './read-statistics.ts';
import type { FamilyIn } from './read-timelines.ts';
import { readTimelines } from './read-timelines.ts';
import type { RowSource } from './row-source.ts';
import { placeOfInstant } from './sealed-host.ts';
import { readFigures } from './segment-spine.ts';
import { spanOf } from './store.ts';

/** What the history answers about one host, from its segments and its tail. */
export interface HostSources extends Reader {
  readonly host: HostHistory;
  readonly tail: RowSource;
}

/** Segments that a range touches, by their places. */
export function touched({ sealed }: HostHistory, range: InstantRange): readonly number[] {
  return [...sealed.segments.keys()].filter((at) => {
    const { from, to } = sealed.segments[at].manifest;
    return from <= range.to && range.from <= to;
  });
}

async function loadFigures({ host, connection }: HostSources, ids: readonly SystemSeriesId[]): Promise<void> {
  const { samples, sealed } = host;
  const missing = samples.figures.missing(ids);
  if (missing.length === 0) return;
  const unread = sealed.segments.filter(({ figures }) => missing.some((id) => !figures[id]));
  if (unread.length > 0) {
    const read = await readFigures(connection, unread, missing);
    for (const [at, segment] of unread.entries()) segment.figures = { ...segment.figures, ...read[at] };
  }
  const along = { t: samples.spine.t, sealed: samples.sealed };
  const figures = sealed.segments.map((segment) => segment.figures);
  for (const id of missing)
    samples.figures.setColumn(id, alongSpine(id, along, figures, samples.tailFigures), along.t.length);
  shareFigures(host, missing);
}

/** Segments then hold no figures of their own, but the part of the host's columns in which theirs are. */
function shareFigures({ samples, sealed }: HostHistory, ids: readonly SystemSeriesId[]): void {
  const { t } = samples.spine;
  for (const segment of sealed.segments) {
    const { from, to, samples: count } = segment.manifest;
    const first = firstAtOrAfter(t, from);
    // Not where samples that were found later lie between.
    if (t[first + count - 1] !== to) continue;
    const parts = ids.map((id) => [id, samples.figures.column(id).subarray(first, first + count)]);
    segment.figures = { ...segment.figures, ...Object.fromEntries(parts) };
  }
}

export async function readSystem<Id extends SystemSeriesId>(
  sources: HostSources,
  ids: readonly Id[],
  range: InstantRange,
): Promise<SystemSeries<Id>> {
  await loadFigures(sources, ids);
  const { spine, figures, instants } = sources.host.samples;
  const first = firstAtOrAfter(spine.t, range.from);
  const end = Math.max(first, lastAtOrBefore(spine.t, range.to) + 1);
  const columns = ids.map((id) => [id, figures.column(id).subarray(first, end)]);
  return { t: instants().subarray(first, end), values: Object.fromEntries(columns) };
}

/** Where the sample at exactly `t` is; `null` where there is none with processes. */
export function sourceAt({ host, tail }: HostSources, t: number): RowSource | null {
  const { spine, sealed } = host.samples;
  const index = lastAtOrBefore(spine.t, t);
  if (index < 0 || spine.t[index] !== t || spine.hasProcesses[index] === 0) return null;
  return sealed[index] === 1 ? host.sealed.sources[placeOfInstant(host.sealed, t)] : tail;
}

/** Who looks at an instant asks for statistics up to it, too: the hours of its day come into memory beside the rows. */
export async function readSnapshot(sources: HostSources, t: number): Promise<RowTable | null> {
  const { connection, host, beside } = sources;
  const source = sourceAt(sources, t);
  if (!source) return null;
  const begun = partlyCovered(source.segment ? [source.segment] : [], {
    from: Number.NEGATIVE_INFINITY,
    to: t,
  });
  const [rows] = await Promise.all([
    readSnapshotRows(connection, source, t, (id) => spanOf(host, id)),
    beside((free) => loadRollups({ connection: free, beside }, begun)),
  ]);
  return rows;
}

/** The life is in each sample of a segment between its first and its last there: no row need be looked for. */
function isInAll({ spine, lives }: LoadedSegment, life: number): boolean {
  let possible = 0;
  const end = lastAtOrBefore(spine.t, lives.lastT[life]);
  for (let at = firstAtOrAfter(spine.t, lives.firstT[life]); at <= end; at++)
    possible += spine.hasProcesses[at];
  return possible === lives.samples[life];
}

export async function isSeen(sources: HostSources, { life, t }: Moment): Promise<boolean> {
  const source = sourceAt(sources, t);
  const local = source?.lifeOf(life) ?? -1;
  if (!source || local < 0) return false;
  const { segment, relation } = source;
  if (segment) {
    const { firstT, lastT } = segment.lives;
    if (t < firstT[local] || lastT[local] < t) return false;
    if (isInAll(segment, local)) return true;
  }
  const found = `SELECT 1 FROM ${relation} WHERE life = ${local} AND t = ${integers([t])} LIMIT 1`;
  return (await readColumns(sources.connection, found))[0].length > 0;
}

export async function readLifeStatistics(
  sources: HostSources,
  ids: readonly number[],
  range: InstantRange,
): Promise<ReadonlyMap<number, LifeStatistics>> {
  const { host, tail } = sources;
  await loadRollups(sources, partlyCovered(host.sealed.segments, range));
  const inTail = ids.filter((id) => host.lives.has(id));
  const ofTail = inTail.length > 0 ? { source: tail, lives: inTail, ranges: [range] } : null;
  return readStatistics(sources, host.sealed, ofTail, ids, range);
}

/** By hours where a range has more samples than asked for, and segments. */
export function detailOf(
  host: HostHistory,
  range: InstantRange,
  { samples }: Detail,
): LifeTimeline['detail'] {
  const { t } = host.samples.spine;
  const count = lastAtOrBefore(t, range.to) - firstAtOrAfter(t, range.from) + 1;
  return count > samples && touched(host, range).length > 0 ? 'hours' : 'samples';
}

/** Where in a range a life is, as each source calls it. */
export function placesOf({ host, tail }: HostSources, id: number, range: InstantRange) {
  const { sources, segments, lives } = host.sealed;
  const places: { readonly source: RowSource; readonly life: number }[] = [];
  lives.eachOf(id, (at, life) => {
    const { firstT, lastT } = segments[at].lives;
    if (firstT[life] <= range.to && range.from <= lastT[life]) places.push({ source: sources[at], life });
  });
  if (host.lives.has(id)) places.push({ source: tail, life: id });
  return places;
}

/** Brings the hours of these sources into memory. */
export function loadHours(
  sources: HostSources,
  places: readonly { readonly source: RowSource }[],
): Promise<void> {
  return loadRollups(
    sources,
    places.flatMap(({ source }) => source.segment ?? []),
  );
}

export const NO_SAMPLES: LifeTimeline = {
  detail: 'samples',
  samples: 0,
  lastT: Number.NEGATIVE_INFINITY,
  rss: { t: [], bytes: [] },
  subtreeRss: { t: [], bytes: [] },
};

export async function readTimeline(
  sources: HostSources,
  id: number,
  range: InstantRange,
  asked: Detail,
): Promise<LifeTimeline> {
  const { host } = sources;
  const detail = detailOf(host, range, asked);
  const places = placesOf(sources, id, range);
  if (detail === 'hours') await loadHours(sources, places);
  const alone = places.map(({ source, life }): FamilyIn => ({ source, parent: life, children: [] }));
  return (await readTimelines(sources, alone, range, detail)).get(id) ?? NO_SAMPLES;
}
