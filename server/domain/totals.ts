import type { ProcessRow } from './metrics.ts';

/** Sums over processes. */
export interface Totals {
  readonly processes: number;
  readonly rss_bytes: number;
  readonly pss_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly known: { readonly pss: number; readonly swap: number };
}

function sumKnown(values: readonly (number | null)[]): { sum: number | null; known: number } {
  const known = values.filter((value) => value !== null);
  return {
    sum: known.length > 0 ? known.reduce((total, value) => total + value, 0) : null,
    known: known.length,
  };
}

/** Sums over known values of what may be added up. */
export function totalsOf(rows: readonly ProcessRow[]): Totals {
  const pss = sumKnown(rows.map((row) => row.pss_bytes));
  const swap = sumKnown(rows.map((row) => row.swap_bytes));
  return {
    processes: rows.length,
    rss_bytes: rows.reduce((total, row) => total + row.rss_bytes, 0),
    pss_bytes: pss.sum,
    swap_bytes: swap.sum,
    known: { pss: pss.known, swap: swap.known },
  };
}
