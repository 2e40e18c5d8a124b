import type { ProcessRow } from '../domain/metrics.ts';
import { compareRows, matchesFilter } from '../domain/process-filter.ts';
import type { History, RowTable } from './ports.ts';
import type { Hidden, SnapshotRequest, Totals } from './snapshot-rows.ts';
import {
  buildRows,
  hiddenOf,
  openSnapshot,
  readSteadily,
  snapshotHead,
  totalsOf,
  windowOf,
} from './snapshot-rows.ts';

export interface LevelRequest extends SnapshotRequest {
  readonly lvl: number;
}

export interface LevelSummary {
  readonly level: number;
  readonly processes: number;
  readonly rss_bytes: number;
}

export interface LevelView {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly base: null;
  readonly gone: null;
  readonly level: number;
  readonly levels: LevelSummary[];
  readonly rows: ProcessRow[];
  readonly totals: Totals;
  readonly matched: number;
  readonly shown: number;
  readonly hidden: Hidden;
}

/** Every level of the unfiltered tree, from 0. */
function summariseLevels({ level, processes }: RowTable): LevelSummary[] {
  const levels: { level: number; processes: number; rss_bytes: number }[] = [];
  for (let row = 0; row < processes.count; row++) {
    levels[level[row]] ??= { level: level[row], processes: 0, rss_bytes: 0 };
    levels[level[row]].processes += 1;
    levels[level[row]].rss_bytes += processes.numbers.rss_bytes[row];
  }
  return levels;
}

async function readLevel(history: History, request: LevelRequest, zone: string): Promise<LevelView> {
  const snapshot = await openSnapshot(history, request, zone);
  const { table } = snapshot;
  const indices: number[] = [];
  for (let row = 0; row < table.processes.count; row++)
    if (table.level[row] === request.lvl) indices.push(row);
  const all = await buildRows(history, snapshot.host, table, indices, windowOf(snapshot, request.window));
  const matching = all
    .filter((row) => matchesFilter(row, request))
    .sort(compareRows(request.sort, request.dir));
  const rows = matching.slice(0, request.limit);
  return {
    ...snapshotHead(snapshot),
    base: null,
    gone: null,
    level: request.lvl,
    levels: summariseLevels(table),
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
