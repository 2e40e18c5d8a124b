import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { NUMBER_COLUMNS, STORED_PROCESS_METRICS, TEXT_COLUMNS } from '../../domain/metrics.ts';
import type { ProcessTable, SystemRow } from '../../domain/sample.ts';
import { SYSTEM_METRICS } from '../../domain/system-metrics.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { createTable, PROCESS_COLUMNS, SYSTEM_COLUMNS } from './columns.ts';
import type { PlacedSample } from './host-history.ts';
import type { TextPool } from './text-pool.ts';

/** The live tail: what has been taken in and is not sealed, in DuckDB's memory. One writer, one reader. */
export interface Tail {
  readonly writer: DuckDBConnection;
  readonly reader: DuckDBConnection;
  readonly processes: ChunkWriter;
  readonly system: ChunkWriter;
  close(): void;
}

export async function openTail(): Promise<Tail> {
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  const reader = await instance.connect();
  await writer.run(createTable('process_samples', PROCESS_COLUMNS));
  await writer.run(createTable('system_samples', SYSTEM_COLUMNS));
  const processes = await openChunkWriter(writer, 'process_samples', PROCESS_COLUMNS);
  const system = await openChunkWriter(writer, 'system_samples', SYSTEM_COLUMNS);
  return {
    writer,
    reader,
    processes,
    system,
    close() {
      processes.close();
      system.close();
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
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
    tree.position,
    tree.subtreeProcesses,
    tree.subtreeRss,
    ...STORED_PROCESS_METRICS.map((metric) => storedColumn(processes, metric.id, pool)),
  ];
}

/** One sample's system row in the order of SYSTEM_COLUMNS. */
export function systemCells(
  host: number,
  { t, values }: SystemRow,
  processes: ProcessTable | null,
): number[] {
  const processRss = processes
    ? processes.numbers.rss_bytes.reduce((total, rss) => total + rss, 0)
    : Number.NaN;
  return [host, t, processRss, ...SYSTEM_METRICS.map((metric) => values[metric.id] ?? Number.NaN)];
}
