import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { DuckDBTableFunction } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Staging, StreamColumn, StreamTable } from './stream-columns.ts';
import { CHUNK_ROWS, openStaging, wholeTable } from './stream-columns.ts';

/**
 * Hands columns that JavaScript holds to DuckDB, a vector at a time, while it writes them: nothing is stored between.
 * The bindings are used directly: an appender and its tables would take as long as everything else of sealing, and
 * twice the memory.
 */
export interface RowStream {
  /** For `FROM`. */
  readonly table: string;
  /** What the next query reads. One at a time. */
  offer(table: StreamTable): void;
}

const TABLE = 'offered_rows';

function copyFixed(
  column: StreamColumn,
  vector: duckdb.Vector,
  staging: Staging,
  from: number,
  count: number,
) {
  const hasNulls = column.fill(staging, from, count);
  duckdb.copy_data_to_vector(vector, 0, staging.buffer, 0, count * column.bytes);
  if (!hasNulls) return;
  const { validity } = staging;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, Math.ceil(count / 64) * 8);
  validity.fill(0xffffffff);
}

function copyColumn(
  column: StreamColumn,
  vector: duckdb.Vector,
  staging: Staging,
  from: number,
  count: number,
) {
  const { texts } = column;
  if (texts === null) {
    copyFixed(column, vector, staging, from, count);
    return;
  }
  for (let at = 0; at < count; at++) duckdb.vector_assign_string_element(vector, at, texts[from + at]);
}

function fillChunk(
  { columns, fetch }: StreamTable,
  chunk: DuckDBDataChunk,
  staging: Staging,
  from: number,
  count: number,
) {
  fetch?.(from, count);
  const first = fetch ? 0 : from;
  for (const [at, column] of columns.entries())
    copyColumn(column, duckdb.data_chunk_get_vector(chunk.chunk, at), staging, first, count);
}

/**
 * How many rows come next. DuckDB ends a row group after the chunk that makes it full, so the last one of a group is
 * whole, and the one before it what is left over.
 */
function nextCount({ ends }: StreamTable, done: number): number {
  const rest = (ends.find((end) => end > done) ?? done) - done;
  return rest <= CHUNK_ROWS ? rest : Math.min(CHUNK_ROWS, rest - CHUNK_ROWS);
}

export function openRowStream(connection: DuckDBConnection): RowStream {
  const staging = openStaging(CHUNK_ROWS);
  let offer: StreamTable = wholeTable([], 0);
  let done = 0;
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: TABLE,
      bindFunction(bind) {
        for (const { name, type } of offer.columns) bind.addResultColumn(name, type);
        bind.setCardinality(offer.rows, true);
      },
      initFunction() {
        done = 0;
      },
      mainFunction(_, chunk) {
        const count = nextCount(offer, done);
        chunk.rowCount = count;
        fillChunk(offer, chunk, staging, done, count);
        done += count;
      },
    }),
  );
  return {
    table: `${TABLE}()`,
    offer(table) {
      offer = table;
    },
  };
}
