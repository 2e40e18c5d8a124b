import type { LedgerPart } from '../../server/domain/ledger.ts';
import { LEDGER_PARTS } from '../../server/domain/ledger.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { Token } from './colours.ts';

/** Where all of the RAM is: how its parts are drawn, and what they are at one instant. */

interface Ink {
  readonly colour: Token;
  readonly opacity: number;
}

/** What processes hold stands out; what the kernel holds is one family of greys; what can be given back is pale. */
export const LEDGER_INKS: Readonly<Record<LedgerPart, Ink>> = {
  processes: { colour: 'c1', opacity: 0.85 },
  shmem: { colour: 'c4', opacity: 0.8 },
  slab: { colour: 'c6', opacity: 0.9 },
  page_tables: { colour: 'c6', opacity: 0.65 },
  kernel_stacks: { colour: 'c6', opacity: 0.45 },
  huge_pages: { colour: 'c3', opacity: 0.7 },
  unexplained: { colour: 'c2', opacity: 0.6 },
  page_cache: { colour: 'c5', opacity: 0.3 },
  free: { colour: 'muted', opacity: 0.1 },
};

export interface LedgerRow {
  readonly id: LedgerPart;
  readonly label: string;
  readonly help: string;
  /** `null`: the dump does not tell it. */
  readonly bytes: number | null;
}

export interface LedgerAt {
  readonly t: number;
  readonly total: number;
  readonly rows: readonly LedgerRow[];
}

/** Of the newest sample that tells MemTotal; `null` where none does. */
export function newestLedger({ t, mem_total_bytes, ledger }: OverviewAnswer['series']): LedgerAt | null {
  const at = mem_total_bytes.findLastIndex((total) => total !== null);
  const total = mem_total_bytes[at];
  if (!total) return null;
  const rows = LEDGER_PARTS.map((part) => ({ ...part, bytes: ledger[`${part.id}_bytes`][at] }));
  return { t: t[at], total, rows };
}
