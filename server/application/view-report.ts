import { groupRows, openGrouping } from '../domain/groups.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import type { Grouping, ProcessFilter } from '../domain/process-filter.ts';
import { DEFAULT_SORT, LIMIT } from '../domain/process-filter.ts';
import { isFiltering, openFilter } from '../domain/row-selection.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Tile } from '../domain/tiles.ts';
import { tilesOf } from '../domain/tiles.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import type { TreePicture } from '../domain/tree-pictures.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import { chooseHost, chooseRange, chooseSnapshot } from './choose-instant.ts';
import type { ComparedRow, Comparison } from './compare-base.ts';
import { addBase, readMemory } from './compare-base.ts';
import type { TreeRow } from './largest-rows.ts';
import { largestRows, withDepths } from './largest-rows.ts';
import type { History, InstantRange } from './ports.ts';
import type { ReportBase } from './report-base.ts';
import { readReportBase } from './report-base.ts';
import type { ReportLine } from './report-lines.ts';
import { REPORT_PX, readLines } from './report-lines.ts';
import type { Hidden } from './snapshot-rows.ts';
import { hiddenOf, readSnapshotAt, readSteadily } from './snapshot-rows.ts';
import { viewAnswer } from './view-answer.ts';
import type { GroupsView } from './view-groups.ts';
import type { OverviewView } from './view-overview.ts';
import { viewOverview } from './view-overview.ts';
import { viewSubtree } from './view-subtree.ts';
import { viewTable } from './view-table.ts';

/** What a report is of: a host, or one process of it, at an instant and over a range. */
export interface ReportRequest extends ProcessFilter {
  readonly host?: string | undefined;
  readonly ts?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** An instant to compare with. */
  readonly base?: string | undefined;
  readonly pid?: number | undefined;
  readonly key?: string | undefined;
  /** Only processes of this level of the tree. */
  readonly lvl?: number | undefined;
  /** As groups, not as a tree. */
  readonly group?: Grouping | undefined;
  /** All of them, for `group: 'watch'`. */
  readonly watchGroups?: readonly WatchGroup[] | undefined;
  /** A picture above the table. */
  readonly view?: TreePicture | undefined;
  readonly limit: number;
}

export type ReportGroups = Pick<GroupsView, 'by' | 'groups' | 'groups_total' | 'totals'>;
export type ReportTile = Tile<TreeRow & { readonly matched: boolean }>;

export interface ReportView extends Comparison {
  readonly host: string;
  readonly ts: number;
  readonly range: InstantRange;
  readonly coverage: OverviewView['coverage'];
  readonly demo: boolean;
  /** The snapshot's pair was not as its commit record says. */
  readonly incomplete: boolean;
  /** RAM and swap along the range. */
  readonly memory: OverviewView['series'];
  /** At the instant; `null` where the sample does not tell. */
  readonly total_bytes: number | null;
  readonly used_bytes: number | null;
  /** Who holds the memory and what grew, in words; `null` in the report of one process. */
  readonly answer: string | null;
  /** The process that was asked for. */
  readonly process: ComparedRow | null;
  readonly level: number | null;
  /** How many processes are of the level and pass the filter; `null`: neither is asked for. */
  readonly matched: number | null;
  readonly groups: ReportGroups | null;
  readonly picture: { readonly kind: TreePicture; readonly tiles: readonly ReportTile[] } | null;
  readonly lines: readonly ReportLine[];
  readonly rows: readonly TreeRow[];
  readonly totals: Totals;
  readonly hidden: Hidden;
}

async function readRows(history: History, host: string, ts: string, request: ReportRequest, zone: string) {
  const { pid, key } = request;
  if (pid === undefined && key === undefined) {
    const { rows } = await viewTable(history, { host, ts }, zone);
    return { process: null, rows, sample: rows };
  }
  const asked = { ...DEFAULT_SORT, window: 'upto', limit: LIMIT.max, host, ts, pid, key } as const;
  const { process, rows, ancestors } = await viewSubtree(history, asked, zone);
  return { process, rows, sample: [...ancestors, ...rows] };
}

