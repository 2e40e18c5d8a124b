import { formatInstant } from '../domain/stamp.ts';
import { bytesOfUnit, MIB } from '../domain/units.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { History } from './ports.ts';
import { inUnits, percentOf } from './view-dashboards.ts';
import { viewOverview } from './view-overview.ts';
import type { WatchTimelineView } from './view-watch-timeline.ts';
import { viewWatchTimeline } from './view-watch-timeline.ts';

/** What was recorded of the watch groups, in the shapes of the dashboards that this product took over. */

export interface RecordedRequest {
  /** Before the newest sample. */
  readonly hours: number;
}

type MemberTimeline = WatchTimelineView['members'][number];

/** As many points of a process as those dashboards kept. */
const POINTS = 1000;
const GIB = bytesOfUnit('GiB');

/** What is known, in order of time. */
function known(t: readonly number[], values: readonly (number | null)[]) {
  return t.flatMap((at, index) => {
    const value = values[index];
    return value === null ? [] : [{ at, value }];
  });
}

function rangeOf({ hours }: RecordedRequest) {
  return { from: `-${hours}h`, px: POINTS };
}

function readGroups(history: History, groups: readonly WatchGroup[], request: RecordedRequest, zone: string) {
  return Promise.all(groups.map((watch) => viewWatchTimeline(history, { ...rangeOf(request), watch }, zone)));
}

function byMember<View>(
  views: readonly WatchTimelineView[],
  viewOf: (member: MemberTimeline, t: number[]) => View,
) {
  return Object.fromEntries(
    views.map(({ name, t, members }) => [
      name,
      Object.fromEntries(members.map((member) => [member.name, viewOf(member, t)])),
    ]),
  );
}

/**
 * Of each group each member along time, in the form that those dashboards exported.
 * @throws MemoryInspectorError as `viewWatchTimeline`
 */
export async function viewHistorical(
  history: History,
  groups: readonly WatchGroup[],
  request: RecordedRequest,
  zone: string,
) {
  const { series } = await viewOverview(history, rangeOf(request), zone);
  const views = await readGroups(history, groups, request, zone);
  const total = known(series.t, series.mem_total_bytes).at(-1)?.value;
  const members = byMember(views, ({ rss_bytes }, t) =>
    known(t, rss_bytes).map(({ at, value }) => ({
      timestamp: formatInstant(at),
      rss_mb: inUnits(value, MIB),
      percent: percentOf(value, total),
    })),
  );
  const system = known(series.t, series.used_bytes).map(({ at, value }) => ({
    timestamp: formatInstant(at),
    used_gb: inUnits(value, GIB),
    percent: percentOf(value, total),
  }));
  return { ...members, system };
}

/** What was said of growth waits for the analysis of trends: two ends of a line tell no rate. */
const NO_VERDICT = {
  status: 'insufficient',
  level: null,
  growth_rate_mb_per_hour: null,
  note: 'Growth from the first to the last sample; rates and verdicts need a trend, which is not analysed yet.',
} as const;

function growthOf({ rss_bytes }: MemberTimeline, t: readonly number[]) {
  const values = known(t, rss_bytes).map(({ value }) => value);
  const current = values.at(-1) ?? null;
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...NO_VERDICT,
    total_growth_mb: current === null ? null : inUnits(current - values[0], MIB),
    average_mb: inUnits(mean, MIB),
    current_mb: inUnits(current, MIB),
    points: values.length,
  };
}

/** Of each group each member: how much it grew. @throws as `viewHistorical` */
export async function viewAnalysis(
  history: History,
  groups: readonly WatchGroup[],
  request: RecordedRequest,
  zone: string,
) {
  return byMember(await readGroups(history, groups, request, zone), growthOf);
}
