import type { Resolution } from '../domain/buckets.ts';
import { valuesAlong } from '../domain/downsample.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Gap } from '../domain/timeline.ts';
import { findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import type { ChildView, OthersView } from './child-series.ts';
import { MOST_CHILDREN, plotChildren } from './child-series.ts';
import { chooseHost, chooseRange, chooseSnapshot, lastSnapshotAt } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { livesOf, noDataForPid, requireProcess } from './choose-process.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type {
  Family,
  History,
  HostSpine,
  InstantRange,
  Life,
  LifeSpan,
  LifeTimeline,
  RankedChildren,
  RowTable,
  Series,
} from './ports.ts';
import type { Instance } from './snapshot-rows.ts';
import { buildTableRows, instanceOf, readMomentTable, readSteadily } from './snapshot-rows.ts';
import type { GapView, Grain, PlotMethod, Telling } from './time-series.ts';
import { chooseGrain, detailFor, gapViews, grainFor, stepOf, tellSeries } from './time-series.ts';
import { nextTurn } from './turns.ts';

export interface PlotRequest extends SnapshotsRequest, ProcessRequest {
  readonly ts?: string | undefined;
  readonly px: number;
  /** Default `auto`. */
  readonly resolution?: Resolution | undefined;
}

type Values = (number | null)[];

/** Over so many samples a chart may tell each step; a longer range is told by its width. */
const MOST_READ = 100_000;

/** A table of more children than this helps nobody. Over a long range each may end in another file: those of the chart. */
const MOST_SUMMARISED = { samples: 200, hours: MOST_CHILDREN };

/** Samples; or of each step the mean, and between which values the samples are. */
interface PlotLine {
  readonly t: number[];
  readonly rss_bytes: Values;
  readonly rss_min_bytes?: Values;
  readonly rss_max_bytes?: Values;
}

export interface PlotView {
  readonly ts: string;
  readonly host: string;
  readonly range: { readonly from: string; readonly to: string };
  readonly process: ProcessRow;
  readonly instances: Instance[];
  readonly peak: { readonly t: number; readonly rss_bytes: number };
  readonly own: PlotLine;
  readonly subtree: PlotLine;
  readonly children: ChildView[];
  /** The largest few. */
  readonly children_summary: ProcessRow[];
  readonly children_total: number;
  readonly others: OthersView | null;
  readonly gaps: GapView[];
  /** As it is told, which may be coarser than what was asked for. */
  readonly resolution: Resolution;
  readonly step_ms: number | null;
  readonly method: PlotMethod;
  readonly raw_points: number;
}

interface Chosen {
  readonly life: LifeSpan;
  readonly lives: Promise<readonly Life[]>;
  /** Instant of the snapshot that `ts`, or else the end of the range, means; `null`: none is so early. */
  readonly at: number | null;
}

/** Which life is meant: by key; else the one alive at `ts`, or at the end of the range. */
async function chooseLife(
  history: History,
  host: string,
  request: PlotRequest,
  range: InstantRange,
  zone: string,
): Promise<Chosen> {
  const spine = history.spine(host);
  const at =
    request.ts === undefined ? lastSnapshotAt(spine, range.to) : chooseSnapshot(spine, request.ts, zone);
  const { life, spans, lives, pid } = await livesOf(history, host, request, at ?? range.to);
  if (life) return { life, lives, at };
  if (at === null) throw noDataForPid(pid, await lives, range.to);
  for (const one of spans) {
    // A life spans samples that do not show it, as where a pid was missed once.
    const isWithin = one.firstSeen <= at && at <= one.lastSeen;
    if (isWithin && (await history.isSeen(host, { life: one.id, t: at }))) return { life: one, lives, at };
  }
  throw noDataForPid(pid, await lives, at);
}

function gapsOf(spine: HostSpine, range: InstantRange) {
  return findGaps(spine, firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to));
}

function samplesIn({ t }: HostSpine, { from, to }: InstantRange): number {
  return lastAtOrBefore(t, to) - firstAtOrAfter(t, from) + 1;
}

function peakOf({ t, bytes }: Series): PlotView['peak'] {
  let peak = 0;
  for (let at = 1; at < bytes.length; at++) if (bytes[at] > bytes[peak]) peak = at;
  return { t: t[peak], rss_bytes: bytes[peak] };
}

