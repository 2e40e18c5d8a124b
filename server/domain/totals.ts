import type { ProcessRow } from './metrics.ts';

type Figures = Pick<ProcessRow, 'rss_bytes' | 'pss_bytes' | 'swap_bytes'>;

/** Sums over processes. */
export interface Totals {
  readonly processes: number;
  readonly rss_bytes: number;
  readonly pss_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly known: { readonly pss: number; readonly swap: number };
}

/** Sums over known values of what may be added up. */
export function totalsOf(rows: readonly Figures[]): Totals {
  const known = { pss: 0, swap: 0 };
  let [rss, pss, swap] = [0, 0, 0];
  for (const { rss_bytes, pss_bytes, swap_bytes } of rows) {
    rss += rss_bytes;
    pss += pss_bytes ?? 0;
    swap += swap_bytes ?? 0;
    if (pss_bytes !== null) known.pss++;
    if (swap_bytes !== null) known.swap++;
  }
  return {
    processes: rows.length,
    rss_bytes: rss,
    pss_bytes: known.pss > 0 ? pss : null,
    swap_bytes: known.swap > 0 ? swap : null,
    known,
  };
}
