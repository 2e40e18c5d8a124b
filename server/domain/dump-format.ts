import type { StoredColumn } from './metric.ts';
import type { NumberColumnId, TextColumnId } from './metrics.ts';
import { NUMBER_COLUMNS, STORED_PROCESS_METRICS, TEXT_COLUMNS } from './metrics.ts';
import type { ProcessTable } from './sample.ts';
import { SYSTEM_METRICS } from './system-metrics.ts';

/**
 * Dumps: headers and cells. Two formats, one vocabulary: `v2` is ours, `seed` is the predecessor's
 * (whole MiB, local time, no start ticks). Records are always exactly one line.
 */
export type DumpFormat = 'v2' | 'seed';

export interface Column<Id extends string> {
  readonly id: Id;
  readonly name: string;
  readonly scale: number;
  readonly decimals: number;
  readonly required: boolean;
}

type Stored = { readonly id: string; readonly stored: StoredColumn };

function columnsOf(metrics: readonly Stored[], format: DumpFormat): Column<string>[] {
  if (format === 'v2')
    return metrics.map(({ id, stored }) => ({
      id,
      name: stored.column,
      scale: stored.scale,
      decimals: stored.decimals,
      required: stored.required,
    }));
  return metrics.flatMap(({ id, stored: { seed } }) =>
    seed ? [{ id, name: seed.column, scale: seed.scale, decimals: 0, required: true }] : [],
  );
}

/** The process file's columns, in order; `metrics` is for a catalogue with more in it. */
export function processColumns(
  format: DumpFormat,
  metrics: readonly Stored[] = STORED_PROCESS_METRICS,
): readonly Column<NumberColumnId | TextColumnId>[] {
  return columnsOf(metrics, format) as Column<NumberColumnId | TextColumnId>[];
}

/** Column name → metric, for the system row of either format. */
export function systemColumns(format: DumpFormat): readonly Column<(typeof SYSTEM_METRICS)[number]['id']>[] {
  return columnsOf(SYSTEM_METRICS, format) as Column<(typeof SYSTEM_METRICS)[number]['id']>[];
}

/** The columns of the system row that are not measurements, in order, before and after those that are. */
export const SYSTEM_HEAD_COLUMNS = [
  'TIMESTAMP',
  'HOST',
  'BOOT_ID',
  'BOOT_TIME',
  'UPTIME_S',
  'CLK_TCK',
  'INTERVAL_S',
  'PROC_ROWS',
  'PROC_CRC32',
] as const;
export const SYSTEM_TAIL_COLUMNS = [
  'RECORDER_PID',
  'RECORDER_VERSION',
  'CMD_MODE',
  'VANISHED',
  'UNREADABLE',
  'OVERRUN_S',
  'LABEL',
] as const;

/** The seed's system columns in its own order (/proc/meminfo order); the last two are counts. */
export const SEED_SYSTEM_COLUMNS = [
  'MemTotal_MB',
  'MemFree_MB',
  'MemAvailable_MB',
  'Buffers_MB',
  'Cached_MB',
  'SwapCached_MB',
  'Active(anon)_MB',
  'Inactive(anon)_MB',
  'SwapTotal_MB',
  'SwapFree_MB',
  'AnonPages_MB',
  'SReclaimable_MB',
  'SUnreclaim_MB',
  'PageTables_MB',
  'CommitLimit_MB',
  'Committed_AS_MB',
  'AnonHugePages_MB',
  'HugePages_Total',
  'HugePages_Free',
] as const;

const NEEDS_QUOTES = /[",\r\n]/;

/** One cell, quoted as RFC 4180 tells. `null` is empty: not known. */
export function encodeCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Bytes, seconds, counts → a cell of this column; unknown (`NaN`) is empty. */
export function encodeNumber(value: number, column: Column<string>): string {
  if (Number.isNaN(value)) return '';
  if (column.decimals > 0) return (value / column.scale).toFixed(column.decimals);
  return String(Math.floor(value / column.scale));
}

const DECIMAL = /^-?\d{1,16}(?:\.\d{1,9})?$/;

/**
 * A cell → a number of the metric's unit: `NaN` for an empty cell (unknown), `null` where it is no number
 * (`1e400`, `0x10`, `NaN`, `1_000` and the like are refused).
 */
export function decodeNumber(cell: string, scale: number): number | null {
  if (cell === '') return Number.NaN;
  if (!DECIMAL.test(cell)) return null;
  const value = Number(cell) * scale;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** An empty table for `count` processes: every number unknown, every text unknown. */
export function emptyProcessTable(count: number): ProcessTable {
  const numbers = Object.fromEntries(
    NUMBER_COLUMNS.map((id) => [id, new Float64Array(count).fill(Number.NaN)]),
  );
  const texts = Object.fromEntries(
    TEXT_COLUMNS.map((id) => [id, new Array<string | null>(count).fill(null)]),
  );
  return { count, numbers, texts } as unknown as ProcessTable;
}

function isNumberColumn(id: NumberColumnId | TextColumnId): id is NumberColumnId {
  return (NUMBER_COLUMNS as readonly string[]).includes(id);
}

/** Rows by RSS descending, ties by pid: the order of a process file. */
export function processFileOrder(table: ProcessTable): Uint32Array {
  const { rss_bytes: rss, pid } = table.numbers;
  return Uint32Array.from({ length: table.count }, (_, row) => row).sort(
    (a, b) => rss[b] - rss[a] || pid[a] - pid[b],
  );
}

/** A whole process file as text, header included. The recorder's hot path writes the same bytes from its cache. */
export function encodeProcessFile(table: ProcessTable, format: DumpFormat): string {
  const columns = processColumns(format);
  const cells = columns.map((column) => {
    const { id } = column;
    return isNumberColumn(id)
      ? (row: number) => encodeNumber(table.numbers[id][row], column)
      : (row: number) => encodeCell(table.texts[id][row]);
  });
  let out = `${columns.map((column) => column.name).join(',')}\n`;
  for (const row of processFileOrder(table)) out += `${cells.map((cell) => cell(row)).join(',')}\n`;
  return out;
}

/** One system file: a header and one record. */
export function encodeSystemFile(cells: ReadonlyMap<string, string | number | null>): string {
  const names = [...cells.keys()].map(encodeCell).join(',');
  const values = [...cells.values()].map(encodeCell).join(',');
  return `${names}\n${values}\n`;
}

/** What a required column is called, for messages. */
export function requiredColumns(format: DumpFormat): readonly string[] {
  return processColumns(format)
    .filter((column) => column.required)
    .map((column) => column.name);
}