/** The asked instant where the process is alive there and the range holds it, else its last sample in the range. */
async function instantOfSummary(
  history: History,
  host: string,
  { at, life }: Chosen,
  range: InstantRange,
): Promise<number | null> {
  const isAsked = at !== null && range.from <= at && at <= range.to;
  if (isAsked && life.firstSeen <= at && at <= life.lastSeen)
    if (await history.isSeen(host, { life: life.id, t: at })) return at;
  return range.from <= life.lastSeen && life.lastSeen <= range.to ? life.lastSeen : null;
}

/** Samples share their instants, and are told together; hours have their own in each figure. */
function plotFigures(timeline: LifeTimeline, gaps: readonly Gap[], asked: Grain) {
  const { rss, subtreeRss, detail } = timeline;
  const grain = grainFor(timeline, asked);
  const drivers = detail === 'hours' ? [rss.bytes] : [rss.bytes, subtreeRss.bytes];
  const own = tellSeries(rss.t, gaps, grain, drivers);
  const subtree = detail === 'hours' ? tellSeries(subtreeRss.t, gaps, grain, [subtreeRss.bytes]) : own;
  const lineOf = ({ axis, told, band }: Telling, { bytes }: Series): PlotLine => ({
    t: [...axis.t],
    rss_bytes: valuesAlong(axis, told(bytes)),
    ...(band && { rss_min_bytes: band.least(bytes), rss_max_bytes: band.most(bytes) }),
  });
  return {
    own: lineOf(own, rss),
    subtree: lineOf(subtree, subtreeRss),
    method: detail === 'hours' ? ('rollup' as const) : own.method,
  };
}

/** The table has the process's row, then those of children; `null` where no sample of the range has the process. */
async function readFamilyAndRows(
  history: History,
  host: string,
  chosen: Chosen,
  range: InstantRange,
  ranked: RankedChildren,
): Promise<{ readonly family: Family; readonly table: RowTable | null }> {
  const life = chosen.life.id;
  const children = ranked.first.slice(0, MOST_SUMMARISED[ranked.detail]);
  const readRows = (t: number) => readMomentTable(history, host, [{ life, t }, ...children]);
  const t = await instantOfSummary(history, host, chosen, range);
  const rows = t === null ? null : readRows(t);
  if (rows) {
    // They are waited for below; that they fail before that is no unhandled rejection.
    rows.catch(() => undefined);
    // The engine reads them while hours are added up here.
    await nextTurn();
  }
  const family = await history.readFamily(host, life, range, { ranked, drawn: MOST_CHILDREN });
  if (family.own.samples === 0) return { family, table: null };
  return { family, table: await (rows ?? readRows(family.own.lastT)) };
}

async function readPlot(history: History, request: PlotRequest, zone: string): Promise<PlotView> {
  requireProcess(request);
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const chosen = await chooseLife(history, host, request, range, zone);
  const grain = chooseGrain(request, range, samplesIn(spine, range), MOST_READ);
  const detail = { ...detailFor(grain.px), first: MOST_SUMMARISED.samples };
  const ranked = await history.rankChildren(host, chosen.life.id, range, detail);
  const { family, table } = await readFamilyAndRows(history, host, chosen, range, ranked);
  const timeline = family.own;
  if (!table) throw noDataForPid(chosen.life.pid, await chosen.lives, range.to);
  const [process, ...childRows] = await buildTableRows(history, host, table, range);
  const gaps = gapsOf(spine, range);
  const { method, ...figures } = plotFigures(timeline, gaps, grain);
  const plotted = plotChildren(family, childRows, spine, gaps, grain);
  return {
    ts: formatInstant(chosen.at ?? range.to),
    host,
    range: { from: formatInstant(range.from), to: formatInstant(range.to) },
    process,
    instances: (await chosen.lives).map(instanceOf),
    peak: peakOf(timeline.rss),
    ...figures,
    children: plotted.children,
    children_summary: childRows,
    children_total: family.count,
    others: plotted.others,
    gaps: gapViews(gaps),
    resolution: grain.resolution,
    step_ms: stepOf(timeline.rss.t, range, method, grain),
    method,
    raw_points: timeline.samples,
  };
}

/**
 * One process along time: itself, its subtree, its direct children.
 * @throws MemoryInspectorError `no_data_for_pid` with the nearest lives, `unknown_timestamp`, `bad_parameter`
 */
export function viewPlot(history: History, request: PlotRequest, zone: string): Promise<PlotView> {
  return readSteadily(() => readPlot(history, request, zone));
}
