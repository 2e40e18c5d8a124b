import type { Moment, RowTable } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { mergeTables } from './merge-tables.ts';
import type { PlacedMoment, SourceMoment } from './read-rows.ts';
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

/** By their files, one half and the other. */
function inHalves(moments: readonly SourceMoment[]): readonly (readonly SourceMoment[])[] {
  const sources = [...new Set(moments.map(({ source }) => source))];
  const earlier = new Set(sources.slice(0, Math.ceil(sources.length / 2)));
  const halves = [
    moments.filter(({ source }) => earlier.has(source)),
    moments.filter(({ source }) => !earlier.has(source)),
  ];
  return halves.filter((half) => half.length > 0);
}

/** Rows of lives at single instants, each from where it costs least. */
export async function readMoments(sources: HostSources, moments: readonly Moment[]): Promise<RowTable> {
  const { connection, host, beside } = sources;
  const placed = placeMoments(sources, moments);
  const ofLast = placed.filter(isOfLastSample).flatMap(({ source }) => source.segment ?? []);
  const apart = await withLastRows(connection, ofLast);
  const bySource = new Map<RowSource, PlacedMoment[]>();
  const last: SourceMoment[] = [];
  for (const moment of placed) {
    const { source } = moment;
    if (source.segment && apart.has(source.segment) && isOfLastSample(moment)) last.push(moment);
    else bySource.set(source, [...(bySource.get(source) ?? []), moment]);
  }
  const span = (id: number) => spanOf(host, id);
  const read = [...bySource].map(([source, one]) => readMomentRows(connection, source, one, span));
  for (const half of inHalves(last)) read.push(beside((free) => readLastRows(free, half, span)));
  return mergeTables(await Promise.all(read));
}
