import { toldSamples } from '../domain/composition.ts';
import { peaksOf, valuesAlong } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { describe } from '../domain/statistics.ts';
import { firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { requireLife, requireProcess } from './choose-process.ts';
import { gapsOf } from './choose-samples.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';
import type { GapView } from './time-series.ts';
import { gapViews, plotAxis } from './time-series.ts';

export interface CompositionRequest extends SnapshotsRequest, ProcessRequest {
  readonly px: number;
}

/** What is recorded of a process's memory, in the order in which it is told. */
export const COMPOSED = ['rss_bytes', 'subtree_rss_bytes', 'pss_bytes', 'swap_bytes'] as const;
type Composed = (typeof COMPOSED)[number];

/** Over the samples in which it is known. */
interface Statistics {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

type Values = (number | null)[];

export interface CompositionView {
  readonly host: string;
  readonly pid: number;
  readonly key: string;
  /** What is told: the newest part of what was asked for, where that has too many samples. */
  readonly range: { readonly from: string; readonly to: string };
  readonly samples: number;
  readonly statistics: Readonly<Record<Composed, Statistics>>;
  readonly t: number[];
  readonly rss_bytes: Values;
  readonly pss_bytes: Values;
  readonly swap_bytes: Values;
  readonly gaps: GapView[];
}

/** A month of minutes. Each is read: neither a quantile nor PSS can be put together from what is kept of hours. */
const MOST_READ = 50_000;
/** A stretch without PSS that is a smaller part of the range is passed over: it was not its turn to be read. */
const SKIPPED_SHARE = 0.05;

function newestPart({ t }: HostSpine, { from, to }: InstantRange): InstantRange {
  const first = lastAtOrBefore(t, to) - MOST_READ + 1;
  return { from: first > firstAtOrAfter(t, from) ? t[first] : from, to };
}

function statisticsOf(values: Float64Array): Statistics {
  const { count, min, mean, p95, max } = describe(values);
  return { count, min, mean, p95, max };
}

/**
 * Of what the memory of one life consists over a range, and the statistics of its samples, all of them read.
 * @throws MemoryInspectorError `no_process_dumps`, `unknown_host`, `bad_parameter`, `no_data_for_pid`
 */
export async function viewComposition(
  history: History,
  request: CompositionRequest,
  zone: string,
): Promise<CompositionView> {
  requireProcess(request);
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = newestPart(spine, chooseRange(spine, request, zone));
  const { life, pid } = await requireLife(history, host, request, range.to);
  const { t, values } = await history.readLife(host, life.id, range, COMPOSED);
  const skipped = (range.to - range.from) * SKIPPED_SHARE;
  const told = toldSamples(t, values.pss_bytes, skipped);
  const along = (id: Composed) => told.map((at) => values[id][at]);
  const [rss, pss, swap] = [along('rss_bytes'), along('pss_bytes'), along('swap_bytes')];
  const gaps = gapsOf(spine, range);
  const axis = plotAxis(
    told.map((at) => t[at]),
    [rss, peaksOf(pss), peaksOf(swap)],
    gaps,
    request.px,
  );
  return {
    ...{ host, pid, key: life.key },
    range: { from: formatInstant(range.from), to: formatInstant(range.to) },
    samples: t.length,
    statistics: Object.fromEntries(
      COMPOSED.map((id) => [id, statisticsOf(values[id])]),
    ) as CompositionView['statistics'],
    t: [...axis.t],
    rss_bytes: valuesAlong(axis, rss),
    pss_bytes: valuesAlong(axis, pss),
    swap_bytes: valuesAlong(axis, swap),
    gaps: gapViews(gaps),
  };
}
