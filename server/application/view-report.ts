import { valuesAlong } from '../domain/downsample.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import type { ProcessFilter } from '../domain/process-filter.ts';
import { DEFAULT_SORT, isFiltering, LIMIT, openFilter } from '../domain/process-filter.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Gap } from '../domain/timeline.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import type { Totals } from '../domain/totals.ts';
import { totalsOf } from '../domain/totals.ts';
import { chooseHost, chooseRange, chooseSnapshot } from './choose-instant.ts';
import type { TreeRow } from './largest-rows.ts';
import { largestRows } from './largest-rows.ts';
import type { History, InstantRange, LifeTimeline, Series } from './ports.ts';
import type { Hidden } from './snapshot-rows.ts';
import { hiddenOf } from './snapshot-rows.ts';
import { detailFor, plotAxis } from './time-series.ts';
import { viewAnswer } from './view-answer.ts';
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
  readonly pid?: number | undefined;
  readonly key?: string | undefined;
  readonly limit: number;
}

export interface ReportLine {
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly of: 'own' | 'subtree';
  readonly t: readonly number[];
  readonly rss_bytes: readonly (number | null)[];
}

export interface ReportView {
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
  readonly process: ProcessRow | null;
  /** How many processes pass the filter; `null`: there is none. */
  readonly matched: number | null;
  readonly lines: readonly ReportLine[];
  readonly rows: readonly TreeRow[];
  readonly totals: Totals;
  readonly hidden: Hidden;
}

/** Points of a chart: as wide as a page. */
const PX = 900;
const MOST_LINES = 6;

function lineOf(
  { t, bytes }: Series,
  gaps: readonly Gap[],
  row: ProcessRow,
  of: ReportLine['of'],
): ReportLine {
  const axis = plotAxis(t, [Float64Array.from(bytes)], gaps, PX);
  const { pid, cmd, comm } = row;
  return { pid, cmd, comm, of, t: axis.t, rss_bytes: valuesAlong(axis, Float64Array.from(bytes)) };
}

interface Place {
  readonly host: string;
  readonly range: InstantRange;
  readonly gaps: readonly Gap[];
}

async function timelineOf(
  history: History,
  { host, range }: Place,
  key: string,
): Promise<LifeTimeline | null> {
  const life = await history.lifeOfKey(host, key);
  return life && history.readTimeline(host, life.id, range, detailFor(PX));
}

/** Own and subtree of the process that was asked for; else the largest of the snapshot. */
async function readLines(
  history: History,
  place: Place,
  process: ProcessRow | null,
  all: readonly ProcessRow[],
): Promise<ReportLine[]> {
  const largest = [...all].sort((a, b) => b.rss_bytes - a.rss_bytes).slice(0, MOST_LINES);
  const lines: ReportLine[] = [];
  for (const row of process ? [process] : largest) {
    const timeline = await timelineOf(history, place, row.key);
    if (!timeline) continue;
    lines.push(lineOf(timeline.rss, place.gaps, row, 'own'));
    if (process) lines.push(lineOf(timeline.subtreeRss, place.gaps, row, 'subtree'));
  }
  return lines.filter(({ t }) => t.length > 0);
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

async function readMemoryAt(history: History, host: string, t: number) {
  const ids = ['mem_total_bytes', 'mem_available_bytes'] as const;
  const { values } = await history.readSystem(host, ids, { from: t, to: t });
  const [total, available] = ids.map((id) => values[id][0] ?? Number.NaN);
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return { total_bytes: known(total), used_bytes: known(total - available) };
}

function isIncomplete(history: History, host: string, t: number): boolean {
  const spine = history.spine(host);
  return spine.incomplete[lastAtOrBefore(spine.t, t)] === 1;
}

/** The snapshot that is meant: at `ts`; without one, at the end of the range. */
function chooseInstant(history: History, host: string, request: ReportRequest, zone: string): number {
  return chooseSnapshot(history.spine(host), request.ts ?? request.to, zone);
}

/**
 * One moment and what led to it, for a document that is read elsewhere.
 * @throws MemoryInspectorError as `viewOverview`, `viewTable` and `viewSubtree` do
 */
export async function viewReport(
  history: History,
  request: ReportRequest,
  zone: string,
): Promise<ReportView> {
  const host = chooseHost(history, request.host);
  const t = chooseInstant(history, host, request, zone);
  const range = chooseRange(history.spine(host), request, zone);
  const { from, to } = { from: formatInstant(range.from), to: formatInstant(range.to) };
  const overview = await viewOverview(history, { host, from, to, px: PX }, zone);
  const { process, rows, sample } = await readRows(history, host, formatInstant(t), request, zone);
  const gaps = overview.coverage.gaps.map((gap) => ({
    ...gap,
    from: Date.parse(gap.from),
    to: Date.parse(gap.to),
  }));
  const matches = openFilter(request, () => sample);
  const matching = rows.filter(matches);
  const shown = largestRows(rows, request.limit, matches);
  return {
    host,
    ts: t,
    range: { from: Date.parse(overview.coverage.from), to: Date.parse(overview.coverage.to) },
    coverage: overview.coverage,
    demo: overview.demo,
    incomplete: isIncomplete(history, host, t),
    memory: overview.series,
    ...(await readMemoryAt(history, host, t)),
    answer: process ? null : (await viewAnswer(history, { host, ts: formatInstant(t) }, zone)).text,
    process,
    matched: isFiltering(request) ? matching.length : null,
    lines: await readLines(history, { host, range, gaps }, process, matching),
    rows: shown,
    totals: totalsOf(rows),
    hidden: hiddenOf(totalsOf(rows), shown),
  };
}
