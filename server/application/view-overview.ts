import type { Resolution } from '../domain/buckets.ts';
import { formatInstant } from '../domain/stamp.ts';
import { coveredRatio, findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { EventsOf, EventView } from './event-views.ts';
import { eventViews, hostEvents, NOTHING_ELSE } from './event-views.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { OverviewBands, OverviewSeries, PlottedOverview } from './overview-series.ts';
import { OVERVIEW_FIGURES, plotOverview } from './overview-series.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';
import type { GapView } from './time-series.ts';
import { chooseGrain, gapViews, stepOf } from './time-series.ts';

export interface OverviewRequest extends SnapshotsRequest {
  readonly px: number;
  /** Default `auto`. */
  readonly resolution?: Resolution | undefined;
}

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
  readonly series: OverviewSeries;
  /** Only of steps. */
  readonly bands?: OverviewBands;
  /** As it is told, which may be coarser than what was asked for. */
  readonly resolution: Resolution;
  readonly step_ms: number | null;
  readonly method: PlottedOverview['method'];
  readonly raw_points: number;
  readonly demo: boolean;
  readonly events: EventView[];
  /** /api/v1/answer tells it: it reads two samples, which would double the time of this page. */
  readonly answer: null;
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
  alertsOf: EventsOf = NOTHING_ELSE,
): Promise<OverviewView> {
  const host = chooseHost(history, request.host, 'system');
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const coverage = coverageOf(spine, stretchOf(spine, range));
  const system = await history.readSystem(host, OVERVIEW_FIGURES, range);
  const grain = chooseGrain(request, range, system.t.length);
  const { series, bands, method } = plotOverview(system, coverage.gaps, grain);
  return {
    host,
    hosts: [...history.hosts()],
    coverage: coverage.view,
    series,
    ...(bands && { bands }),
    resolution: grain.resolution,
    step_ms: stepOf(system.t, range, method, grain),
    method,
    raw_points: system.t.length,
    demo: spine.label.includes('demo'),
    events: eventViews([...hostEvents(system, coverage.gaps), ...(await alertsOf(host, range))], zone),
    answer: null,
  };
}
