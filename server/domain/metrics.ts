/**
 * The catalogue: every column that a process or a sample can have, once.
 *
 * The dump header, the `/proc` files that are opened, the API schema, sort keys, table headings, tooltips,
 * axis titles and the README's table derive from it. Adding a stored metric is one entry here.
 */
import { DERIVED_PROCESS_METRICS } from './derived-metrics.ts';
import type { Metric, MetricSource, StoredColumn } from './metric.ts';

const KIB = 1024;
const MIB = 1024 * 1024;

function kilobytes(column: string, source: MetricSource, required = false): StoredColumn {
  return { column, scale: KIB, decimals: 0, required, source };
}
function plain(column: string, source: MetricSource, required = false): StoredColumn {
  return { column, scale: 1, decimals: 0, required, source };
}

/** What is recorded of a process, in the order of the dump's columns (dump format: more columns may follow). */
export const STORED_PROCESS_METRICS = [
  {
    id: 'pid',
    label: 'PID',
    unit: 'id',
    addable: false,
    nullable: false,
    help: 'Process id. The kernel reuses it: the key names one life.',
    stored: { ...plain('PID', { file: 'stat', field: 1 }, true), seed: { column: 'PID', scale: 1 } },
  },
  {
    id: 'ppid',
    label: 'PPID',
    unit: 'id',
    addable: false,
    nullable: false,
    help: 'Process id of the parent in the same sample.',
    stored: { ...plain('PPID', { file: 'stat', field: 4 }, true), seed: { column: 'PPID', scale: 1 } },
  },
  {
    id: 'user',
    label: 'User',
    unit: 'text',
    addable: false,
    nullable: true,
    help: 'Name of the effective user, or its number where the passwd database has none.',
    stored: { ...plain('USER', { file: 'passwd' }, true), seed: { column: 'USER', scale: 1 } },
  },
  {
    id: 'start_ticks',
    label: 'Start ticks',
    unit: 'ticks',
    addable: false,
    nullable: true,
    help: 'When the process started, in clock ticks since boot; with PID and boot id the process key.',
    stored: plain('START_TICKS', { file: 'stat', field: 22 }, true),
  },
  {
    id: 'state',
    label: 'State',
    unit: 'text',
    addable: false,
    nullable: true,
    help: 'R running, S sleeping, D waiting for a device, Z zombie, T stopped, I idle kernel thread.',
    stored: plain('STATE', { file: 'stat', field: 3 }),
  },
  {
    id: 'threads',
    label: 'Threads',
    unit: 'count',
    addable: true,
    nullable: true,
    help: 'Number of threads.',
    stored: plain('THREADS', { file: 'stat', field: 20 }),
  },
  {
    id: 'rss_bytes',
    label: 'RSS',
    unit: 'bytes',
    addable: true,
    nullable: false,
    help: 'Resident set size: pages in RAM, shared ones included. Sums over processes are upper bounds.',
    stored: {
      ...kilobytes('RSS_KB', { file: 'statm', field: 2 }, true),
      seed: { column: 'RSS_MB', scale: MIB },
    },
  },
  {
    id: 'vsz_bytes',
    label: 'VSZ',
    unit: 'bytes',
    addable: false,
    nullable: true,
    help: 'Virtual size: address space that is reserved, most of it not in RAM.',
    stored: {
      ...kilobytes('VSZ_KB', { file: 'statm', field: 1 }, true),
      seed: { column: 'VSZ_MB', scale: MIB },
    },
  },
  {
    id: 'hwm_bytes',
    label: 'HWM',
    unit: 'bytes',
    addable: false,
    nullable: true,
    help: 'High-water mark: the largest RSS since the process started, also between samples.',
    stored: kilobytes('HWM_KB', { file: 'status', key: 'VmHWM' }),
  },
  {
    id: 'pss_bytes',
    label: 'PSS',
    unit: 'bytes',
    addable: true,
    nullable: true,
    help: 'Proportional set size: shared pages divided by their sharers, so that sums are right.',
    stored: kilobytes('PSS_KB', { file: 'smaps_rollup', key: 'Pss' }),
  },
  {
    id: 'swap_bytes',
    label: 'Swap',
    unit: 'bytes',
    addable: true,
    nullable: true,
    help: 'Pages of the process that are swapped out.',
    stored: kilobytes('SWAP_KB', { file: 'status', key: 'VmSwap' }),
  },
  {
    id: 'cpu_seconds',
    label: 'CPU time',
    unit: 'seconds',
    addable: true,
    nullable: true,
    help: 'User and system time used since the process started.',
    stored: { column: 'CPU_S', scale: 1, decimals: 2, required: false, source: { file: 'stat', field: 14 } },
  },
  {
    id: 'cgroup',
    label: 'Cgroup',
    unit: 'text',
    addable: false,
    nullable: true,
    help: 'Control group path (the unified hierarchy, else the memory controller).',
    stored: plain('CGROUP', { file: 'cgroup' }),
  },
  {
    id: 'comm',
    label: 'Name',
    unit: 'text',
    addable: false,
    nullable: true,
    help: 'Name of the main thread, at most 15 bytes. Processes choose it themselves.',
    stored: plain('COMM', { file: 'stat', field: 2 }),
  },
  {
    id: 'cmd',
    label: 'Command',
    unit: 'text',
    addable: false,
    nullable: true,
    help: 'The command line, arguments joined by a space. Empty for kernel threads. Processes choose it themselves.',
    stored: { ...plain('CMD', { file: 'cmdline' }, true), seed: { column: 'CMD', scale: 1 } },
  },
] as const satisfies readonly (Metric & { readonly stored: StoredColumn })[];

export const PROCESS_METRICS = [...STORED_PROCESS_METRICS, ...DERIVED_PROCESS_METRICS] as const;

export type ProcessMetric = (typeof PROCESS_METRICS)[number];
export type ProcessMetricId = ProcessMetric['id'];
type StoredMetric = (typeof STORED_PROCESS_METRICS)[number];
export type TextColumnId = Extract<StoredMetric, { unit: 'text' }>['id'];
export type NumberColumnId = Exclude<StoredMetric, { unit: 'text' }>['id'];

type ValueOf<M extends Metric> = M['unit'] extends 'text' | 'instant'
  ? string
  : M['unit'] extends 'flag'
    ? boolean
    : number;
type NullableValueOf<M extends Metric> = M['nullable'] extends true ? ValueOf<M> | null : ValueOf<M>;

/** A process in a snapshot, as the API gives it. Bytes, seconds, ISO instants; `null` is unknown. */
export type ProcessRow = { readonly [M in ProcessMetric as M['id']]: NullableValueOf<M> };

export function isTextMetric(metric: Metric): boolean {
  return metric.unit === 'text';
}

export const TEXT_COLUMNS = STORED_PROCESS_METRICS.filter(isTextMetric).map((m) => m.id) as TextColumnId[];
export const NUMBER_COLUMNS = STORED_PROCESS_METRICS.filter((m) => !isTextMetric(m)).map(
  (m) => m.id,
) as NumberColumnId[];

/** @throws RangeError for an id that is not in the catalogue (a programming error). */
export function processMetric(id: ProcessMetricId): ProcessMetric {
  const found = PROCESS_METRICS.find((metric) => metric.id === id);
  if (!found) throw new RangeError(`no process metric ${id}`);
  return found;
}
