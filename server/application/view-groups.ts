import type { ProcessGroup } from '../domain/groups.ts';
import { groupRows, openGrouping } from '../domain/groups.ts';
import type { Grouping } from '../domain/process-filter.ts';
import { openFilter } from '../domain/row-selection.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import type { Comparison, OpenBase } from './compare-base.ts';
import { comparisonOf, matchingAtBase, openBase } from './compare-base.ts';
import type { History } from './ports.ts';
import type { FilteredRequest } from './snapshot-rows.ts';
import { buildAllRows, openSnapshot, readSteadily, snapshotHead } from './snapshot-rows.ts';
import type { LevelSummary } from './view-level.ts';
import { summariseLevels } from './view-level.ts';

export interface GroupsRequest extends FilteredRequest {
  readonly by: Grouping;
  /** All of them, for `by: 'watch'`. */
  readonly watchGroups: readonly WatchGroup[];
  readonly base?: string | undefined;
  readonly limit: number;
}

export interface GroupsView extends Comparison {
  readonly ts: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly incomplete: boolean;
  readonly host: string;
  readonly levels: LevelSummary[];
  readonly by: Grouping;
  readonly groups: ProcessGroup[];
  readonly groups_total: number;
  readonly totals: Totals;
}

function everyRow({ table }: OpenBase['snapshot']): number[] {
  return Array.from({ length: table.processes.count }, (_, row) => row);
}

async function readGroups(history: History, request: GroupsRequest, zone: string): Promise<GroupsView> {
  const snapshot = await openSnapshot(history, request, zone);
  const base = await openBase(history, snapshot, request.base, zone);
  const all = await buildAllRows(history, snapshot, request.window);
  const namesOf = ({ table }: OpenBase['snapshot']) =>
    openGrouping(request.by, request.watchGroups, () => watchedProcesses(table.processes));
  const rows = all.filter(openFilter(request, () => watchedProcesses(snapshot.table.processes)));
  const before = base && {
    rows: await matchingAtBase(history, base, everyRow(base.snapshot), request),
    namesOf: namesOf(base.snapshot),
  };
  const groups = groupRows({ rows, namesOf: namesOf(snapshot) }, before);
  return {
    ...snapshotHead(snapshot),
    levels: summariseLevels(snapshot.table),
    by: request.by,
    ...(await comparisonOf(history, snapshot, base, request, everyRow)),
    groups: groups.slice(0, request.limit),
    groups_total: groups.length,
    totals: totalsOf(rows),
  };
}

/** The processes of one instant put together; at the base too, whichever processes were there then. @throws as `openSnapshot` does */
export function viewGroups(history: History, request: GroupsRequest, zone: string): Promise<GroupsView> {
  return readSteadily(() => readGroups(history, request, zone));
}
