import { compareNames } from './facets.ts';
import type { ProcessRow } from './metrics.ts';
import type { Grouping } from './process-filter.ts';
import { FACETS } from './process-filter.ts';
import type { Totals } from './totals.ts';
import { totalsOf } from './totals.ts';
import type { WatchedProcess, WatchGroup } from './watch-group.ts';
import { openWatchNames } from './watch-group.ts';

/** Processes put together by command, program, user, cgroup or watch group. */

export interface ProcessGroup extends Totals {
  readonly name: string | null;
  /** Pages that several processes share count once each. */
  readonly rss_is_upper_bound: boolean;
  readonly largest: Pick<ProcessRow, 'pid' | 'key' | 'cmd' | 'comm' | 'rss_bytes'>;
  /** Only where there is a base: 0 where the group had no process. */
  readonly base_rss_bytes?: number;
}

/** What a process is put under: one name (`null`: unknown), or each watch group that it belongs to (`null`: none). */
export type NamesOf = (row: ProcessRow) => readonly (string | null)[];

/** @param sample all processes of it: whether one belongs to a watch group may hang on those above it */
export function openGrouping(
  by: Grouping,
  groups: readonly WatchGroup[],
  sample: () => readonly WatchedProcess[],
): NamesOf {
  if (by === 'watch') {
    const namesOf = openWatchNames(groups, sample());
    return ({ pid }) => (namesOf(pid).length > 0 ? namesOf(pid) : [null]);
  }
  const nameOf = FACETS.find(({ id }) => id === by)?.of ?? (({ cmd }) => cmd);
  return (row) => [nameOf(row)];
}

/** Rows, and what each is put under. */
export interface GroupableRows {
  readonly rows: readonly ProcessRow[];
  readonly namesOf: NamesOf;
}

function largestOf(rows: readonly ProcessRow[]): ProcessGroup['largest'] {
  const isLarger = (a: ProcessRow, b: ProcessRow) => a.rss_bytes - b.rss_bytes || b.pid - a.pid;
  const { pid, key, cmd, comm, rss_bytes } = rows.reduce((most, row) =>
    isLarger(row, most) > 0 ? row : most,
  );
  return { pid, key, cmd, comm, rss_bytes };
}

function byName({ rows, namesOf }: GroupableRows): Map<string | null, ProcessRow[]> {
  const groups = new Map<string | null, ProcessRow[]>();
  for (const row of rows)
    for (const name of namesOf(row)) {
      const group = groups.get(name);
      if (group) group.push(row);
      else groups.set(name, [row]);
    }
  return groups;
}

/** By RSS, ties by name. `base`: what to compare with, `null` without. */
export function groupRows(current: GroupableRows, base: GroupableRows | null): ProcessGroup[] {
  const before = base && byName(base);
  const groups = [...byName(current)].map(([name, members]) => ({
    name,
    ...totalsOf(members),
    rss_is_upper_bound: members.length > 1,
    largest: largestOf(members),
    ...(before ? { base_rss_bytes: totalsOf(before.get(name) ?? []).rss_bytes } : {}),
  }));
  return groups.sort((a, b) => b.rss_bytes - a.rss_bytes || compareNames(a.name, b.name));
}
