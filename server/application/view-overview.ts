import type { ThinningMethod } from '../domain/downsample.ts';
import { valuesAlong } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { coveredRatio, findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../domain/used-memory.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, HostSpine, InstantRange, SystemSeries } from './ports.ts';
import type { GapView } from './time-series.ts';
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

/** Figures that are read as the kernel tells them, and figures that are computed from several. Unknown is `NaN`. */
function systemFigures({ t, values }: SystemSeries): Record<OverviewSeries, ArrayLike<number>> {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  const compute = (formula: (at: number) => number | null) =>
    Float64Array.from(t, (_, at) => formula(at) ?? Number.NaN);
  const at = (id: keyof SystemSeries['values'], index: number) => known(values[id][index]);
  return {
    mem_total_bytes: values.mem_total_bytes,
    used_bytes: compute((i) => usedBytes(at('mem_total_bytes', i), at('mem_available_bytes', i))),
    used_htop_bytes: compute((i) =>
      usedHtopBytes({
        total: at('mem_total_bytes', i),
        free: at('mem_free_bytes', i),
        buffers: at('buffers_bytes', i),
        cached: at('cached_bytes', i),
        sReclaimable: at('s_reclaimable_bytes', i),
      }),
    ),
    available_bytes: values.mem_available_bytes,
    shmem_bytes: values.shmem_bytes,
    swap_total_bytes: values.swap_total_bytes,
    swap_used_bytes: compute((i) => swapUsedBytes(at('swap_total_bytes', i), at('swap_free_bytes', i))),
    process_rss_bytes: values.process_rss_bytes,
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
  const system = await history.readSystem(host, range);
  const figures = systemFigures(system);
  const drivers = [figures.used_bytes, figures.swap_used_bytes, figures.process_rss_bytes];
  const axis = plotAxis(system.t, drivers, coverage.gaps, request.px);
  const series = Object.fromEntries(
    Object.entries(figures).map(([id, values]) => [id, valuesAlong(axis, values)]),
  ) as Record<OverviewSeries, Values>;
  return {
    host,
    hosts: [...history.hosts()],
    coverage: coverage.view,
    series: { t: [...axis.t], ...series },
    step_ms: stepOf(system.t, range, axis.method, request.px),
    method: axis.method,
    raw_points: system.t.length,
    demo: spine.label.includes('demo'),
    events: [],
    answer: null,
  };
}
