import type { ProcessRow } from '../domain/metrics.ts';
import { compareRows, matchesFilter } from '../domain/process-filter.ts';
import type { ProcessRequest } from './choose-process.ts';
import { livesOf, noDataForPid, requireProcess, rowOfProcess } from './choose-process.ts';
import type { History, RowTable } from './ports.ts';
import type { Hidden, Instance, SnapshotRequest, Totals } from './snapshot-rows.ts';
import {
  buildRows,
  hiddenOf,
  instanceOf,
  openSnapshot,
  readSteadily,
  snapshotHead,
  totalsOf,
  windowOf,
} from './snapshot-rows.ts';

export type SubtreeRequest = SnapshotRequest & ProcessRequest;

/** `depth`: the asked process is 0. `matched` is false for ancestors that are shown only for their descendants. */
export type SubtreeRow = ProcessRow & { readonly depth: number; readonly matched: boolean };

export interface SubtreeView {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly base: null;
  readonly gone: null;
  readonly process: ProcessRow;
  /** Root first. */
  readonly ancestors: ProcessRow[];
  readonly rows: SubtreeRow[];
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

/** For each row of a depth-first list (parents first), the indices of its children. */
function childrenOf(rows: readonly ProcessRow[]): number[][] {
  const children: number[][] = rows.map(() => []);
  const path: number[] = [];
  rows.forEach((row, at) => {
    const depth = row.level - rows[0].level;
    path.length = depth;
    if (depth > 0) children[path[depth - 1]].push(at);
    path.push(at);
  });
  return children;
}

/** The same tree, depth first, siblings in the order asked for. */
function sortSiblings(rows: readonly ProcessRow[], request: SubtreeRequest): ProcessRow[] {
  const compare = compareRows(request.sort, request.dir);
  const children = childrenOf(rows);
  const sorted: ProcessRow[] = [];
  const stack = [0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    sorted.push(rows[at]);
    stack.push(...children[at].sort((a, b) => compare(rows[b], rows[a])));
  }
  return sorted;
}

/** The first `limit` matching rows and, unmatched, the ancestors that lead to them. */
function keepMatches(rows: readonly ProcessRow[], request: SubtreeRequest) {
  const kept: SubtreeRow[] = [];
  const path: SubtreeRow[] = [];
  const matching: ProcessRow[] = [];
  let placed = 0;
  for (const row of rows) {
    const depth = row.level - rows[0].level;
    const matched = matchesFilter(row, request);
    path.length = depth;
    path.push({ ...row, depth, matched });
    placed = Math.min(placed, depth);
    if (!matched) continue;
    matching.push(row);
    if (matching.length > request.limit) continue;
    kept.push(...path.slice(placed));
    placed = path.length;
  }
  return { kept, matching };
}

async function readSubtree(history: History, request: SubtreeRequest, zone: string): Promise<SubtreeView> {
  requireProcess(request);
  const snapshot = await openSnapshot(history, request, zone);
  const { table, host } = snapshot;
  const { life, lives, pid } = await livesOf(history, host, request, snapshot.t);
  const root = rowOfProcess(snapshot, life, pid);
  if (root < 0) throw noDataForPid(pid, lives, snapshot.t);
  const above = ancestorsOf(table, root);
  const below = Array.from({ length: table.subtreeProcesses[root] }, (_, at) => root + at);
  const built = await buildRows(
    history,
    host,
    table,
    [...above, ...below],
    windowOf(snapshot, request.window),
  );
  const subtree = built.slice(above.length);
  const { kept, matching } = keepMatches(sortSiblings(subtree, request), request);
  return {
    ...snapshotHead(snapshot),
    base: null,
    gone: null,
    process: subtree[0],
    ancestors: built.slice(0, above.length),
    rows: kept,
    instances: lives.map(instanceOf),
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
