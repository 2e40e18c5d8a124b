import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';
import { DuckDBDataChunk } from '@duckdb/node-api';
import type { PhysicalColumn } from './columns.ts';

/** DuckDB's vector size: a data chunk cannot hold more rows. */
const CHUNK_ROWS = 2048;

/** Gathers rows as columns and hands them to DuckDB a vector at a time. `NaN` becomes NULL. */
export interface ChunkWriter {
  /** `values[c][row]` is column `c`; a number stands for every row. */
  append(rows: number, values: readonly (ArrayLike<number> | number)[]): void;
  /** Makes what was appended visible to every connection. */
  flush(): void;
  close(): void;
}

export async function openChunkWriter(
  connection: DuckDBConnection,
  table: string,
  columns: readonly PhysicalColumn[],
): Promise<ChunkWriter> {
  const appender = await connection.createAppender(table);
  const types = columns.map((column) => column.type);
  const buffers = columns.map(() => new Float64Array(CHUNK_ROWS));
  let filled = 0;

  function emit(): void {
    if (filled === 0) return;
    const chunk = DuckDBDataChunk.create(types, filled);
    for (let c = 0; c < buffers.length; c++) fillVector(chunk.getColumnVector(c), buffers[c], filled);
    appender.appendDataChunk(chunk);
    filled = 0;
  }

  return {
    append(rows, values) {
      for (let first = 0; first < rows; ) {
        const take = Math.min(rows - first, CHUNK_ROWS - filled);
        for (let c = 0; c < buffers.length; c++) copyInto(buffers[c], filled, values[c], first, take);
        filled += take;
        first += take;
        if (filled === CHUNK_ROWS) emit();
      }
    },
    flush() {
      emit();
      appender.flushSync();
    },
    close() {
      appender.closeSync();
    },
  };
}

function fillVector(vector: DuckDBVector, values: Float64Array, count: number): void {
  for (let row = 0; row < count; row++) {
    const value = values[row];
    vector.setItem(row, Number.isNaN(value) ? null : value);
  }
  vector.flush();
}

function copyInto(
  target: Float64Array,
  at: number,
  source: ArrayLike<number> | number,
  first: number,
  count: number,
): void {
  if (typeof source === 'number') target.fill(source, at, at + count);
  else for (let k = 0; k < count; k++) target[at + k] = source[first + k];
}
