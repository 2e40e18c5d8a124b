import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

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
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    take(chunk);
  }
}

/** Numbers of one column of a chunk, NULL as `NaN` (0 in an integer array). */
export function copyNumbers(
  chunk: DuckDBDataChunk,
  column: number,
  target: Float64Array | Int32Array,
  at: number,
): void {
  const vector = chunk.getColumnVector(column);
  for (let row = 0; row < chunk.rowCount; row++) {
    const value = vector.getItem(row);
    target[at + row] = typeof value === 'number' ? value : Number.NaN;
  }
}

export function known(cells: Cells): Float64Array {
  return Float64Array.from(cells, (cell) => cell ?? Number.NaN);
}

export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The index's folders are named `host=…`: they must not become columns. */
export function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(textLiteral).join(', ')}], hive_partitioning = false)`;
}

/** Whole numbers that stand in SQL text. @throws RangeError for anything else */
export function integers(values: Iterable<number>): string {
  const list = [...values];
  const odd = list.find((value) => !Number.isSafeInteger(value));
  if (odd !== undefined) throw new RangeError(`not a whole number: ${odd}`);
  return list.join(', ');
}
