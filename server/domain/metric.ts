/** What a metric is. The metrics themselves stand in metrics.ts (processes) and system-metrics.ts. */

/** `bytes` and `seconds` are what the API carries; `instant` is epoch milliseconds inside, ISO 8601 in JSON. */
export type MetricUnit =
  | 'id'
  | 'text'
  | 'flag'
  | 'count'
  | 'ticks'
  | 'bytes'
  | 'seconds'
  | 'instant'
  | 'percent'
  | 'microseconds';

/** Where the kernel tells a figure: proc(5). `stat` and `statm` fields count from 1. */
export type MetricSource =
  | { readonly file: 'stat' | 'statm'; readonly field: number }
  | { readonly file: 'status' | 'smaps_rollup'; readonly key: string }
  | { readonly file: 'cgroup' | 'cmdline' | 'passwd' }
  | { readonly file: 'meminfo' | 'vmstat'; readonly key: string }
  | { readonly file: 'pressure'; readonly line: 'some' | 'full'; readonly key: 'avg10' | 'avg60' | 'total' };

/** How a metric stands in a dump. */
export interface StoredColumn {
  readonly column: string;
  /** The predecessor's column, where it had one, and bytes per unit of it. */
  readonly seed?: { readonly column: string; readonly scale: number };
  /** value = cell × scale: 1024 for `_KB`. */
  readonly scale: number;
  /** Digits after the point in a dump. */
  readonly decimals: number;
  /** A file without this column is refused. */
  readonly required: boolean;
  readonly source: MetricSource;
}

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: MetricUnit;
  /** Sums over processes mean something. RSS is addable only as an upper bound: shared pages count once each. */
  readonly addable: boolean;
  readonly nullable: boolean;
  readonly help: string;
  /** Absent for what is derived on read. */
  readonly stored?: StoredColumn;
}
