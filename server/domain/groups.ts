import { compareNames } from './facets.ts';
import type { ProcessRow } from './metrics.ts';
import type { Grouping } from './process-filter.ts';
import { FACETS } from './process-filter.ts';
import type { Totals } from './totals.ts';
import { totalsOf } from './totals.ts';

/** Processes put together by command, program, user or cgroup. */

export interface ProcessGroup extends Totals {
  readonly name: string | null;
  /** Pages that several processes share count once each. */
  readonly rss_is_upper_bound: boolean;
  readonly largest: Pick<ProcessRow, 'pid' | 'key' | 'cmd' | 'comm' | 'rss_bytes'>;
  /** Only where there is a base: 0 where the group had no process. */
  readonly base_rss_bytes?: number;
}

/** What a process is grouped by. */
export function groupNameOf(by: Grouping): (row: ProcessRow) => string | null {
  return FACETS.find(({ id }) => id === by)?.of ?? (({ cmd }) => cmd);
}

function largestOf(rows: readonly ProcessRow[]): ProcessGroup['largest'] {
  const isLarger = (a: ProcessRow, b: ProcessRow) => a.rss_bytes - b.rss_bytes || b.pid - a.pid;
  const { pid, key, cmd, comm, rss_bytes } = rows.reduce((most, row) =>
    isLarger(row, most) > 0 ? row : most,
  );
  return { pid, key, cmd, comm, rss_bytes };
}

function byName(rows: readonly ProcessRow[], by: Grouping): Map<string | null, ProcessRow[]> {
  const nameOf = groupNameOf(by);
  const groups = new Map<string | null, ProcessRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

/** By RSS, ties by name. `base`: rows to compare with, `null` without. */
export function groupRows(
  rows: readonly ProcessRow[],
  by: Grouping,
  base: readonly ProcessRow[] | null,
): ProcessGroup[] {
  const before = base && byName(base, by);
  const groups = [...byName(rows, by)].map(([name, members]) => ({
    name,
    ...totalsOf(members),
    rss_is_upper_bound: members.length > 1,
    largest: largestOf(members),
    ...(before ? { base_rss_bytes: totalsOf(before.get(name) ?? []).rss_bytes } : {}),
  }));
  return groups.sort((a, b) => b.rss_bytes - a.rss_bytes || compareNames(a.name, b.name));
}
