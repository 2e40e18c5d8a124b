import type { ProcessMetricId, ProcessRow } from './metrics.ts';
import { processMetric } from './metrics.ts';
import type { Facet, FacetTexts, ProcessFilter, SortDirection } from './process-filter.ts';
import { FACETS, THRESHOLDS } from './process-filter.ts';
import { displayText } from './text-notation.ts';
import type { WatchedProcess } from './watch-group.ts';
import { watchedPids } from './watch-group.ts';

/** What a filter and an order do with rows. Pages name filters without applying them, and do not bring this along. */

/** Whether a text, as it is shown, holds another, whatever the case. `needle`: in small letters. */
export function textContains(text: string | null, needle: string): boolean {
  return text !== null && displayText(text).toLowerCase().includes(needle);
}

function textMatches({ cmd, comm, user, pid }: ProcessRow, needle: string): boolean {
  return [cmd, comm, user].some((text) => textContains(text, needle)) || String(pid).includes(needle);
}

/** Whether a filter would hide anything at all. */
export function isFiltering(filter: ProcessFilter): boolean {
  return (
    Boolean(filter.q) ||
    filter.watch !== undefined ||
    THRESHOLDS.some(({ id }) => filter[id] !== undefined) ||
    FACETS.some(({ id }) => Boolean(filter[id]))
  );
}

/** Whether one facet of a process is the one asked for, or none is. */
export function matchesFacet(row: FacetTexts, { id, of }: Facet, filter: ProcessFilter): boolean {
  const wanted = filter[id];
  return !wanted || of(row) === (id === 'state' ? wanted.charAt(0) : wanted);
}

/** What a filter says of a process alone. `q` is literal and ignores case. */
function matchesAlone(row: ProcessRow, filter: ProcessFilter): boolean {
  for (const { id, metric, scale } of THRESHOLDS) {
    const threshold = filter[id];
    if (threshold !== undefined && row[metric] < threshold * scale) return false;
  }
  return (
    FACETS.every((facet) => matchesFacet(row, facet, filter)) &&
    (!filter.q || textMatches(row, filter.q.toLowerCase()))
  );
}

/**
 * The one predicate behind every list of processes of a sample.
 * @param sample all of its processes: whether one belongs to a watch group may hang on those above it
 */
export function openFilter(
  filter: ProcessFilter,
  sample: () => readonly WatchedProcess[],
): (row: ProcessRow) => boolean {
  if (!filter.watch) return (row) => matchesAlone(row, filter);
  const watched = watchedPids(filter.watch, sample());
  return (row) => watched.has(row.pid) && matchesAlone(row, filter);
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
