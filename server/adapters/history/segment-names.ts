import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadedSegment } from './loaded-segment.ts';
import { parquet, readColumns } from './read-chunks.ts';

/** What the lives of a segment were called when it last saw them: for each life places in `texts`, −1 unknown. */
export interface SegmentNames {
  readonly texts: readonly string[];
  readonly cmd: Int32Array;
  readonly comm: Int32Array;
  readonly user: Int32Array;
  readonly characters: number;
}

const NAMES = ['cmd', 'comm', 'user'] as const;

/** Segments that were sealed before names other than the command were kept do not have them. */
const NO_NAMES = 'SELECT NULL::VARCHAR AS cmd, NULL::VARCHAR AS comm, NULL::VARCHAR AS "user" WHERE false';

async function readNames(connection: DuckDBConnection, segment: LoadedSegment): Promise<SegmentNames> {
  const file = parquet([segment.paths.lives]);
  const sql = `SELECT life, cmd, comm, "user" FROM (${NO_NAMES} UNION ALL BY NAME SELECT * FROM ${file})`;
  const [life, ...columns] = await readColumns(connection, sql);
  const places = new Map<unknown, number>([[null, -1]]);
  const texts: string[] = [];
  const placeOf = (cell: unknown): number => {
    const known = places.get(cell);
    if (known !== undefined) return known;
    places.set(cell, texts.length);
    return texts.push(String(cell)) - 1;
  };
  const [cmd, comm, user] = NAMES.map((_, column) => {
    const names = new Int32Array(segment.lives.id.length).fill(-1);
    life.forEach((one, row) => {
      names[one ?? 0] = placeOf(columns[column][row]);
    });
    return names;
  });
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return { texts, cmd, comm, user, characters };
}

/** Segments never change; what was read of one is kept as long as it is itself. */
const kept = new WeakMap<LoadedSegment, SegmentNames>();

/** As many characters of a host's names are kept; the rest is read for each search. */
const MOST_KEPT = 64 * 1024 * 1024;

/** Names of each segment in turn, the newest first. `take` is called with its place. */
export async function eachSegmentsNames(
  connection: DuckDBConnection,
  segments: readonly LoadedSegment[],
  take: (at: number, names: SegmentNames) => void,
  most = MOST_KEPT,
): Promise<void> {
  let characters = 0;
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at];
    const names = kept.get(segment) ?? (await readNames(connection, segment));
    characters += names.characters;
    if (characters <= most) kept.set(segment, names);
    else kept.delete(segment);
    take(at, names);
  }
}
