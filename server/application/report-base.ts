import type { ProcessRow } from '../domain/metrics.ts';
import type { ProcessFilter } from '../domain/process-filter.ts';
import type { Comparison, OpenBase } from './compare-base.ts';
import { comparisonOf, matchingAtBase, openBase } from './compare-base.ts';
import type { History } from './ports.ts';
import type { OpenSnapshot } from './snapshot-rows.ts';
import { subtreeAtBase } from './view-subtree.ts';

/** What a report is compared with: the same choice of processes at the base instant. */

interface ComparedRequest extends ProcessFilter {
  readonly base?: string | undefined;
  readonly lvl?: number | undefined;
}

export interface ReportBase {
  readonly open: OpenBase;
  readonly comparison: Comparison;
  /** What the report would be of at that instant. */
  readonly rows: readonly ProcessRow[];
}

function scopeOf(base: OpenBase, lvl: number | undefined, process: ProcessRow | null): number[] {
  const { level, lives } = base.snapshot.table;
  const rows = process ? subtreeAtBase(base, process.key) : [...lives.keys()];
  return lvl === undefined ? rows : rows.filter((row) => level[row] === lvl);
}

/** @param process whose subtree the report is of; `null`: of all @throws as `chooseSnapshot` does */
export async function readReportBase(
  history: History,
  snapshot: OpenSnapshot,
  request: ComparedRequest,
  process: ProcessRow | null,
  zone: string,
): Promise<ReportBase | null> {
  const open = await openBase(history, snapshot, request.base, zone);
  if (!open) return null;
  const scope = scopeOf(open, request.lvl, process);
  const filter = { ...request, window: 'upto' } as const;
  return {
    open,
    comparison: await comparisonOf(history, snapshot, open, filter, () => scope),
    rows: await matchingAtBase(history, open, scope, filter),
  };
}
