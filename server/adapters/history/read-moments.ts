import type { DuckDBConnection } from '@duckdb/node-api';
import type { Moment, RowTable } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { mergeTables } from './merge-tables.ts';
import type { LastMoment, PlacedMoment } from './read-rows.ts';
import { readLastRows, readMomentRows } from './read-rows.ts';
import type { RowSource } from './row-source.ts';
import { hasLastRows } from './segment-rows.ts';
import { spanOf } from './store.ts';

async function isLastRow(
  connection: DuckDBConnection,
  { segment }: RowSource,
  { life, t }: PlacedMoment,
): Promise<boolean> {
  return segment?.lives.lastT[life] === t && (await hasLastRows(connection, segment));
}

/** Rows of lives at single instants, each from where it costs least. */
export async function readMoments(sources: HostSources, moments: readonly Moment[]): Promise<RowTable> {
  const { connection, host } = sources;
  const bySource = new Map<RowSource, PlacedMoment[]>();
  const last: LastMoment[] = [];
  for (const [place, { life: id, t }] of moments.entries()) {
    const source = sourceAt(sources, t);
    const moment = { life: source?.lifeOf(id) ?? -1, t, place };
    if (!source || moment.life < 0) continue;
    if (await isLastRow(connection, source, moment)) last.push({ ...moment, source });
    else bySource.set(source, [...(bySource.get(source) ?? []), moment]);
  }
  const span = (id: number) => spanOf(host, id);
  const read = [...bySource].map(([source, placed]) => readMomentRows(connection, source, placed, span));
  if (last.length > 0) read.push(readLastRows(connection, last, span));
  return mergeTables(await Promise.all(read));
}
