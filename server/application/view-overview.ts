import type { ThinningMethod } from '../domain/downsample.ts';
import { valuesAlong } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { coveredRatio, findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../domain/used-memory.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, HostSpine, InstantRange, SystemSeries } from './ports.ts';
import type { GapView, PlottedAxis } from './time-series.ts';
import { gapViews, plotAxis, stepOf } from './time-series.ts';

export interface OverviewRequest extends SnapshotsRequest {
  readonly px: number;
}

type Values = (number | null)[];

export interface OverviewView {
  readonly host: string;
  readonly hosts: string[];
  readonly coverage: {
    readonly from: string;
    readonly to: string;
    readonly samples: number;
    readonly duration_seconds: number;
    readonly covered_ratio: number;
    readonly gaps: GapView[];
  };
  readonly series: { readonly t: number[] } & Record<OverviewSeries, Values>;
  readonly step_ms: number | null;
  readonly method: ThinningMethod;
  readonly raw_points: number;
  readonly demo: boolean;
  readonly events: unknown[];
  readonly answer: null;
}

type OverviewSeries =
  | 'mem_total_bytes'
  | 'used_bytes'
  | 'used_htop_bytes'
  | 'available_bytes'
  | 'shmem_bytes'
  | 'swap_total_bytes'
  | 'swap_used_bytes'
  | 'process_rss_bytes';

const FIGURES = [
  ...(['mem_total_bytes', 'mem_free_bytes', 'mem_available_bytes', 'buffers_bytes', 'cached_bytes'] as const),
  ...(['s_reclaimable_bytes', 'shmem_bytes', 'swap_total_bytes', 'swap_free_bytes'] as const),
  'process_rss_bytes' as const,
];

type SystemFigures = SystemSeries<(typeof FIGURES)[number]>['values'];

/** Where it is below 0, 0. */
function difference(whole: ArrayLike<number>, rest: ArrayLike<number>, count: number): Float64Array {
  const used = new Float64Array(count);
  for (let at = 0; at < count; at++) used[at] = Math.max(0, whole[at] - rest[at]);
  return used;
}

/** What chooses the samples that are drawn, for all of a range. Unknown is `NaN`, and stays so in a sum. */
function driversOf(values: SystemFigures, count: number): ArrayLike<number>[] {
  const used = difference(values.mem_total_bytes, values.mem_available_bytes, count);
  const swapUsed = difference(values.swap_total_bytes, values.swap_free_bytes, count);
  return [used, swapUsed, values.process_rss_bytes];
}

/** The series along the samples that are drawn. */
function seriesOf(values: SystemFigures, axis: PlottedAxis): Record<OverviewSeries, Values> {
  const along = (id: keyof SystemFigures) => valuesAlong(axis, values[id]);
  const [total, available, free] = [
    along('mem_total_bytes'),
    along('mem_available_bytes'),
    along('mem_free_bytes'),
  ];
  const [buffers, cached, sReclaimable] = [
    along('buffers_bytes'),
    along('cached_bytes'),
    along('s_reclaimable_bytes'),
  ];
  const [swapTotal, swapFree] = [along('swap_total_bytes'), along('swap_free_bytes')];
  return {
    mem_total_bytes: total,
    used_bytes: total.map((one, i) => usedBytes(one, available[i])),
    used_htop_bytes: total.map((one, i) =>
      usedHtopBytes({
        total: one,
        free: free[i],
        buffers: buffers[i],
        cached: cached[i],
        sReclaimable: sReclaimable[i],
      }),
    ),
    available_bytes: available,
    shmem_bytes: along('shmem_bytes'),
    swap_total_bytes: swapTotal,
    swap_used_bytes: swapTotal.map((one, i) => swapUsedBytes(one, swapFree[i])),
    process_rss_bytes: along('process_rss_bytes'),
  };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** The samples of a range and the time that they span. */
function stretchOf(spine: HostSpine, range: InstantRange): Stretch {
  const first = firstAtOrAfter(spine.t, range.from);
  const last = lastAtOrBefore(spine.t, range.to);
  return last < first ? { ...range, first, last } : { from: spine.t[first], to: spine.t[last], first, last };
}

function coverageOf(spine: HostSpine, { from, to, first, last }: Stretch) {
  const gaps = findGaps(spine, first, last);
  return {
    gaps,
    view: {
      from: formatInstant(from),
      to: formatInstant(to),
      samples: Math.max(0, last - first + 1),
      duration_seconds: (to - from) / 1000,
      covered_ratio: last < first ? 0 : coveredRatio(from, to, gaps),
      gaps: gapViews(gaps),
    },
  };
}

/**
 * RAM and swap over a range, with what of it is covered.
 * @throws MemoryInspectorError `no_system_dumps`, `unknown_host`, `bad_parameter`
 */
export async function viewOverview(
  history: History,
  request: OverviewRequest,
  zone: string,
): Promise<OverviewView> {
  const host = chooseHost(history, request.host, 'system');
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const coverage = coverageOf(spine, stretchOf(spine, range));
  const system = await history.readSystem(host, FIGURES, range);
  const drivers = driversOf(system.values, system.t.length);
  const axis = plotAxis(system.t, drivers, coverage.gaps, request.px);
  return {
    host,
    hosts: [...history.hosts()],
    coverage: coverage.view,
    series: { t: [...axis.t], ...seriesOf(system.values, axis) },
    step_ms: stepOf(system.t, range, axis.method, request.px),
    method: axis.method,
    raw_points: system.t.length,
    demo: spine.label.includes('demo'),
    events: [],
    answer: null,
  };
}
