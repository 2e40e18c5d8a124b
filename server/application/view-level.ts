import { compareRows, openFilter } from '../domain/row-selection.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import type { ComparedRow, Comparison } from './compare-base.ts';
import { addBase, comparisonOf, openBase } from './compare-base.ts';
import type { History, RowTable } from './ports.ts';
import type { Hidden, OpenSnapshot, SnapshotRequest } from './snapshot-rows.ts';
import { buildRows, hiddenOf, openSnapshot, readSteadily, snapshotHead, windowOf } from './snapshot-rows.ts';

export interface LevelRequest extends SnapshotRequest {
  readonly lvl: number;
}

export interface LevelSummary {
  readonly level: number;
  readonly processes: number;
  readonly rss_bytes: number;
}

export interface LevelView extends Comparison {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly level: number;
  readonly levels: LevelSummary[];
  readonly rows: ComparedRow[];
  readonly totals: Totals;
  readonly matched: number;
  readonly shown: number;
  readonly hidden: Hidden;
}

/** Every level of the unfiltered tree, from 0. */
export function summariseLevels({ level, processes }: RowTable): LevelSummary[] {
  const levels: { level: number; processes: number; rss_bytes: number }[] = [];
  for (let row = 0; row < processes.count; row++) {
    levels[level[row]] ??= { level: level[row], processes: 0, rss_bytes: 0 };
    levels[level[row]].processes += 1;
    levels[level[row]].rss_bytes += processes.numbers.rss_bytes[row];
  }
  return levels;
}

function rowsOfLevel({ level, processes }: RowTable, wanted: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < processes.count; row++) if (level[row] === wanted) rows.push(row);
  return rows;
}

async function readLevel(history: History, request: LevelRequest, zone: string): Promise<LevelView> {
  const snapshot = await openSnapshot(history, request, zone);
  const base = await openBase(history, snapshot, request.base, zone);
  const atLevel = (one: OpenSnapshot) => rowsOfLevel(one.table, request.lvl);
  const range = windowOf(snapshot, request.window);
  const all = await buildRows(history, snapshot.host, snapshot.table, atLevel(snapshot), range);
  const matching = addBase(all, base)
    .filter(openFilter(request, () => watchedProcesses(snapshot.table.processes)))
    .sort(compareRows(request.sort, request.dir));
  const rows = matching.slice(0, request.limit);
  return {
    ...snapshotHead(snapshot),
    ...(await comparisonOf(history, snapshot, base, request, atLevel)),
    level: request.lvl,
    levels: summariseLevels(snapshot.table),
    rows,
    totals: totalsOf(matching),
    matched: matching.length,
    shown: rows.length,
    hidden: hiddenOf(totalsOf(all), rows),
  };
}

/**
 * The processes at one level of the tree at one instant. The filter is applied to rows whose tree figures are of the
 * whole tree; the limit comes last.
 * @throws MemoryInspectorError `no_process_dumps`, `unknown_timestamp`, `unknown_host`, `bad_parameter`
 */
export function viewLevel(history: History, request: LevelRequest, zone: string): Promise<LevelView> {
  return readSteadily(() => readLevel(history, request, zone));
}
