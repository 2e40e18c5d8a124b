import type { ProcessRow } from '../domain/metrics.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import type { WatchedProcess, WatchGroup, WatchMember } from '../domain/watch-group.ts';
import { openWatchMatcher, watchedProcesses } from '../domain/watch-group.ts';
import type { History, RowTable } from './ports.ts';
import { openSnapshot, readSteadily } from './snapshot-rows.ts';
import type { WatchGroupStore } from './watch-group-store.ts';
import type { RegionWatch, SkippedProcess } from './watch-regions.ts';

/** The watch groups, and what each of them has in one sample. */

export interface WatchGroupsRequest {
  readonly ts?: string | undefined;
  readonly host?: string | undefined;
}

export type WatchedRow = Pick<
  ProcessRow,
  'pid' | 'key' | 'user' | 'cmd' | 'comm' | 'rss_bytes' | 'pss_bytes' | 'swap_bytes'
>;

export interface MemberView extends WatchMember {
  /** `null`: there is no sample. */
  readonly totals: Totals | null;
  /** Those with the most RSS. */
  readonly largest: WatchedRow[];
}

export interface AmbiguousView {
  readonly process: WatchedRow;
  /** All that it matches; it counts for the first. */
  readonly members: string[];
}

export interface WatchGroupView {
  readonly name: string;
  readonly members: MemberView[];
  readonly totals: Totals | null;
  readonly ambiguous: AmbiguousView[];
  readonly ambiguous_total: number;
}

/** A group as it is listed. */
export interface ListedGroup extends WatchGroupView {
  readonly regions: string | null;
  readonly regions_kept: KeptRegionsView | null;
}

export interface KeptRegionsView {
  readonly obstacle: string | null;
  readonly processes: number | null;
  readonly last: string | null;
  readonly round_seconds: number | null;
  readonly skipped: SkippedProcess[];
  readonly skipped_total: number;
}

export interface WatchGroupsView {
  /** `null`: nothing has been recorded. */
  readonly ts: string | null;
  readonly host: string | null;
  readonly groups: ListedGroup[];
  /** Why the configuration cannot be used as it is now, one sentence. */
  readonly trouble: string | null;
}

const MOST_PROCESSES = 10;
const MOST_AMBIGUOUS = 50;

/** A sample as groups look at it, row by row. */
export interface WatchedSample {
  readonly processes: readonly WatchedProcess[];
  readonly rows: readonly WatchedRow[];
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function watchedRows({ processes: { numbers, texts }, lives }: RowTable): WatchedRow[] {
  return lives.map(({ pid, key }, row) => ({
    ...{ pid, key, user: texts.user[row], cmd: texts.cmd[row], comm: texts.comm[row] },
    rss_bytes: numbers.rss_bytes[row],
    pss_bytes: known(numbers.pss_bytes[row]),
    swap_bytes: known(numbers.swap_bytes[row]),
  }));
}

function largestOf(rows: readonly WatchedRow[]): WatchedRow[] {
  return [...rows].sort((a, b) => b.rss_bytes - a.rss_bytes || a.pid - b.pid).slice(0, MOST_PROCESSES);
}

/** What a group has in a sample. */
export function matchGroup(group: WatchGroup, { processes, rows }: WatchedSample): WatchGroupView {
  const { memberOf, ambiguous } = openWatchMatcher(group)(processes);
  const membersRows = group.members.map((_, member) => rows.filter((_, row) => memberOf[row] === member));
  return {
    name: group.name,
    members: group.members.map((member, at) => ({
      ...member,
      totals: totalsOf(membersRows[at]),
      largest: largestOf(membersRows[at]),
    })),
    totals: totalsOf(membersRows.flat()),
    ambiguous: [...ambiguous].slice(0, MOST_AMBIGUOUS).map(([row, members]) => ({
      process: rows[row],
      members: members.map((member) => group.members[member].name),
    })),
    ambiguous_total: ambiguous.size,
  };
}

function unmatched({ name, members }: WatchGroup): WatchGroupView {
  return {
    name,
    members: members.map((member) => ({ ...member, totals: null, largest: [] })),
    totals: null,
    ambiguous: [],
    ambiguous_total: 0,
  };
}

/** Why the configuration cannot be used; not where it is: that is nobody's business. */
export function troubleText(store: Pick<WatchGroupStore, 'trouble'>): string | null {
  const trouble = store.trouble();
  if (!trouble) return null;
  const { position, message, next } = trouble;
  const place = [position?.line ?? null, position?.column ?? null].filter((part) => part !== null);
  const where = place.length > 0 ? ` at line ${place.join(', column ')}` : '';
  return [`The configuration cannot be used${where}: ${message}.`, next].filter(Boolean).join(' ');
}

function viewKeptRegions({ name, regions }: WatchGroup, watch: RegionWatch): KeptRegionsView | null {
  if (regions === undefined) return null;
  const kept = watch.kept(name);
  const { last = null, skipped = [] } = kept ?? {};
  return {
    obstacle: kept?.obstacle ?? null,
    processes: kept && kept.obstacle === null ? kept.processes : null,
    last: last === null ? null : formatInstant(last),
    round_seconds: kept && kept.obstacle === null ? kept.roundSeconds : null,
    skipped: skipped.slice(0, MOST_PROCESSES),
    skipped_total: skipped.length,
  };
}

/**
 * All groups with what they have at an instant. Where nothing has been recorded and none is asked for, the groups alone.
 * @throws as `openSnapshot` does
 */
export async function viewWatchGroups(
  history: History,
  { store, regions }: { readonly store: WatchGroupStore; readonly regions: RegionWatch },
  request: WatchGroupsRequest,
  zone: string,
): Promise<WatchGroupsView> {
  const groups = store.groups();
  const trouble = troubleText(store);
  const listed = (group: WatchGroup, view: WatchGroupView) => ({
    ...view,
    regions: group.regions ?? null,
    regions_kept: viewKeptRegions(group, regions),
  });
  if (history.hosts().length === 0)
    return { ts: null, host: null, groups: groups.map((group) => listed(group, unmatched(group))), trouble };
  const { table, t, host } = await readSteadily(() => openSnapshot(history, request, zone));
  const sample = { processes: watchedProcesses(table.processes), rows: watchedRows(table) };
  return {
    ts: formatInstant(t),
    host,
    groups: groups.map((group) => listed(group, matchGroup(group, sample))),
    trouble,
  };
}
