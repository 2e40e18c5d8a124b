import { useMemo } from 'preact/hooks';
import type { LiveGroup, LivePoint } from '../../server/domain/live-point.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { WatchTimelineAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { useRecorded } from '../components/use-recorded.ts';
import type { Joined } from '../lib/join-lines.ts';
import { joinLines } from '../lib/join-lines.ts';
import type { MemoryMetric } from '../lib/live-past.ts';
import { groupOf, partsOf, runningOf } from '../lib/live-past.ts';
import type { LiveSeries } from '../lib/live-series.ts';
import type { Span } from '../lib/series.ts';
import type { View } from '../state.ts';
import { PAGES } from '../state.ts';
import type { LineStyle } from './live-charts.ts';
import {
  cpuId,
  groupLines,
  groupValues,
  HOST_CPU,
  HOST_LINES,
  hostValues,
  recordedGroup,
  recordedHost,
} from './live-charts.ts';

/** What the live page draws, of the host or of one group: the feed's points, and what was recorded where it has none. */

export interface LiveLines {
  readonly view: View;
  readonly host: string;
  readonly joined: Joined;
  readonly span: Span;
  readonly memory: readonly LineStyle[];
  readonly cpu: readonly LineStyle[];
  /** Lines that are not drawn until the reader asks. */
  readonly hiddenAtFirst: readonly string[];
  /** How the memory is counted. */
  readonly hint: string;
  /** Of a group: which figure that is. */
  readonly metric: MemoryMetric | null;
}

export interface Watched {
  readonly view: View;
  readonly series: LiveSeries;
  readonly newest: LivePoint;
  readonly span: Span;
}

const HIDDEN_ON_HOST = ['available_bytes', 'process_rss_bytes'];

export function useHostLines({ view, series, newest, span }: Watched): LiveLines {
  const answer = useRecorded<OverviewAnswer>({ path: PAGES.overview, host: newest.host, span, series });
  const recorded = useMemo(() => answer && recordedHost(answer), [answer]);
  const joined = useMemo(() => joinLines(recorded, series, hostValues, span), [recorded, series, span]);
  const hasSwap = newest.system.metrics.swap_total_bytes !== 0;
  return {
    ...{ view, joined, span, host: newest.host },
    memory: hasSwap ? HOST_LINES : WITHOUT_SWAP,
    cpu: CPU_OF_HOST,
    hiddenAtFirst: HIDDEN_ON_HOST,
    hint: 'of this host',
    metric: null,
  };
}

const CPU_OF_HOST = [HOST_CPU];
const WITHOUT_SWAP = HOST_LINES.filter(({ id }) => id !== 'swap_used_bytes');

const METRIC_HINTS: Readonly<Record<MemoryMetric, string>> = {
  rss: 'RSS, which counts shared pages for each process',
  pss: 'PSS, which divides shared pages among their sharers',
};

/** PSS, where it is mostly known: its sums are right. What was asked for goes first. */
export function metricOf({ params }: View, { points }: LiveSeries, name: string): MemoryMetric {
  if (params.metric === 'rss' || params.metric === 'pss') return params.metric;
  const totals = points.flatMap((point) => groupOf(point, name)?.total ?? []);
  const running = totals.filter((total) => runningOf(total) > 0);
  const known = running.filter((total) => total.pss_known === runningOf(total));
  return known.length > running.length / 2 ? 'pss' : 'rss';
}

const NONE_HIDDEN: readonly string[] = [];

export function useGroupLines(watched: Watched, group: LiveGroup, metric: MemoryMetric): LiveLines {
  const { view, series, newest, span } = watched;
  const names = partsOf(group).map(({ name }) => name);
  const styles = useMemo(() => {
    const memory = groupLines(partsOf(group));
    return { memory, cpu: memory.map((style) => ({ ...style, id: cpuId(style.id) })) };
  }, [names.join('\0')]);
  const read = useMemo(() => groupValues(group.name, metric), [group.name, metric]);
  const path = `/api/v1/watch-groups/${encodeURIComponent(group.name)}/timeline`;
  const answer = useRecorded<WatchTimelineAnswer>({ path, host: newest.host, span, series });
  const recorded = useMemo(() => answer && recordedGroup(answer, metric), [answer, metric]);
  const joined = useMemo(() => joinLines(recorded, series, read, span), [recorded, series, read, span]);
  return {
    ...{ view, joined, span, host: newest.host, ...styles },
    hiddenAtFirst: NONE_HIDDEN,
    hint: METRIC_HINTS[metric],
    metric,
  };
}
