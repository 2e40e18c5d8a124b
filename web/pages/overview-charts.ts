import type { LedgerPart } from '../../server/domain/ledger.ts';
import { LEDGER_PARTS } from '../../server/domain/ledger.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartLine, ChartSpec } from '../lib/chart-spec.ts';
import { LEDGER_INKS } from '../lib/ledger.ts';
import type { Extremes, Points } from '../lib/series.ts';
import { breakLine, buildStack, extremesOf } from '../lib/series.ts';
import { formatMoment, formatMomentBeside } from '../lib/time.ts';
import type { Frame } from './overview-frame.ts';

/** The overview's picture of all of the RAM, and the sentence that says the same. */

type Series = OverviewAnswer['series'];
export type SeriesId = Exclude<keyof Series, 't' | 'ledger'>;
export type LineStyle = Omit<ChartLine, 't' | 'values'> & { readonly id: SeriesId };

const LINES: readonly LineStyle[] = [
  { id: 'used_bytes', name: 'Used (total − available)', colour: 'text', width: 2 },
  { id: 'available_bytes', name: 'Available', colour: 'c3', dash: 'dashdot' },
  { id: 'used_htop_bytes', name: 'Used as htop counts', colour: 'c4', dash: 'dash' },
  { id: 'process_rss_bytes', name: 'Sum of RSS (upper bound)', colour: 'c6', dash: 'dot' },
];

/** At the top of the stack is what can be given back, so that the line of what is used runs below it. */
const ON_TOP: readonly LedgerPart[] = ['page_cache', 'free'];
const STACKED = [
  ...LEDGER_PARTS.filter(({ id }) => !ON_TOP.includes(id)),
  ...LEDGER_PARTS.filter(({ id }) => ON_TOP.includes(id)),
];

const SPARSE = 60;

export function lineOf(style: LineStyle, { t, ...series }: Series, { gaps }: Frame): ChartLine {
  const points = breakLine({ t, values: series[style.id] }, gaps);
  return { ...style, ...points, hasMarkers: t.length < SPARSE };
}

function hasAny(values: readonly (number | null)[]): boolean {
  return values.some((value) => value !== null && value > 0);
}

/** Parts of MemTotal that hold anything at all in this range. */
function layersOf({ t, ledger }: Series, { gaps }: Frame): readonly ChartLine[] {
  const parts = STACKED.filter(({ id }) => hasAny(ledger[`${id}_bytes`]));
  const stack = buildStack(
    parts.map(({ id }) => ({ t, values: ledger[`${id}_bytes`] })),
    gaps,
  );
  return parts.map(({ id, label }, index) => ({
    id,
    name: label,
    t: stack.t,
    values: stack.layers[index],
    isEdge: stack.isEdge,
    isLayer: true,
    ...LEDGER_INKS[id],
  }));
}

export function buildRamChart({ series }: OverviewAnswer, frame: Frame): ChartSpec {
  const lines = LINES.map((style) => lineOf(style, series, frame));
  return { ...frame, tells: 'newest', lines: [...layersOf(series, frame), ...lines] };
}

export function along({ series }: OverviewAnswer, id: SeriesId): Extremes | null {
  return extremesOf({ t: series.t, values: series[id] } satisfies Points);
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
