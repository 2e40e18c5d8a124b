import type { Moment, RowTable } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { inHalves } from './halves.ts';
import { mergeTables } from './merge-tables.ts';
import type { SourceMoment } from './read-rows.ts';
import { readLastRows, readMomentRows } from './read-rows.ts';
import type { RowSource } from './row-source.ts';
import { withLastRows } from './segment-rows.ts';
import { spanOf } from './store.ts';

/** Those whose life is in the source that has the instant. */
function placeMoments(sources: HostSources, moments: readonly Moment[]): readonly SourceMoment[] {
  return moments.flatMap(({ life: id, t }, place) => {
    const source = sourceAt(sources, t);
    const life = source?.lifeOf(id) ?? -1;
    return source && life >= 0 ? [{ source, life, t, place }] : [];
  });
}

function isOfLastSample({ source: { segment }, life, t }: SourceMoment): boolean {
  return segment?.lives.lastT[life] === t;
}

function bySource(moments: readonly SourceMoment[]): ReadonlyMap<RowSource, readonly SourceMoment[]> {
  const sources = new Map<RowSource, SourceMoment[]>();
  for (const moment of moments) sources.set(moment.source, [...(sources.get(moment.source) ?? []), moment]);
  return sources;
}

/** Rows of lives at single instants, each from where it costs least. */
export async function readMoments(sources: HostSources, moments: readonly Moment[]): Promise<RowTable> {
  const { connection, host, beside } = sources;
  const placed = placeMoments(sources, moments);
  const ofLast = placed.filter(isOfLastSample).flatMap(({ source }) => source.segment ?? []);
  const apart = await withLastRows(connection, ofLast);
  const [rows, last]: SourceMoment[][] = [[], []];
  for (const moment of placed) {
    const { segment } = moment.source;
    (segment && apart.has(segment) && isOfLastSample(moment) ? last : rows).push(moment);
  }
  const span = (id: number) => spanOf(host, id);
  const [tables, lastTables] = await Promise.all([
    Promise.all([...bySource(rows)].map(([source, some]) => readMomentRows(connection, source, some, span))),
    beside((free) =>
      inHalves({ connection: free, beside }, [...bySource(last).values()], (one, half) =>
        readLastRows(one, half.flat(), span),
      ),
    ),
  ]);
  return mergeTables([...tables, ...lastTables]);
}
