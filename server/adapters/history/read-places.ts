import type { PlacedProcesses } from '../../domain/attribution.ts';
import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { integers, known, numberOrNaN, readColumns } from './read-chunks.ts';
import { depthFirst } from './read-rows.ts';
import { wholeRows } from './segment-rows.ts';

const COLUMNS = [
  'life::DOUBLE',
  'coalesce(parent, -1)::DOUBLE',
  'level::DOUBLE',
  'coalesce(subtree_processes, 1)::DOUBLE',
  'rss_bytes::DOUBLE',
  numberOrNaN('pss_bytes'),
];

/** What of a sample is needed to compare a later one with it: half the time of all columns. */
export async function readPlaces(sources: HostSources, t: number): Promise<PlacedProcesses | null> {
  const source = sourceAt(sources, t);
  if (!source) return null;
  const from = await wholeRows(sources.connection, source);
  const sql = `SELECT ${COLUMNS.join(', ')} FROM ${from} WHERE t = ${integers([t])} ORDER BY pid`;
  const columns = await readColumns(sources.connection, sql);
  const ordered = depthFirst(columns, columns[0], columns[1]);
  const [life, , level, subtreeProcesses, rss, pss] = ordered.map(known);
  return { life: life.map((one) => source.idOf(one)), level, subtreeProcesses, rss, pss };
}
