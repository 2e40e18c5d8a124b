import type { DuckDBConnection } from '@duckdb/node-api';
import { STORED_PROCESS_METRICS } from '../../domain/metrics.ts';
import { lastName } from './last-rows.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { columnNames, parquet } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';

/** Rows with every stored metric of the catalogue: unknown are those that it did not have when a segment was sealed. */

async function lackedBy(connection: DuckDBConnection, segment: LoadedSegment): Promise<readonly string[]> {
  if (segment.lacks) return segment.lacks;
  const names = new Set(await columnNames(connection, parquet([segment.paths.processes])));
  segment.lacks = STORED_PROCESS_METRICS.map(({ id }) => id).filter((id) => !names.has(id));
  return segment.lacks;
}

/** SQL of a segment's rows. */
export async function segmentRows(connection: DuckDBConnection, segment: LoadedSegment): Promise<string> {
  const from = parquet([segment.paths.processes]);
  const lacking = (await lackedBy(connection, segment)).map((id) => `NULL AS ${id}`);
  return lacking.length > 0 ? `(SELECT *, ${lacking.join(', ')} FROM ${from})` : from;
}

/** Whether the lives file has each life's last row, with every metric of the catalogue. */
export async function hasLastRows(connection: DuckDBConnection, segment: LoadedSegment): Promise<boolean> {
  return segment.manifest.version === 3 && (await lackedBy(connection, segment)).length === 0;
}

const TREE = ['t', 'level', 'subtree_processes', 'subtree_rss_bytes'];

/** SQL of the last rows of all lives of segments that have them; `file_index` is the segment's place. */
export function lastRows(segments: readonly LoadedSegment[]): string {
  const named = [...TREE, ...STORED_PROCESS_METRICS.map(({ id }) => id)].map(
    (id) => `${lastName(id)} AS "${id}"`,
  );
  const files = parquet(segments.map(({ paths }) => paths.lives));
  return `(SELECT file_index, life, NULL AS parent, ${named.join(', ')} FROM ${files})`;
}

/** SQL of a source's rows. */
export async function wholeRows(
  connection: DuckDBConnection,
  { segment, relation }: RowSource,
): Promise<string> {
  return segment ? segmentRows(connection, segment) : relation;
}
