import { openFilter } from '../domain/row-selection.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import type { ProcessRequest } from './choose-process.ts';
import { livesOf, noDataForPid, requireProcess, rowOfProcess } from './choose-process.ts';
import type { ComparedRow, Comparison, OpenBase } from './compare-base.ts';
import { addBase, comparisonOf, openBase } from './compare-base.ts';
import type { History, RowTable } from './ports.ts';
import type { Hidden, Instance, SnapshotRequest } from './snapshot-rows.ts';
import {
  buildRows,
  hiddenOf,
  instanceOf,
  openSnapshot,
  readSteadily,
  snapshotHead,
  windowOf,
} from './snapshot-rows.ts';
import type { TreeRow } from './tree-rows.ts';
import { keepMatches, sortSiblings } from './tree-rows.ts';

export type SubtreeRequest = SnapshotRequest & ProcessRequest;

export interface SubtreeView extends Comparison {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly process: ComparedRow;
  /** Root first. */
  readonly ancestors: ComparedRow[];
  readonly rows: TreeRow[];
  readonly instances: Instance[];
  readonly totals: Totals;
  readonly matched: number;
  readonly shown: number;
  readonly hidden: Hidden;
}

/** Ancestors of a row, root first: in depth-first order, the nearest earlier row one level up. */
function ancestorsOf({ level }: RowTable, row: number): number[] {
  const ancestors: number[] = [];
  let wanted = level[row] - 1;
  for (let at = row - 1; at >= 0 && wanted >= 0; at--) {
    if (level[at] !== wanted) continue;
    ancestors.push(at);
    wanted--;
  }
  return ancestors.reverse();
}

/** Rows of a process and its descendants, depth first. */
function subtreeRows({ subtreeProcesses }: RowTable, root: number): number[] {
  return Array.from({ length: subtreeProcesses[root] }, (_, at) => root + at);
}

/** The subtree that the same life had at the base instant; nothing where it was not alive. */
export function subtreeAtBase(base: OpenBase | null, key: string): number[] {
  const root = base?.rowOfKey.get(key);
  return base === null || root === undefined ? [] : subtreeRows(base.snapshot.table, root);
}

async function readSubtree(history: History, request: SubtreeRequest, zone: string): Promise<SubtreeView> {
  requireProcess(request);
  const snapshot = await openSnapshot(history, request, zone);
  const { table, host } = snapshot;
  const { life, lives, pid } = await livesOf(history, host, request, snapshot.t);
  const root = rowOfProcess(snapshot, life, pid);
  if (root < 0) throw noDataForPid(pid, await lives, snapshot.t);
  const base = await openBase(history, snapshot, request.base, zone);
  const above = ancestorsOf(table, root);
  const indices = [...above, ...subtreeRows(table, root)];
  const built = await buildRows(history, host, table, indices, windowOf(snapshot, request.window));
  const rows = addBase(built, base);
  const subtree = rows.slice(above.length);
  const scope = subtreeAtBase(base, table.lives[root].key);
  const matches = openFilter(request, () => watchedProcesses(table.processes));
  const { kept, matching } = keepMatches(sortSiblings(subtree, request), request, matches);
  return {
    ...snapshotHead(snapshot),
    ...(await comparisonOf(history, snapshot, base, request, () => scope)),
    process: subtree[0],
    ancestors: rows.slice(0, above.length),
    rows: kept,
    instances: (await lives).map(instanceOf),
    totals: totalsOf(matching),
    matched: matching.length,
    shown: kept.length,
    hidden: hiddenOf(totalsOf(subtree), kept),
  };
}

/**
 * One process at one instant with all its descendants: tree first, then filter, then limit.
 * @throws MemoryInspectorError `no_data_for_pid` with the nearest lives, and as `viewLevel` does
 */
export function viewSubtree(history: History, request: SubtreeRequest, zone: string): Promise<SubtreeView> {
  return readSteadily(() => readSubtree(history, request, zone));
}
