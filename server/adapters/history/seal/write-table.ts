import type { DuckDBConnection } from '@duckdb/node-api';
import { STORED_PROCESS_METRICS } from '../../../domain/metrics.ts';
import { SYSTEM_METRICS } from '../../../domain/system-metrics.ts';
import type { RowStream } from './row-stream.ts';
import type { SegmentFiles } from './segment-files.ts';
import { slimFooter } from './slim-footer.ts';
import type { StreamColumn, StreamTable } from './stream-columns.ts';

/** What tables are written with, as Parquet files. */
export interface TableWriter {
  readonly files: SegmentFiles;
  readonly connection: DuckDBConnection;
  readonly stream: RowStream;
}

/** Nothing asks the engine for single texts or figures of all files, which Bloom filters are for. */
const PARQUET =
  'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, WRITE_BLOOM_FILTER false, USE_TMP_FILE false';
/** Of a month of zstd's levels 6 takes 2 % less room than 3, and 1.2 of 16 s of CPU more; 1 takes 4 % more, for 0.4 s. */
const LEVEL = 3;
/** Of a small segment, which takes 12 % less, and 0.4 s more of 70 000 rows. */
const SMALL_LEVEL = 19;
/**
 * Figures that jitter have too many values for a dictionary: split into their bytes they take two thirds. So do those of
 * a short table that have a value every few rows.
 */
const MOST_VALUES = 256;
const MOST_SMALL_VALUES = 64;
/** A table of fewer rows goes without: a dictionary is a page more. */
const DICTIONARY_ROWS = 2048;
const ROWS_PER_VALUE = 8;
/** But instants, which each life repeats, take a third with one; and the engine has one limit for all columns. */
const MOST_INSTANTS = 1024;
/** A row group may have more samples than others. */
const UNEVEN = 1.1;
/** An enumeration is in each row group as a whole: of more texts than that, a group has only its own. */
const MOST_WORDS = 512;

interface TableShape {
  readonly rows: number;
  readonly groupRows: number;
  /** In each row group, where lives repeat them; else 0. */
  readonly instants: number;
  /** Of a small segment. */
  readonly isSmall: boolean;
}

function mostSmallValues(rows: number): number {
  return rows < DICTIONARY_ROWS ? 0 : MOST_SMALL_VALUES;
}

/** Options of COPY. */
export function parquetOptions({ rows, groupRows, instants, isSmall }: TableShape): string {
  const few = isSmall ? mostSmallValues(rows) : Math.min(MOST_VALUES, Math.ceil(rows / ROWS_PER_VALUE) + 1);
  const values = instants > few && instants <= MOST_INSTANTS ? instants : few;
  const level = isSmall ? SMALL_LEVEL : LEVEL;
  return `${PARQUET}, COMPRESSION_LEVEL ${level}, DICTIONARY_SIZE_LIMIT ${values}, ROW_GROUP_SIZE ${groupRows}`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function selectItem({ name, words }: StreamColumn, groups: number): string {
  return groups > 1 && words > MOST_WORDS ? `${name}::VARCHAR AS ${name}` : name;
}

/** What the catalogue says of the columns, for whoever opens the file elsewhere: JSON, help by name. */
function describeColumns({ columns }: StreamTable): string {
  const metrics = [...STORED_PROCESS_METRICS, ...SYSTEM_METRICS];
  const helpOf = new Map<string, string>(metrics.map(({ id, help }) => [id, help]));
  const known = columns.flatMap(({ name }) => {
    const help = helpOf.get(name);
    return help === undefined ? [] : [[name, help]];
  });
  return `KV_METADATA {columns: ${sqlText(JSON.stringify(Object.fromEntries(known)))}}`;
}

/** Row groups that a question is not about are told by these; of no other column minimum and maximum are asked. */
const ASKED_BY: ReadonlySet<string> = new Set(['life', 't']);
const NONE: ReadonlySet<string> = new Set();

/** @param samples in all of it, where lives repeat their instants; else 0 */
export async function writeTable(
  { connection, stream, files }: TableWriter,
  table: StreamTable,
  { samples, isSmall }: { readonly samples: number; readonly isSmall: boolean },
  path: string,
): Promise<void> {
  stream.offer(table);
  const { columns, rows, ends, groupRows } = table;
  const items = columns.map((column) => selectItem(column, ends.length)).join(', ');
  const instants = Math.ceil((samples * UNEVEN) / ends.length);
  const options = [parquetOptions({ rows, groupRows, instants, isSmall }), describeColumns(table)];
  await connection.run(
    `COPY (SELECT ${items} FROM ${stream.table}) TO ${sqlText(path)} (${options.join(', ')})`,
  );
  slimFooter(files, path, isSmall ? NONE : ASKED_BY);
}
