import type { ProcessMetric, ProcessMetricId } from '../../server/domain/metrics.ts';
import { processMetric } from '../../server/domain/metrics.ts';

/** Which metrics a table of processes shows. Headings and explanations come from the catalogue. */

export interface ColumnGroup {
  readonly id: 'process' | 'window' | 'instant' | 'text';
  readonly columns: readonly ProcessMetric[];
}

function group(id: ColumnGroup['id'], ...ids: readonly ProcessMetricId[]): ColumnGroup {
  return { id, columns: ids.map(processMetric) };
}

const WINDOW = group(
  'window',
  'rss_min_bytes',
  'rss_mean_bytes',
  'subtree_rss_mean_bytes',
  'subtree_rss_max_bytes',
  'rss_max_bytes',
);
const INSTANT = group('instant', 'rss_bytes', 'subtree_rss_bytes', 'pss_bytes', 'swap_bytes');
const NARROW = [group('text', 'cmd'), group('instant', 'rss_bytes', 'subtree_rss_bytes')];

/** The predecessor's columns in its order, then what holds at the instant. */
export function levelColumns(isNarrow: boolean): readonly ColumnGroup[] {
  if (isNarrow) return NARROW;
  return [group('process', 'pid', 'ppid', 'lifetime_seconds'), WINDOW, INSTANT, group('text', 'user', 'cmd')];
}

/** In a tree the command comes first, so that its indentation can be read. */
export function treeColumns(isNarrow: boolean): readonly ColumnGroup[] {
  if (isNarrow) return NARROW;
  return [group('text', 'cmd', 'user'), group('process', 'pid', 'ppid', 'lifetime_seconds'), WINDOW, INSTANT];
}

export function isNumeric({ unit }: ProcessMetric): boolean {
  return unit !== 'text' && unit !== 'instant';
}

const SHADED: ReadonlySet<ProcessMetricId> = new Set([
  'rss_bytes',
  'subtree_rss_bytes',
  'rss_max_bytes',
  'subtree_rss_max_bytes',
]);

/** Whether a column is shaded by share of RAM. */
export function isShaded({ id }: ProcessMetric): boolean {
  return SHADED.has(id);
}
