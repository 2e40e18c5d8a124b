import { MemoryInspectorError } from '../domain/errors.ts';
import { formatInstant } from '../domain/stamp.ts';
import { missingForVerdict, trendOf } from '../domain/trend.ts';
import { bytesOfUnit, MIB } from '../domain/units.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History } from './ports.ts';
import { inUnits, percentOf } from './view-dashboards.ts';
import type { OverviewRequest } from './view-overview.ts';
import { viewOverview } from './view-overview.ts';
import type { WatchTimelineView } from './view-watch-timeline.ts';
import { viewWatchTimelines } from './view-watch-timeline.ts';

/** What was recorded of the watch groups, in the shapes of the dashboards that this product took over. */

export interface RecordedRequest {
  /** Before the newest sample. */
  readonly hours: number;
}

type MemberTimeline = WatchTimelineView['members'][number];
type Recorded = Pick<MemberTimeline, 'rss_bytes' | 'vsz_bytes'>;

/** As many points of a process as those dashboards kept. */
const POINTS = 1000;
const GIB = bytesOfUnit('GiB');

/** What is known, in order of time. */
function known(t: readonly number[], values: ArrayLike<number | null>) {
  return t.flatMap((at, index) => {
    const value = values[index];
    return value === null || Number.isNaN(value) ? [] : [{ at, value, index }];
  });
}

/** Pixels are what the choice of samples counts in: these have room for as many points as are kept. */
const WIDEST = 4 * POINTS;

/** What is averaged must not be peaks. */
const SPREAD = { px: WIDEST, most: POINTS, choice: 'spread' } as const;

function startOf({ hours }: RecordedRequest) {
  return { from: `-${hours}h` };
}

/** Without groups nothing is asked: a recording need not be there. */
async function readGroups(...asked: Parameters<typeof viewWatchTimelines>) {
  return asked[1].length === 0 ? [] : viewWatchTimelines(...asked);
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

/** @param total bytes of RAM */
function pointsOf({ rss_bytes, vsz_bytes }: Recorded, t: readonly number[], total: number | undefined) {
  return known(t, rss_bytes).map(({ at, value, index }) => ({
    timestamp: formatInstant(at),
    rss_mb: inUnits(value, MIB),
    vms_mb: inUnits(vsz_bytes[index], MIB),
    percent: percentOf(value, total),
  }));
}

async function readSystem(history: History, request: OverviewRequest, zone: string) {
  const { series } = await viewOverview(history, request, zone);
  const total = known(series.t, series.mem_total_bytes).at(-1)?.value;
  const system = known(series.t, series.used_bytes).map(({ at, value }) => ({
    timestamp: formatInstant(at),
    used_gb: inUnits(value, GIB),
    percent: percentOf(value, total),
  }));
  return { total, system };
}

/**
 * Of each group each member along time.
 * @throws MemoryInspectorError as `viewWatchTimelines`
 */
export async function viewHistorical(
  history: History,
  groups: readonly WatchGroup[],
  request: RecordedRequest,
  zone: string,
) {
  const range = startOf(request);
  const { total, system } = await readSystem(history, { ...range, px: POINTS }, zone);
  const views = await readGroups(history, groups, { ...range, ...SPREAD }, zone);
  return { ...byMember(views, (member, t) => pointsOf(member, t, total)), system };
}

/**
 * Along a range in the form that those dashboards exported, `{ NAME: [point], system: [point] }`: each group under its
 * name, or where it is one, each of its members.
 * @throws MemoryInspectorError as `viewWatchTimelines`; `bad_parameter` where a member is called `system`
 */
export async function viewVisualizer(
  history: History,
  groups: readonly WatchGroup[],
  range: SnapshotsRequest & { readonly isByMember: boolean },
  zone: string,
) {
  const { isByMember, ...request } = range;
  const { total, system } = await readSystem(history, { ...request, px: POINTS }, zone);
  const views = await readGroups(history, groups, { ...request, px: WIDEST, most: POINTS }, zone);
  const lines = views.flatMap((view) => {
    const parts = isByMember ? view.members : [{ ...view.total, name: view.name }];
    return parts.map((part) => [part.name, pointsOf(part, view.t, total)] as const);
  });
  if (lines.some(([name]) => name === 'system'))
    throw new MemoryInspectorError(
      'bad_parameter',
      'A member is called system, as the system itself is there',
      {
        field: 'watch',
        next: 'Give the member another name.',
      },
    );
  return { ...Object.fromEntries(lines), system };
}

/** Verdicts wait for the analysis of growth: a rate alone is none. */
const UNJUDGED = 'the rate is the median of the slopes between samples; no verdict is given';

function growthOf({ rss_bytes }: MemberTimeline, t: readonly number[]) {
  const points = known(t, rss_bytes);
  const values = points.map(({ value }) => value);
  const current = values.at(-1) ?? null;
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const instants = points.map(({ at }) => at);
  const missing = missingForVerdict(points.length, (instants.at(-1) ?? 0) - (instants[0] ?? 0));
  const rate = points.length === 0 ? null : trendOf({ t: instants, bytes: values }, []).bytesPerHour;
  return {
    status: missing === null ? ('unjudged' as const) : ('insufficient' as const),
    level: null,
    growth_rate_mb_per_hour: inUnits(rate, MIB),
    note: missing ?? UNJUDGED,
    total_growth_mb: current === null ? null : inUnits(current - values[0], MIB),
    average_mb: inUnits(mean, MIB),
    current_mb: inUnits(current, MIB),
    points: values.length,
  };
}

/**
 * Of each group each member: how much it grew, from every sample, or from a thousand that are spread over the range.
 * @throws as `viewHistorical`
 */
export async function viewAnalysis(
  history: History,
  groups: readonly WatchGroup[],
  request: RecordedRequest,
  zone: string,
) {
  return byMember(await readGroups(history, groups, { ...startOf(request), ...SPREAD }, zone), growthOf);
}
