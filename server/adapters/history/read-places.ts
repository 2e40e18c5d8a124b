import type { PlacedProcesses } from '../../domain/attribution.ts';
import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { depthFirst } from './depth-first.ts';
import { integers, known, numberOrNaN, readColumns } from './read-chunks.ts';
import { bySibling } from './row-source.ts';

const COLUMNS = [
  'life',
  'coalesce(parent, -1)',
  'level::DOUBLE',
  'coalesce(subtree_processes, 1)::DOUBLE',
  'rss_bytes::DOUBLE',
  numberOrNaN('pss_bytes'),
];

/** What of a sample is needed to compare a later one with it: half the time of all columns. */
export async function readPlaces(sources: HostSources, t: number): Promise<PlacedProcesses | null> {
  const source = sourceAt(sources, t);
  if (!source) return null;
  const sql = `SELECT ${COLUMNS.join(', ')} FROM ${source.relation}
    WHERE t = ${integers([t])} ${bySibling(source)}`;
  const columns = depthFirst(await readColumns(sources.connection, sql), { life: 0, parent: 1 });
  const [life, , level, subtreeProcesses, rss, pss] = columns.map(known);
  return { life: life.map((one) => source.idOf(one)), level, subtreeProcesses, rss, pss };
}
