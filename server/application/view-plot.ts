import type { ThinningMethod } from '../domain/downsample.ts';
import { valuesAlong } from '../domain/downsample.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import { formatInstant } from '../domain/stamp.ts';
import { findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import type { ChildView, OthersView } from './child-series.ts';
import { plotChildren } from './child-series.ts';
import { chooseHost, chooseRange, chooseSnapshot, lastSnapshotAt } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { livesOf, noDataForPid, requireProcess, rowOfProcess } from './choose-process.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, HostSpine, InstantRange, Life, LifeTimeline } from './ports.ts';
import type { Instance } from './snapshot-rows.ts';
import { buildMomentRows, instanceOf, readSnapshotAt, readSteadily } from './snapshot-rows.ts';
import type { GapView } from './time-series.ts';
import { gapViews, plotAxis, stepOf } from './time-series.ts';

export interface PlotRequest extends SnapshotsRequest, ProcessRequest {
  readonly ts?: string | undefined;
  readonly px: number;
}

type Values = (number | null)[];

export interface PlotView {
  readonly ts: string;
  readonly host: string;
  readonly range: { readonly from: string; readonly to: string };
  readonly process: ProcessRow;
  readonly instances: Instance[];
  readonly peak: { readonly t: number; readonly rss_bytes: number };
  readonly own: { readonly t: number[]; readonly rss_bytes: Values };
  readonly subtree: { readonly t: number[]; readonly rss_bytes: Values };
  readonly children: ChildView[];
  readonly children_summary: ProcessRow[];
  readonly others: OthersView | null;
  readonly gaps: GapView[];
  readonly step_ms: number | null;
  readonly method: ThinningMethod;
  readonly raw_points: number;
}

interface Chosen {
  readonly life: Life;
  readonly lives: readonly Life[];
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
  const { life, lives, pid } = await livesOf(history, host, request, at ?? range.to);
  if (life) return { life, lives, at };
  if (at === null) throw noDataForPid(pid, lives, range.to);
  const snapshot = await readSnapshotAt(history, host, at);
  const row = rowOfProcess(snapshot, null, pid);
  if (row < 0) throw noDataForPid(pid, lives, at);
  return { life: snapshot.table.lives[row], lives, at };
}

function gapsOf(spine: HostSpine, range: InstantRange) {
  return findGaps(spine, firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to));
}

function peakOf({ t, rss }: LifeTimeline): PlotView['peak'] {
  let peak = 0;
  for (let at = 1; at < rss.length; at++) if (rss[at] > rss[peak]) peak = at;
  return { t: t[peak], rss_bytes: rss[peak] };
}

/** The asked instant where the process is alive there and the range holds it, else its last sample in the range. */
function instantOfSummary({ at }: Chosen, { t }: LifeTimeline): number {
  return at !== null && t.includes(at) ? at : t[t.length - 1];
}

async function readPlot(history: History, request: PlotRequest, zone: string): Promise<PlotView> {
  requireProcess(request);
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const chosen = await chooseLife(history, host, request, range, zone);
  const timeline = await history.readTimeline(host, chosen.life.id, range);
  if (timeline.t.length === 0) throw noDataForPid(chosen.life.pid, chosen.lives, range.to);
  const gaps = gapsOf(spine, range);
  const axis = plotAxis(timeline.t, [timeline.rss, timeline.subtreeRss], gaps, request.px);
  const children = await history.readChildren(host, chosen.life.id, range);
  const plotted = plotChildren(children, spine, gaps, request.px);
  const [process, ...childRows] = await buildMomentRows(
    history,
    host,
    [{ life: chosen.life.id, t: instantOfSummary(chosen, timeline) }, ...plotted.moments],
    range,
  );
  return {
    ts: formatInstant(chosen.at ?? range.to),
    host,
    range: { from: formatInstant(range.from), to: formatInstant(range.to) },
    process,
    instances: chosen.lives.map(instanceOf),
    peak: peakOf(timeline),
    own: { t: [...axis.t], rss_bytes: valuesAlong(axis, timeline.rss) },
    subtree: { t: [...axis.t], rss_bytes: valuesAlong(axis, timeline.subtreeRss) },
    children: plotted.children,
    children_summary: childRows,
    others: plotted.others,
    gaps: gapViews(gaps),
    step_ms: stepOf(timeline.t, range, axis.method, request.px),
    method: axis.method,
    raw_points: timeline.t.length,
  };
}

/**
 * One process along time: itself, its subtree, its direct children.
 * @throws MemoryInspectorError `no_data_for_pid` with the nearest lives, `unknown_timestamp`, `bad_parameter`
 */
export function viewPlot(history: History, request: PlotRequest, zone: string): Promise<PlotView> {
  return readSteadily(() => readPlot(history, request, zone));
}
