import type { DuckDBConnection } from '@duckdb/node-api';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { ProcessTable, Sample, SystemRow } from '../../../domain/sample.ts';
import type { SystemMetricId } from '../../../domain/system-metrics.ts';
import { SYSTEM_METRICS } from '../../../domain/system-metrics.ts';
import { segmentPath } from '../manifests.ts';
import { columnNames } from '../read-chunks.ts';
import type { SegmentManifest } from '../segment.ts';

/** Reads samples back from a segment, for one that takes its place: their dumps may have gone. */

type Cell = number | string | boolean | null;
type Columns = ReadonlyMap<string, readonly Cell[]>;

/** About how many; each cell is a value of JavaScript. */
const ROWS_AT_ONCE = 50_000;
const GLOB = /[*?[]/g;

/** A file that is named for reading: DuckDB takes any name for a pattern. */
export function sqlFile(path: string): string {
  const name = path.replaceAll(GLOB, '[$&]').replaceAll("'", "''");
  return `read_parquet('${name}', hive_partitioning = false)`;
}

/** SQL of the columns of a file, numbers as JavaScript has them. */
async function columnsOf(connection: DuckDBConnection, from: string): Promise<string> {
  const numbers = new Set<string>(['t', ...NUMBER_COLUMNS]);
  const names = await columnNames(connection, from);
  return names.map((name) => (numbers.has(name) ? `${name}::DOUBLE AS ${name}` : name)).join(', ');
}

async function readColumns(connection: DuckDBConnection, sql: string): Promise<Columns> {
  const reader = await connection.runAndReadAll(sql);
  const columns = reader.getColumns() as unknown as readonly (readonly Cell[])[];
  return new Map(reader.columnNames().map((name, at) => [name, columns[at] ?? []]));
}

/** Of an unknown cell, or of a metric that the segment is older than. */
function numberAt(columns: Columns, name: string, row: number): number | null {
  const cell = columns.get(name)?.[row];
  return typeof cell === 'number' ? cell : null;
}

function textAt(columns: Columns, name: string, row: number): string | null {
  const cell = columns.get(name)?.[row];
  return typeof cell === 'string' ? cell : null;
}

function systemValues(columns: Columns, row: number): SystemRow['values'] {
  const values: Partial<Record<SystemMetricId, number>> = {};
  for (const { id } of SYSTEM_METRICS) {
    const value = numberAt(columns, id, row);
    if (value !== null) values[id] = value;
  }
  return values;
}

function systemRow(columns: Columns, row: number, host: string): SystemRow {
  return {
    t: numberAt(columns, 't', row) ?? 0,
    host,
    bootId: textAt(columns, 'boot_id', row),
    uptimeSeconds: numberAt(columns, 'uptime_seconds', row),
    clockTicks: numberAt(columns, 'clock_ticks', row),
    intervalSeconds: numberAt(columns, 'interval_seconds', row),
    label: textAt(columns, 'label', row),
    values: systemValues(columns, row),
  };
}

function processTable(columns: Columns, first: number, end: number): ProcessTable {
  const numbers = NUMBER_COLUMNS.map((id) => [
    id,
    Float64Array.from({ length: end - first }, (_, row) => numberAt(columns, id, first + row) ?? Number.NaN),
  ]);
  const texts = TEXT_COLUMNS.map((id) => [
    id,
    Array.from({ length: end - first }, (_, row) => textAt(columns, id, first + row)),
  ]);
  return {
    count: end - first,
    numbers: Object.fromEntries(numbers),
    texts: Object.fromEntries(texts),
  } as unknown as ProcessTable;
}

/** Tables by instant, of a while: a day of them at once would take all the memory there is. */
async function readWhile(
  connection: DuckDBConnection,
  path: string,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, ProcessTable>> {
  const columns = await readColumns(
    connection,
    `SELECT ${await columnsOf(connection, sqlFile(path))} FROM ${sqlFile(path)}
     WHERE t >= ${from} AND t < ${to} ORDER BY t, pid`,
  );
  const t = columns.get('t') ?? [];
  const tables = new Map<number, ProcessTable>();
  for (let first = 0; first < t.length; ) {
    let end = first + 1;
    while (end < t.length && t[end] === t[first]) end++;
    tables.set(Number(t[first]), processTable(columns, first, end));
    first = end;
  }
  return tables;
}

/** The samples of a segment that are wanted, in order of time. */
export async function* readSamples(
  connection: DuckDBConnection,
  index: string,
  segment: SegmentManifest,
  isWanted: (t: number) => boolean,
): AsyncGenerator<Sample> {
  const path = segmentPath(index, segment, 'processes');
  const system = await readColumns(
    connection,
    `SELECT * REPLACE (t::DOUBLE AS t, uptime_seconds::DOUBLE AS uptime_seconds) FROM ${sqlFile(segmentPath(index, segment, 'system'))} ORDER BY t`,
  );
  let tables: ReadonlyMap<number, ProcessTable> = new Map();
  const step = Math.max(1, Math.floor(((segment.to - segment.from) * ROWS_AT_ONCE) / (segment.rows + 1)));
  let end = Number.NEGATIVE_INFINITY;
  for (const [row, cell] of (system.get('t') ?? []).entries()) {
    const t = Number(cell);
    if (!isWanted(t)) continue;
    if (t >= end) {
      end = t + step;
      tables = await readWhile(connection, path, t, end);
    }
    yield sampleOf(system, row, segment.host, tables.get(t));
  }
}

const NO_PROCESSES = processTable(new Map(), 0, 0);

function sampleOf(system: Columns, row: number, host: string, table: ProcessTable | undefined): Sample {
  const hasProcesses = system.get('has_processes')?.[row] === true;
  return {
    system: systemRow(system, row, host),
    processes: hasProcesses ? (table ?? NO_PROCESSES) : null,
    weak: table?.numbers.start_ticks.every(Number.isNaN) ?? false,
    incomplete: system.get('incomplete')?.[row] === true,
  };
}
