import type { ProcessRow } from './metrics.ts';
import type { FacetId, ProcessFilter } from './process-filter.ts';
import { FACET_IDS, FACETS } from './process-filter.ts';
import { matchesFacet, openFilter } from './row-selection.ts';

/** How many processes there are of each user, cgroup, program and state. */

export interface FacetCount {
  readonly name: string | null;
  processes: number;
  rss_bytes: number;
}

export interface Facets {
  readonly facets: Readonly<Record<FacetId, FacetCount[]>>;
  /** Names that are not listed. */
  readonly more: Readonly<Record<FacetId, number>>;
}

const MOST_NAMES = 50;

/** Unknown last. */
export function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

function countBy(rows: readonly ProcessRow[], nameOf: (row: ProcessRow) => string | null): FacetCount[] {
  const counts = new Map<string | null, FacetCount>();
  for (const row of rows) {
    const name = nameOf(row);
    const count = counts.get(name) ?? { name, processes: 0, rss_bytes: 0 };
    count.processes++;
    count.rss_bytes += row.rss_bytes;
    counts.set(name, count);
  }
  return [...counts.values()].sort((a, b) => b.rss_bytes - a.rss_bytes || compareNames(a.name, b.name));
}

/** Counts rows, all of one sample, that pass every filter but that of the facet itself: what choosing a name would show. By RSS. */
export function countFacets(rows: readonly ProcessRow[], filter: ProcessFilter): Facets {
  const withoutFacets = { ...filter, ...Object.fromEntries(FACET_IDS.map((id) => [id, undefined])) };
  const passing = rows.filter(openFilter(withoutFacets, () => rows));
  const counts = FACETS.map((facet) => {
    const others = FACETS.filter((other) => other !== facet);
    const counted = passing.filter((row) => others.every((other) => matchesFacet(row, other, filter)));
    return [facet.id, countBy(counted, facet.of)] as const;
  });
  return {
    facets: Object.fromEntries(counts.map(([id, names]) => [id, names.slice(0, MOST_NAMES)])),
    more: Object.fromEntries(counts.map(([id, names]) => [id, Math.max(0, names.length - MOST_NAMES)])),
  } as unknown as Facets;
}
