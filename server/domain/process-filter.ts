import type { ProcessMetricId, ProcessRow } from './metrics.ts';
import { processMetric } from './metrics.ts';
import { displayText } from './text-notation.ts';
import { MIB } from './units.ts';

/**
 * Which processes are shown, and in which order. Thresholds combine with AND, mean the same at every level and
 * for every route, and are off when absent.
 */
export const THRESHOLDS = [
  {
    id: 'min_life',
    metric: 'lifetime_seconds',
    label: 'Lifetime ≥',
    unit: 's',
    scale: 1,
    help: 'Keep processes that have lived at least this many seconds at the instant.',
  },
  {
    id: 'min_rss',
    metric: 'rss_max_bytes',
    label: 'RSS ≥',
    unit: 'MiB',
    scale: MIB,
    help: 'Keep processes whose largest own RSS in the window reaches this many MiB.',
  },
  {
    id: 'min_subtree',
    metric: 'subtree_rss_max_bytes',
    label: 'Subtree ≥',
    unit: 'MiB',
    scale: MIB,
    help: 'Keep processes whose largest subtree RSS in the window reaches this many MiB.',
  },
] as const satisfies readonly {
  readonly id: string;
  readonly metric: ProcessMetricId;
  readonly label: string;
  readonly unit: string;
  readonly scale: number;
  readonly help: string;
}[];

export type ThresholdId = (typeof THRESHOLDS)[number]['id'];

/** Thresholds in their own units (s, MiB, MiB); absent is off. `q`: substring of cmd, comm, user or pid. */
export type ProcessFilter = { readonly [Id in ThresholdId]?: number | undefined } & {
  readonly q?: string | undefined;
};

/** The predecessor's README: lifetime ≥ 300 s, RSS ≥ 100 MB, subtree ≥ 500 MB. Its MB are of 1024 × 1024 bytes. */
export const SEED_PRESET: Readonly<Record<ThresholdId, number>> = {
  min_life: 300,
  min_rss: 100,
  min_subtree: 500,
};

export const LIMIT = { default: 100, min: 1, max: 10_000 } as const;

export type SortDirection = 'asc' | 'desc';
export const DEFAULT_SORT: { readonly sort: ProcessMetricId; readonly dir: SortDirection } = {
  sort: 'subtree_rss_max_bytes',
  dir: 'desc',
};

function textMatches(row: ProcessRow, needle: string): boolean {
  const texts = [row.cmd, row.comm, row.user].map((text) => displayText(text).toLowerCase());
  return texts.some((text) => text.includes(needle)) || String(row.pid).includes(needle);
}

/** Whether a filter would hide anything at all. */
export function isFiltering(filter: ProcessFilter): boolean {
  return Boolean(filter.q) || THRESHOLDS.some(({ id }) => filter[id] !== undefined);
}

/** The one predicate behind every list of processes. `q` is literal and ignores case. */
export function matchesFilter(row: ProcessRow, filter: ProcessFilter): boolean {
  for (const { id, metric, scale } of THRESHOLDS) {
    const threshold = filter[id];
    if (threshold !== undefined && row[metric] < threshold * scale) return false;
  }
  return !filter.q || textMatches(row, filter.q.toLowerCase());
}

type Comparable = string | number | boolean | null;

/** Unknown last, in either direction. */
function compareValues(a: Comparable, b: Comparable, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}

/** Order of rows by one metric; ties by pid ascending; unknown values last. */
export function compareRows(
  sort: ProcessMetricId,
  dir: SortDirection,
): (a: ProcessRow, b: ProcessRow) => number {
  const sign = dir === 'asc' ? 1 : -1;
  const { id } = processMetric(sort);
  return (a, b) => compareValues(a[id], b[id], sign) || a.pid - b.pid;
}
