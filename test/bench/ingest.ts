import { DuckDBInstance } from '@duckdb/node-api';
import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import { openHistory } from '../../server/adapters/history/history.ts';
import { openIngest } from '../../server/application/ingest.ts';
import type { History } from '../../server/application/ports.ts';
import type { Measured } from './measure.ts';

/** Reads a folder of dumps into a history, tree and lives included. */
export async function readAll(folder: string): Promise<History> {
  const history = await openHistory();
  const dumps = openDumpFolder({ root: folder, timeZone: 'UTC' });
  const ingest = openIngest(
    { folder: dumps, history, sealer: null },
    {
      onReject: ({ file, reason }) => console.error(file, reason),
      onFailure: console.error,
    },
  );
  await ingest.idle();
  await ingest.close();
  return history;
}

async function duckdbReadCsv(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE t AS SELECT * FROM read_csv('${folder}/*/process_mem_*.csv', filename = true, union_by_name = true)`,
  );
  connection.closeSync();
}

/** A folder of dumps to queryable, beside DuckDB's own CSV reader (both cores, no tree, no lives, no system files). */
export async function benchIngest(folder: string, rows: number): Promise<Measured[]> {
  const start = performance.now();
  await (await readAll(folder)).close();
  const ours = performance.now() - start;
  const peer = performance.now();
  await duckdbReadCsv(folder);
  const theirs = performance.now() - peer;
  const what = `take in ${rows} rows (${((rows / ours) * 1000).toFixed(0)} rows/s)`;
  return [{ what, ours, peer: 'DuckDB read_csv, no tree', theirs, unit: 'ms' }];
}
