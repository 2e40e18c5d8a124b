import { openFilter } from '../domain/row-selection.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import type { Comparison, MemoryFigures } from './compare-base.ts';
import { addBase, comparisonOf, openBase, readMemory } from './compare-base.ts';
import type { History } from './ports.ts';
import type { Hidden, SnapshotRequest } from './snapshot-rows.ts';
import { buildAllRows, hiddenOf, openSnapshot, readSteadily, snapshotHead } from './snapshot-rows.ts';
import type { TreeRow } from './tree-rows.ts';
import { keepMatches, sortSiblings } from './tree-rows.ts';
import type { LevelSummary } from './view-level.ts';
import { summariseLevels } from './view-level.ts';

export interface SnapshotView extends Comparison, MemoryFigures {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly rows: TreeRow[];
  readonly totals: Totals;
  readonly levels: LevelSummary[];
  readonly matched: number;
  readonly shown: number;
  readonly hidden: Hidden;
}

async function readSnapshot(history: History, request: SnapshotRequest, zone: string): Promise<SnapshotView> {
  const snapshot = await openSnapshot(history, request, zone);
  const { host, t, table } = snapshot;
  const base = await openBase(history, snapshot, request.base, zone);
  const all = addBase(await buildAllRows(history, snapshot, request.window), base);
  const matches = openFilter(request, () => watchedProcesses(table.processes));
  const { kept, matching } = keepMatches(sortSiblings(all, request), request, matches);
  return {
    ...snapshotHead(snapshot),
    ...(await readMemory(history, host, t)),
    ...(await comparisonOf(history, snapshot, base, request, (one) => [...one.table.lives.keys()])),
    rows: kept,
    totals: totalsOf(matching),
    levels: summariseLevels(table),
    matched: matching.length,
    shown: kept.length,
    hidden: hiddenOf(totalsOf(all), kept),
  };
}

/**
 * The whole host at one instant as one tree: tree first, then filter, then limit, as for the subtree of one process.
 * @throws as `viewLevel` does
 */
export function viewSnapshot(
  history: History,
  request: SnapshotRequest,
  zone: string,
): Promise<SnapshotView> {
  return readSteadily(() => readSnapshot(history, request, zone));
}
