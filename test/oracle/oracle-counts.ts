import type { Grouping } from '../../server/domain/process-filter.ts';
import { GROUPINGS } from '../../server/domain/process-filter.ts';
import { baseOf, comparisonOf } from './base.ts';
import type { ComparableFacets, ComparableGroup, ComparableGroups, ComparableRow } from './contract.ts';
import type { OracleAbsence, OracleHistory, OracleInstant } from './oracle-history.ts';
import { historyOf, instantAt, noInstant } from './oracle-history.ts';
import { totalsOf } from './oracle-level.ts';
import type { RowsQuery } from './rows.ts';
import { answerRow, DEFAULT_LIMIT, iso, matches, programOf, sum, windowOf } from './rows.ts';

/** Processes of one sample, counted and put together. */

/** Watch groups have a test of their own. */
export type TextGrouping = Exclude<Grouping, 'watch'>;
export const TEXT_GROUPINGS = GROUPINGS.filter((by) => by !== 'watch');

type NameOf = (row: ComparableRow) => string | null;

const NAMES: Readonly<Record<TextGrouping | 'state', NameOf>> = {
  cmd: ({ cmd }) => cmd,
  exe: programOf,
  user: ({ user }) => user,
  cgroup: ({ cgroup }) => cgroup,
  state: ({ state }) => state?.[0] ?? null,
};

function allRowsAt(history: OracleHistory, instant: OracleInstant, query: RowsQuery): ComparableRow[] {
  const window = windowOf(history, instant, query);
  return [...instant.rows.values()].map((row) => answerRow(row, window));
}

function rowsAt(history: OracleHistory, instant: OracleInstant, query: RowsQuery): ComparableRow[] {
  return allRowsAt(history, instant, query).filter((row) => matches(row, query));
}

function byName(rows: readonly ComparableRow[], nameOf: NameOf) {
  const names = [...new Set(rows.map(nameOf))];
  return names.map((name) => ({ name, members: rows.filter((row) => nameOf(row) === name) }));
}

/** Largest first; then by name, the unknown last. */
function bySize<T extends { readonly name: string | null; readonly rss_bytes: number }>(
  counts: readonly T[],
): T[] {
  const named = counts
    .filter(({ name }) => name !== null)
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
  return [...named, ...counts.filter(({ name }) => name === null)].sort((a, b) => b.rss_bytes - a.rss_bytes);
}

const rssOf = (rows: readonly ComparableRow[]) => sum(rows.map(({ rss_bytes }) => rss_bytes));

export function oracleFacets(folder: string, query: RowsQuery): ComparableFacets | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const rowsThere = allRowsAt(history, instant, query);
  const count = (facet: 'user' | 'cgroup' | 'exe' | 'state') => {
    const rows = rowsThere.filter((row) => matches(row, { ...query, [facet]: undefined }));
    return bySize(
      byName(rows, NAMES[facet]).map(({ name, members }) => ({
        ...{ name, processes: members.length, rss_bytes: rssOf(members) },
      })),
    );
  };
  const all = { user: count('user'), cgroup: count('cgroup'), exe: count('exe'), state: count('state') };
  const cut = (counts: (typeof all)['user']) => counts.slice(0, 50);
  const rest = (counts: (typeof all)['user']) => counts.slice(50).length;
  return {
    ts: iso(instant.t),
    facets: { user: cut(all.user), cgroup: cut(all.cgroup), exe: cut(all.exe), state: cut(all.state) },
    more: { user: rest(all.user), cgroup: rest(all.cgroup), exe: rest(all.exe), state: rest(all.state) },
  };
}

function groupOf(name: string | null, members: readonly ComparableRow[]): ComparableGroup {
  const [{ pid, cmd, comm, rss_bytes }] = [...members].sort(
    (a, b) => b.rss_bytes - a.rss_bytes || a.pid - b.pid,
  );
  return {
    name,
    ...totalsOf(members),
    rss_is_upper_bound: members.length !== 1,
    largest: { pid, cmd, comm, rss_bytes },
  };
}

export interface GroupsQuestion extends RowsQuery {
  readonly by: TextGrouping;
}

export function oracleGroups(folder: string, query: GroupsQuestion): ComparableGroups | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const base = baseOf(history, query);
  if (base === 'unknown_timestamp') return base;
  const rows = rowsAt(history, instant, query);
  const before = base && rowsAt(history, base, query);
  const groups = byName(rows, NAMES[query.by]).map(({ name, members }) => {
    if (!before) return groupOf(name, members);
    const then = before.filter((row) => NAMES[query.by](row) === name);
    return { ...groupOf(name, members), base_rss_bytes: rssOf(then) };
  });
  return {
    ts: iso(instant.t),
    by: query.by,
    ...comparisonOf(history, instant, base, query, base ? [...base.rows.values()] : []),
    groups: bySize(groups).slice(0, query.limit ?? DEFAULT_LIMIT),
    groups_total: groups.length,
    totals: totalsOf(rows),
  };
}