function isIncomplete(history: History, host: string, t: number): boolean {
  const spine = history.spine(host);
  return spine.incomplete[lastAtOrBefore(spine.t, t)] === 1;
}

type IsWanted = (row: ProcessRow) => boolean;

function groupsOf(
  rows: readonly ProcessRow[],
  sample: readonly ProcessRow[],
  base: ReportBase | null,
  { group: by, watchGroups = [], limit }: ReportRequest,
): ReportGroups | null {
  if (by === undefined) return null;
  const before = base && {
    rows: base.rows,
    namesOf: openGrouping(by, watchGroups, () => watchedProcesses(base.open.snapshot.table.processes)),
  };
  const groups = groupRows({ rows, namesOf: openGrouping(by, watchGroups, () => sample) }, before);
  return { by, groups: groups.slice(0, limit), groups_total: groups.length, totals: totalsOf(rows) };
}

function pictureOf(
  rows: readonly ProcessRow[],
  kind: TreePicture | undefined,
  isWanted: IsWanted,
): ReportView['picture'] {
  if (kind === undefined) return null;
  return { kind, tiles: tilesOf(withDepths(rows).map((row) => ({ ...row, matched: isWanted(row) }))) };
}

/** The processes as the request wants to see them. */
function arrange(
  rows: readonly ComparedRow[],
  sample: readonly ProcessRow[],
  base: ReportBase | null,
  request: ReportRequest,
) {
  const matches = openFilter(request, () => sample);
  const { lvl, view, limit } = request;
  const isWanted: IsWanted = (row) => matches(row) && (lvl === undefined || row.level === lvl);
  const matching = rows.filter(isWanted);
  const shown = largestRows(rows, limit, isWanted);
  return {
    matching,
    told: {
      level: lvl ?? null,
      matched: isFiltering(request) || lvl !== undefined ? matching.length : null,
      groups: groupsOf(matching, sample, base, request),
      picture: pictureOf(rows, view, isWanted),
      rows: shown,
      totals: totalsOf(rows),
      hidden: hiddenOf(totalsOf(rows), shown),
    },
  };
}

/** The snapshot that is meant: at `ts`; without one, at the end of the range. */
function chooseInstant(history: History, host: string, request: ReportRequest, zone: string): number {
  return chooseSnapshot(history.spine(host), request.ts ?? request.to, zone);
}

async function readReport(history: History, request: ReportRequest, zone: string): Promise<ReportView> {
  const host = chooseHost(history, request.host);
  const t = chooseInstant(history, host, request, zone);
  const range = chooseRange(history.spine(host), request, zone);
  const { from, to } = { from: formatInstant(range.from), to: formatInstant(range.to) };
  const overview = await viewOverview(history, { host, from, to, px: REPORT_PX }, zone);
  const { process, rows, sample } = await readRows(history, host, formatInstant(t), request, zone);
  const snapshot = await readSnapshotAt(history, host, t);
  const base = await readReportBase(history, snapshot, request, process, zone);
  const gaps = overview.coverage.gaps.map((gap) => ({
    ...gap,
    from: Date.parse(gap.from),
    to: Date.parse(gap.to),
  }));
  const { matching, told } = arrange(addBase(rows, base?.open ?? null), sample, base, request);
  const memory = await readMemory(history, host, t);
  return {
    host,
    ts: t,
    range: { from: Date.parse(overview.coverage.from), to: Date.parse(overview.coverage.to) },
    coverage: overview.coverage,
    demo: overview.demo,
    incomplete: isIncomplete(history, host, t),
    memory: overview.series,
    total_bytes: memory.mem_total_bytes,
    used_bytes: memory.used_bytes,
    ...(base?.comparison ?? { base: null, gone: null }),
    answer: process ? null : (await viewAnswer(history, { host, ts: formatInstant(t) }, zone)).text,
    process,
    lines: await readLines(history, { host, range, gaps }, process, matching),
    ...told,
  };
}

/**
 * One moment and what led to it, for a document that is read elsewhere.
 * @throws MemoryInspectorError as `viewOverview`, `viewTable` and `viewSubtree` do
 */
export function viewReport(history: History, request: ReportRequest, zone: string): Promise<ReportView> {
  return readSteadily(() => readReport(history, request, zone));
}
