import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatMeasure } from '../lib/chart-scale.ts';
import type { ChartSpec, Measure } from '../lib/chart-spec.ts';
import type { Extremes } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';
import type { LineStyle, SeriesId } from './overview-charts.ts';
import { along, linesOf, peakPhrase, whenPhrase } from './overview-charts.ts';
import type { Frame } from './overview-frame.ts';

/** The small charts of the overview: how much the host swapped and waited. A host that has none of it says so in a line. */

export interface SmallChart {
  readonly title: string;
  readonly measure: Measure;
  readonly styles: readonly LineStyle[];
  readonly summary: (answer: OverviewAnswer) => string;
  /** Why there is nothing to draw; `null`: there is. */
  readonly absence: (answer: OverviewAnswer) => string | null;
}

export function swapSummary(answer: OverviewAnswer): string {
  const used = along(answer, 'swap_used_bytes');
  const total = along(answer, 'swap_total_bytes');
  if (!used || !total) return 'Nothing is known of swap in this range.';
  if (used.high.value === 0) return `None of ${formatBytes(total.last.value)} swap was used.`;
  return `${formatBytes(used.last.value)} of ${formatBytes(total.last.value)} swap used at the end${peakPhrase(used, answer)}.`;
}

function swapAbsence(answer: OverviewAnswer): string | null {
  const total = along(answer, 'swap_total_bytes');
  if (!total) return 'Nothing is known of swap in this range.';
  return total.high.value === 0 ? 'This host has no swap.' : null;
}

function phraseOf(answer: OverviewAnswer, name: string, { high }: Extremes, measure: Measure): string {
  const value = formatMeasure(high.value, measure);
  return high.value === 0
    ? `${name} none`
    : `${name} at most ${value} ${whenPhrase(formatMoment(high.t), answer)}`;
}

function mostOf(
  answer: OverviewAnswer,
  measure: Measure,
  named: Readonly<Partial<Record<SeriesId, string>>>,
) {
  const phrases = Object.entries(named).flatMap(([id, name]) => {
    const found = along(answer, id as SeriesId);
    return found ? [phraseOf(answer, name, found, measure)] : [];
  });
  return `${phrases.join('; ')}.`;
}

function isKnown(answer: OverviewAnswer, ...ids: readonly SeriesId[]): boolean {
  return ids.some((id) => along(answer, id) !== null);
}

function isZero(answer: OverviewAnswer, ...ids: readonly SeriesId[]): boolean {
  return ids.every((id) => (along(answer, id)?.high.value ?? 0) === 0);
}

function trafficAbsence(answer: OverviewAnswer): string | null {
  const ids = ['swap_in_bytes_per_second', 'swap_out_bytes_per_second'] as const;
  const none = swapAbsence(answer);
  if (none) return none;
  if (!isKnown(answer, ...ids)) return 'Swapping in and out was not recorded in this range.';
  return isZero(answer, ...ids) ? 'Nothing was swapped in or out in this range.' : null;
}

function pressureAbsence(answer: OverviewAnswer): string | null {
  const ids = ['psi_some_avg10', 'psi_full_avg10'] as const;
  if (!isKnown(answer, ...ids))
    return 'Pressure (PSI) was not recorded in this range: not every kernel tells it.';
  return isZero(answer, ...ids) ? 'No task waited for memory in this range.' : null;
}

function faultAbsence(answer: OverviewAnswer): string | null {
  if (!isKnown(answer, 'major_faults_per_second')) return 'Major faults were not recorded in this range.';
  return isZero(answer, 'major_faults_per_second') ? 'No page had to be read from disk in this range.' : null;
}

export const SMALL_CHARTS: readonly SmallChart[] = [
  {
    title: 'Swap usage',
    measure: 'bytes',
    styles: [
      { id: 'swap_used_bytes', name: 'Swap used', colour: 'c1', width: 2, isFilled: true },
      { id: 'swap_total_bytes', name: 'Swap total', colour: 'muted', width: 1 },
    ],
    summary: swapSummary,
    absence: swapAbsence,
  },
  {
    title: 'Swap in and out',
    measure: 'bytes_per_second',
    styles: [
      { id: 'swap_in_bytes_per_second', name: 'Read from swap', colour: 'c1' },
      { id: 'swap_out_bytes_per_second', name: 'Written to swap', colour: 'c2', dash: 'dash' },
    ],
    summary: (answer) =>
      mostOf(answer, 'bytes_per_second', {
        swap_in_bytes_per_second: 'In',
        swap_out_bytes_per_second: 'out',
      }),
    absence: trafficAbsence,
  },
  {
    title: 'Memory pressure',
    measure: 'percent',
    styles: [
      { id: 'psi_some_avg10', name: 'Some tasks waited', colour: 'c1', isFilled: true },
      { id: 'psi_full_avg10', name: 'All tasks waited', colour: 'c2', dash: 'dash' },
    ],
    summary: (answer) => mostOf(answer, 'percent', { psi_some_avg10: 'Some', psi_full_avg10: 'all' }),
    absence: pressureAbsence,
  },
  {
    title: 'Major faults',
    measure: 'per_second',
    styles: [{ id: 'major_faults_per_second', name: 'Pages read from disk', colour: 'c1', isFilled: true }],
    summary: (answer) => mostOf(answer, 'per_second', { major_faults_per_second: 'Pages read from disk:' }),
    absence: faultAbsence,
  },
];

export function buildSmallChart(chart: SmallChart, answer: OverviewAnswer, frame: Frame): ChartSpec {
  return { ...frame, measure: chart.measure, lines: linesOf(chart.styles, answer, frame) };
}
