import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBMaterializedResult,
  DuckDBResult,
  DuckDBValue,
  DuckDBVector,
} from '@duckdb/node-api';

/** Results as columns. What SQL gives must be cast to what JavaScript has: DOUBLE, INTEGER, VARCHAR, never BIGINT. */

export type Cells = readonly (number | null)[];

export async function readColumns(connection: DuckDBConnection, sql: string): Promise<readonly Cells[]> {
  const result = await connection.run(sql);
  const columns = Array.from({ length: result.columnCount }, (): (number | null)[] => []);
  for (const chunk of chunksOf(result))
    columns.forEach((cells, at) => {
      appendCells(cells, chunk, at);
    });
  return columns;
}

/** Of a short result, at once: each chunk that is waited for costs a way to a thread and back. */
function chunksOf(result: DuckDBMaterializedResult): readonly DuckDBDataChunk[] {
  return Array.from({ length: result.chunkCount }, (_, at) => result.getChunk(at));
}

/** What a vector of numbers holds; asking for value by value takes many times as long. */
function numbersOf(vector: DuckDBVector): Float64Array | Int32Array | null {
  const items: unknown = Reflect.get(vector, 'items');
  return items instanceof Float64Array || items instanceof Int32Array ? items : null;
}

/** A bit for each row, 1 where it is not NULL; `null` where none is. */
function validityOf(vector: DuckDBVector): Uint8Array | null {
  const bits: unknown = Reflect.get(Reflect.get(vector, 'validity'), 'data');
  return bits instanceof BigUint64Array
    ? new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
    : null;
}

function appendCells(cells: (number | null)[], chunk: DuckDBDataChunk, column: number): void {
  const vector = chunk.getColumnVector(column);
  const items = numbersOf(vector);
  if (!items) {
    chunk.appendColumnValues(column, cells as DuckDBValue[]);
    return;
  }
  const valid = validityOf(vector);
  for (let row = 0; row < items.length; row++) {
    const isKnown = !valid || ((valid[row >> 3] >> (row & 7)) & 1) === 1;
    cells.push(isKnown ? items[row] : null);
  }
}

/** As `readColumns`, of columns that are all numbers; what is NULL is `NaN`. Each number is copied once. */
export async function readNumbers(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly Float64Array[]> {
  const result = await connection.run(sql);
  const chunks = chunksOf(result);
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  return Array.from({ length: result.columnCount }, (_, column) => {
    const numbers = new Float64Array(rows);
    let end = 0;
    for (const chunk of chunks) {
      copyKnown(numbers, end, chunk, column);
      end += chunk.rowCount;
    }
    return numbers;
  });
}

function copyKnown(into: Float64Array, first: number, chunk: DuckDBDataChunk, column: number): void {
  const vector = chunk.getColumnVector(column);
  const items = numbersOf(vector);
  if (!items) throw new RangeError(`column ${column} is neither DOUBLE nor INTEGER`);
  into.set(items.subarray(0, chunk.rowCount), first);
  const valid = validityOf(vector);
  if (!valid) return;
  for (let row = 0; row < chunk.rowCount; row++)
    if (((valid[row >> 3] >> (row & 7)) & 1) === 0) into[first + row] = Number.NaN;
}

/** Hands over a result a vector at a time: nothing of it is held twice. */
export async function eachChunk(
  connection: DuckDBConnection,
  sql: string,
  take: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  await takeChunks(await connection.stream(sql), take);
}

/** Hands over a result that is held as a whole: quicker than a stream. */
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
  const items = numbersOf(vector);
  if (items instanceof Float64Array) return items.slice(0, chunk.rowCount);
  return Float64Array.from({ length: chunk.rowCount }, (_, row) => Number(vector.getItem(row)));
}

/** Names of the columns of a table. */
export async function columnNames(connection: DuckDBConnection, from: string): Promise<readonly string[]> {
  return (await connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`)).columnNames();
}

export function known(cells: Cells): Float64Array {
  const numbers = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) numbers[row] = cells[row] ?? Number.NaN;
  return numbers;
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
