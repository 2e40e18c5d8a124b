import type { LivePoint } from '../../server/domain/live-point.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { WatchTimelineAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatMeasure } from '../lib/chart-scale.ts';
import type { ChartLine, ChartSpec, Dash } from '../lib/chart-spec.ts';
import type { Token } from '../lib/colours.ts';
import type { Joined, Recorded, Values } from '../lib/join-lines.ts';
import { lineAlong } from '../lib/join-lines.ts';
import type { MemoryMetric, Part } from '../lib/live-past.ts';
import { bytesOf, groupOf, memberId, partsOf, TOTAL_ID } from '../lib/live-past.ts';
import { breakLine, gapSpans, sampleExtremes } from '../lib/series.ts';
import { bandIds, stepRows } from '../lib/step-rows.ts';
import { formatMomentBeside } from '../lib/time.ts';

/** The lines of the live page: of the host, or of a watch group. */

export interface LineStyle {
  readonly id: string;
  readonly name: string;
  readonly colour: Token;
  readonly dash?: Dash;
  readonly width?: number;
  readonly opacity?: number;
}

/** Under the ids that the overview's series have: that is what was recorded of them. */
export const HOST_LINES: readonly LineStyle[] = [
  { id: 'used_bytes', name: 'Used (total − available)', colour: 'text', width: 2 },
  { id: 'swap_used_bytes', name: 'Swap used', colour: 'c2', dash: 'dash' },
  { id: 'available_bytes', name: 'Available', colour: 'c3', dash: 'dashdot' },
  { id: 'process_rss_bytes', name: 'Sum of RSS (upper bound)', colour: 'c6', dash: 'dot' },
];

export const HOST_CPU: LineStyle = { id: 'cpu', name: 'All CPUs', colour: 'c1' };

export function hostValues({ system }: LivePoint): Values {
  const { used_bytes, swap_used_bytes, process_rss_bytes, metrics, cpu_percent } = system;
  const available = metrics.mem_available_bytes ?? null;
  return { used_bytes, swap_used_bytes, process_rss_bytes, available_bytes: available, cpu: cpu_percent };
}

export function recordedHost({ series, coverage, step_ms }: OverviewAnswer): Recorded {
  const { t, used_bytes, swap_used_bytes, available_bytes, process_rss_bytes } = series;
  const told = { used_bytes, swap_used_bytes, available_bytes, process_rss_bytes };
  return { t, series: told, gaps: gapSpans(coverage.gaps), stepMs: step_ms };
}

/** Members and total under the ids of their parts. */
export function recordedGroup(
  { t, members, total, gaps, step_ms }: WatchTimelineAnswer,
  metric: MemoryMetric,
): Recorded {
  const held = ({ processes, rss_bytes, pss_bytes, pss_known }: WatchTimelineAnswer['total']) =>
    metric === 'rss' ? rss_bytes : pss_bytes.map((pss, at) => (pss_known[at] === processes[at] ? pss : null));
  const told = members.map((member) => [memberId(member.name), held(member)] as const);
  return {
    t,
    series: { ...Object.fromEntries(told), [TOTAL_ID]: held(total) },
    gaps: gapSpans(gaps),
    stepMs: step_ms,
  };
}

export function cpuId(part: string): string {
  return `cpu of ${part}`;
}

/** Memory by the id of its part, and CPU beside it. */
export function groupValues(name: string, metric: MemoryMetric): (point: LivePoint) => Values {
  return (point) => {
    const group = groupOf(point, name);
    const parts = group ? partsOf(group) : [];
    const memory = parts.map((part) => [part.id, bytesOf(part, metric)]);
    const cpu = parts.map((part) => [cpuId(part.id), part.cpu_percent]);
    return Object.fromEntries([...memory, ...cpu]);
  };
}

const COLOURS: readonly Token[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
const DASHES: readonly Dash[] = ['solid', 'dash', 'dot'];

/** The total first, in the page's ink; members in their colours, after six the same ones again, dashed. */
export function groupLines(parts: readonly Pick<Part, 'id' | 'name'>[]): readonly LineStyle[] {
  const members = parts.slice(0, -1).map(({ id, name }, index): LineStyle => {
    const turn = Math.floor(index / COLOURS.length);
    return { id, name, colour: COLOURS[index % COLOURS.length], dash: DASHES[turn % DASHES.length] };
  });
  const total = parts.slice(-1).map(({ id, name }): LineStyle => ({ id, name, colour: 'text', width: 2 }));
  return [...total, ...members];
}

type Frame = Pick<ChartSpec, 'range' | 'marks' | 'zone' | 'height' | 'measure'>;

/** A line of few points is nothing but their places. */
const SPARSE = 12;

export function buildLiveChart(joined: Joined, styles: readonly LineStyle[], frame: Frame): ChartSpec {
  const lines = styles.map((style): ChartLine => {
    const points = breakLine(lineAlong(joined, style.id), joined.gaps);
    return { ...style, ...points, hasMarkers: points.t.length < SPARSE };
  });
  return { ...frame, gaps: joined.gaps, lines };
}

/** In steps of time, each the mean of its points; of the first line also between what these are. */
export function buildSteppedChart(
  joined: Joined,
  styles: readonly LineStyle[],
  frame: Frame,
  stepMs: number,
): ChartSpec {
  const [lead] = styles;
  if (!lead) return buildLiveChart(joined, styles, frame);
  const ids = styles.map(({ id }) => id);
  const { least, most } = bandIds(lead.id);
  const thin = { colour: lead.colour, dash: 'dot', width: 1, opacity: 0.7 } as const;
  const band = [
    { ...thin, id: least, name: `${lead.name}, smallest` },
    { ...thin, id: most, name: `${lead.name}, largest` },
  ];
  return buildLiveChart(stepRows(joined, ids, lead.id, stepMs), [...styles, ...band], frame);
}

/** The first line in words: where it is, and between what it was. */
export function liveSummary({ lines, measure = 'bytes' }: ChartSpec): string {
  const [line] = lines;
  const bandLine = (end: 'least' | 'most') => line && lines.find(({ id }) => id === bandIds(line.id)[end]);
  const [least, most] = [bandLine('least'), bandLine('most')];
  const found = line && sampleExtremes(line, least && most ? { least, most } : null);
  if (!found) return 'Nothing is known of this stretch.';
  const { low, high, last } = found;
  const write = (value: number) => (measure === 'bytes' ? formatBytes(value) : formatMeasure(value, measure));
  const at = (t: number) => formatMomentBeside(t, last.t);
  return (
    `${line.name}: ${write(last.value)} at ${at(last.t)}; ` +
    `between ${write(low.value)} and ${write(high.value)}, most at ${at(high.t)}.`
  );
}
