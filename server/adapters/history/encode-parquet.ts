import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { CellType, CellValue, TypedColumn } from '../../domain/cell-type.ts';
import { textLiteral } from './read-chunks.ts';

/** Any table as a Parquet file. */

/** DuckDB's vector size: a data chunk cannot hold more rows. */
const CHUNK_ROWS = 2048;
const TABLE = 'parquet_rows';

/** Doubles are exact below 2^53, which is what JavaScript's numbers are; they become what they are meant to be in SQL. */
const STORED_AS: Readonly<Record<CellType, DuckDBType>> = {
  integer: DOUBLE,
  number: DOUBLE,
  instant: DOUBLE,
  flag: BOOLEAN,
  text: VARCHAR,
};

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function selectItem({ name, type }: TypedColumn): string {
  const column = quoted(name);
  if (type === 'integer') return `${column}::BIGINT AS ${column}`;
  return type === 'instant' ? `make_timestamp_ms(${column}::BIGINT) AS ${column}` : column;
}

function toStored(type: CellType, value: CellValue): DuckDBValue {
  return type === 'instant' && typeof value === 'string' ? Date.parse(value) : value;
}

async function fill(
  connection: DuckDBConnection,
  columns: readonly TypedColumn[],
  rows: number,
): Promise<void> {
  const types = columns.map(({ type }) => STORED_AS[type]);
  const appender = await connection.createAppender(TABLE);
  for (let first = 0; first < rows; first += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK_ROWS, rows - first));
    for (const [at, { type, values }] of columns.entries())
      chunk.setColumnValues(
        at,
        values.slice(first, first + CHUNK_ROWS).map((value) => toStored(type, value)),
      );
    appender.appendDataChunk(chunk);
    await nextTurn();
  }
  appender.closeSync();
}

async function write(
  connection: DuckDBConnection,
  columns: readonly TypedColumn[],
  file: string,
): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${quoted(name)} ${STORED_AS[type]}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${TABLE} (${definitions.join(', ')})`);
  try {
    await fill(connection, columns, columns[0].values.length);
    const items = columns.map(selectItem).join(', ');
    await connection.run(
      `COPY (SELECT ${items} FROM ${TABLE}) TO ${textLiteral(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${TABLE}`);
  }
}

/** @param columns at least one, all of the same length */
export async function encodeParquet(
  connection: DuckDBConnection,
  columns: readonly TypedColumn[],
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'pmi-parquet-'));
  try {
    const file = join(folder, 'table.parquet');
    await write(connection, columns, file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
