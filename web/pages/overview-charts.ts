import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartLine, ChartSpec } from '../lib/chart-spec.ts';
import { zone } from '../lib/reader.ts';
import type { Extremes, GapSpan, Span } from '../lib/series.ts';
import { breakLine, extremesOf, gapSpans } from '../lib/series.ts';
import { formatMoment, formatMomentBeside } from '../lib/time.ts';
import type { View } from '../state.ts';

/** What the overview draws, and the sentence that says the same. */

type SeriesId = Exclude<keyof OverviewAnswer['series'], 't' | 'ledger'>;
type LineStyle = Omit<ChartLine, 't' | 'values'> & { readonly id: SeriesId };

const RAM: readonly LineStyle[] = [
  { id: 'used_bytes', name: 'Used (total − available)', colour: 'c1', width: 2, isFilled: true },
  { id: 'used_htop_bytes', name: 'Used as htop counts', colour: 'c4', dash: 'dash' },
  { id: 'available_bytes', name: 'Available', colour: 'c3', dash: 'dashdot' },
  { id: 'shmem_bytes', name: 'Shared memory and tmpfs', colour: 'c2' },
  { id: 'process_rss_bytes', name: 'Sum of RSS (upper bound)', colour: 'c6', dash: 'dot' },
  { id: 'mem_total_bytes', name: 'Total', colour: 'muted', width: 1 },
];

const SWAP: readonly LineStyle[] = [
  { id: 'swap_used_bytes', name: 'Swap used', colour: 'c1', width: 2, isFilled: true },
  { id: 'swap_total_bytes', name: 'Swap total', colour: 'muted', width: 1 },
];

const DEFAULT_HEIGHT = 380;

function rangeOf(answer: OverviewAnswer): Span {
  const from = Date.parse(answer.coverage.from);
  const to = Date.parse(answer.coverage.to);
  // One sample alone still needs a stretch of time to stand in.
  return from === to ? { from: from - 60_000, to: to + 60_000 } : { from, to };
}

function lineOf(style: LineStyle, answer: OverviewAnswer, gaps: readonly GapSpan[]): ChartLine {
  const { t, [style.id]: values } = answer.series;
  const isSparse = t.length < 60;
  return {
    ...style,
    ...breakLine({ t, values }, gaps),
    hasMarkers: isSparse && style.id !== 'mem_total_bytes',
  };
}

function buildSpec(styles: readonly LineStyle[], answer: OverviewAnswer, view: View): ChartSpec {
  const gaps = gapSpans(answer.coverage.gaps);
  return {
    lines: styles.map((style) => lineOf(style, answer, gaps)),
    gaps,
    range: rangeOf(answer),
    zone: zone.value,
    height: Number(view.params.height) || DEFAULT_HEIGHT,
  };
}

export function buildRamChart(answer: OverviewAnswer, view: View): ChartSpec {
  return buildSpec(RAM, answer, view);
}

export function buildSwapChart(answer: OverviewAnswer, view: View): ChartSpec {
  return buildSpec(SWAP, answer, view);
}

function along(answer: OverviewAnswer, id: SeriesId) {
  return extremesOf({ t: answer.series.t, values: answer.series[id] });
}

/** Where the largest value stands to the newest. */
export function peakPhrase({ high, last }: Extremes): string {
  if (high.value === last.value) return ', the most in this range';
  return `, most ${formatBytes(high.value)} at ${formatMomentBeside(high.t, last.t)}`;
}

export function ramSummary(answer: OverviewAnswer): string {
  const used = along(answer, 'used_bytes');
  const total = along(answer, 'mem_total_bytes');
  if (!used) return 'Nothing is known of the memory in use in this range.';
  const of = total ? ` of ${formatBytes(total.last.value)}` : '';
  return (
    `${formatBytes(used.last.value)}${of} used at ${formatMoment(used.last.t)}${peakPhrase(used)}; ` +
    `least ${formatBytes(used.low.value)} at ${formatMomentBeside(used.low.t, used.last.t)}.`
  );
}

export function swapSummary(answer: OverviewAnswer): string {
  const used = along(answer, 'swap_used_bytes');
  const total = along(answer, 'swap_total_bytes');
  if (!used || !total) return 'Nothing is known of swap in this range.';
  if (total.high.value === 0) return 'This host has no swap.';
  if (used.high.value === 0) return `None of ${formatBytes(total.last.value)} swap was used.`;
  return `${formatBytes(used.last.value)} of ${formatBytes(total.last.value)} swap used at the end${peakPhrase(used)}.`;
}
