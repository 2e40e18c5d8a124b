import type { DuckDBConnection } from '@duckdb/node-api';
import { STORED_PROCESS_METRICS } from '../../domain/metrics.ts';
import { lastName } from './last-rows.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { parquet, textLiteral } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';

/** Rows with every stored metric of the catalogue: unknown are those that it did not have when a segment was sealed. */

/** Looks up what segments lack, of all that nobody has asked of before at once. */
async function findLacks(connection: DuckDBConnection, segments: readonly LoadedSegment[]): Promise<void> {
  const unknown = new Set(segments.filter(({ lacks }) => !lacks));
  if (unknown.size === 0) return;
  const files = [...unknown].map(({ paths }) => textLiteral(paths.processes));
  const sql = `SELECT file_name, name FROM parquet_schema([${files.join(', ')}])`;
  const columns = new Set((await connection.runAndReadAll(sql)).getRowsJS().map((row) => row.join('\n')));
  for (const segment of unknown) {
    const isThere = (id: string) => columns.has(`${segment.paths.processes}\n${id}`);
    segment.lacks = STORED_PROCESS_METRICS.map(({ id }) => id).filter((id) => !isThere(id));
  }
}

/** SQL of a segment's rows. */
export async function segmentRows(connection: DuckDBConnection, segment: LoadedSegment): Promise<string> {
  await findLacks(connection, [segment]);
  const from = parquet([segment.paths.processes]);
  const lacking = (segment.lacks ?? []).map((id) => `NULL AS ${id}`);
  return lacking.length > 0 ? `(SELECT *, ${lacking.join(', ')} FROM ${from})` : from;
}

/** Those whose lives files have each life's last row, with every metric of the catalogue. */
export async function withLastRows(
  connection: DuckDBConnection,
  segments: readonly LoadedSegment[],
): Promise<ReadonlySet<LoadedSegment>> {
  const recent = segments.filter(({ manifest }) => manifest.version >= 3);
  await findLacks(connection, recent);
  return new Set(recent.filter(({ lacks }) => lacks?.length === 0));
}

const TREE = ['t', 'level', 'subtree_processes', 'subtree_rss_bytes'];

/** What the lives file leaves out of a last row where it is the life's maximum. */
const OR_MAXIMUM: Readonly<Record<string, string>> = {
  rss_bytes: 'coalesce(last_rss_bytes, rss_max_bytes)',
  subtree_rss_bytes: `CASE WHEN last_subtree_processes > 1
    THEN coalesce(last_subtree_rss_bytes, subtree_rss_max_bytes) END`,
};

/** SQL of the last rows of all lives of segments that have them; `file_index` is the segment's place. */
export function lastRows(segments: readonly LoadedSegment[]): string {
  const named = [...TREE, ...STORED_PROCESS_METRICS.map(({ id }) => id)].map(
    (id) => `${OR_MAXIMUM[id] ?? lastName(id)} AS "${id}"`,
  );
  const files = parquet(
    segments.map(({ paths }) => paths.lives),
    'union_by_name = true',
  );
  return `(SELECT file_index, life, NULL AS parent, ${named.join(', ')} FROM ${files})`;
}

/** SQL of a source's rows. */
export async function wholeRows(
  connection: DuckDBConnection,
  { segment, relation }: RowSource,
): Promise<string> {
  return segment ? segmentRows(connection, segment) : relation;
}
