import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { NUMBER_COLUMNS, STORED_PROCESS_METRICS, TEXT_COLUMNS } from '../../domain/metrics.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { createTable, PROCESS_COLUMNS } from './columns.ts';
import type { PlacedSample } from './host-history.ts';
import type { LifeRegistry } from './life-registry.ts';
import { integers } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';
import type { TextPool } from './text-pool.ts';

/** The live tail: what has been taken in and is not sealed, in DuckDB's memory. One connection writes. */
export interface Tail {
  readonly writer: DuckDBConnection;
  readonly processes: ChunkWriter;
  close(): void;
}

export const TAIL_TABLE = 'process_samples';

export async function openTail(instance: DuckDBInstance): Promise<Tail> {
  const writer = await instance.connect();
  await writer.run(createTable(TAIL_TABLE, PROCESS_COLUMNS));
  const processes = await openChunkWriter(writer, TAIL_TABLE, PROCESS_COLUMNS);
  return {
    writer,
    processes,
    close() {
      processes.close();
      writer.closeSync();
    },
  };
}

/** Rows of one host's tail. */
export function openTailSource(host: number, pool: TextPool, lives: LifeRegistry): RowSource {
  return {
    relation: `(SELECT * FROM ${TAIL_TABLE} WHERE host = ${host})`,
    segment: null,
    idOf: (life) => life,
    lifeOf: (id) => (lives.has(id) ? id : -1),
    textOf: (cell) => (cell === null ? null : pool.textOf(Number(cell))),
  };
}

/** Forgets rows that segments hold now. */
export async function deleteRows(tail: Tail, host: number, instants: readonly number[]): Promise<void> {
  if (instants.length === 0) return;
  await tail.writer.run(`DELETE FROM ${TAIL_TABLE} WHERE host = ${host} AND t IN (${integers(instants)})`);
}

type StoredId = (typeof STORED_PROCESS_METRICS)[number]['id'];

function storedColumn(table: ProcessTable, id: StoredId, pool: TextPool): Float64Array {
  const text = TEXT_COLUMNS.find((column) => column === id);
  if (text) return Float64Array.from(table.texts[text], (value) => pool.idOf(value));
  const number = NUMBER_COLUMNS.find((column) => column === id);
  if (!number) throw new RangeError(`no stored column ${id}`);
  return table.numbers[number];
}

/** One sample's rows in the order of PROCESS_COLUMNS. */
export function processCells(
  at: { readonly host: number; readonly t: number },
  processes: ProcessTable,
  { life, parentLife, tree }: PlacedSample,
  pool: TextPool,
): (ArrayLike<number> | number)[] {
  return [
    at.host,
    at.t,
    life,
    parentLife,
    tree.level,
    tree.subtreeProcesses,
    tree.subtreeRss,
    ...STORED_PROCESS_METRICS.map((metric) => storedColumn(processes, metric.id, pool)),
  ];
}
