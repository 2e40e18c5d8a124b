import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';

/** Results as columns. What SQL gives must be cast to what JavaScript has: DOUBLE, INTEGER, VARCHAR, never BIGINT. */

export type Cells = readonly (number | null)[];

export async function readColumns(connection: DuckDBConnection, sql: string): Promise<readonly Cells[]> {
  const reader = await connection.runAndReadAll(sql);
  const columns = reader.getColumns() as unknown as readonly Cells[];
  // The reader gives no columns at all where there are no rows.
  return Array.from({ length: reader.columnCount }, (_, at) => columns[at] ?? []);
}

/** Hands over a result a vector at a time: nothing of it is held twice. */
export async function eachChunk(
  connection: DuckDBConnection,
  sql: string,
  take: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  await takeChunks(await connection.stream(sql), take);
}

/** Hands over a result that is held as a whole: unlike a stream, all cores work on it. */
export async function eachChunkOfAll(
  connection: DuckDBConnection,
  sql: string,
  take: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  await takeChunks(await connection.run(sql), take);
}

async function takeChunks(result: DuckDBResult, take: (chunk: DuckDBDataChunk) => void): Promise<void> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    take(chunk);
  }
}

/** SQL of a number that is there where the value is NULL: vectors without NULL are copied as a whole. */
export function numberOrNaN(expression: string): string {
  return `coalesce((${expression})::DOUBLE, 'nan'::DOUBLE)`;
}

/** A column of `numberOrNaN` in a chunk. */
export function copyNumbers(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector = chunk.getColumnVector(column);
  // What a vector of DOUBLE holds; asking for value by value takes five times as long.
  const items: unknown = Reflect.get(vector, 'items');
  if (items instanceof Float64Array) return items.slice(0, chunk.rowCount);
  return Float64Array.from({ length: chunk.rowCount }, (_, row) => Number(vector.getItem(row)));
}

/** Names of the columns of a table. */
export async function columnNames(connection: DuckDBConnection, from: string): Promise<readonly string[]> {
  return (await connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`)).columnNames();
}

export function known(cells: Cells): Float64Array {
  return Float64Array.from(cells, (cell) => cell ?? Number.NaN);
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The index's folders are named `host=…`: they must not become columns. */
export function parquet(paths: readonly string[], ...options: readonly string[]): string {
  const files = `[${paths.map(textLiteral).join(', ')}]`;
  return `read_parquet(${[files, 'hive_partitioning = false', ...options].join(', ')})`;
}

/** Whole numbers that stand in SQL text. @throws RangeError for anything else */
export function integers(values: Iterable<number>): string {
  const list = [...values];
  const odd = list.find((value) => !Number.isSafeInteger(value));
  if (odd !== undefined) throw new RangeError(`not a whole number: ${odd}`);
  return list.join(', ');
}
