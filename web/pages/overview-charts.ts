import type { LedgerPart } from '../../server/domain/ledger.ts';
import { LEDGER_PARTS } from '../../server/domain/ledger.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ChartLine, ChartSpec } from '../lib/chart-spec.ts';
import { LEDGER_INKS } from '../lib/ledger.ts';
import type { Band, Extremes, Points } from '../lib/series.ts';
import { breakLine, buildStack, sampleExtremes } from '../lib/series.ts';
import { formatAge, formatMoment, formatMomentBeside } from '../lib/time.ts';
import { bandLines } from './band-lines.ts';
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

function lineOf(style: LineStyle, { t, ...series }: Series, { gaps }: Frame): ChartLine {
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

/** `null` where samples are told. What has come since of the feed has no band: it is samples. */
function bandOf({ bands, series: { t } }: OverviewAnswer, id: SeriesId): Band | null {
  if (!bands || !(id in bands.min)) return null;
  const along = (values: Readonly<Partial<Record<SeriesId, Points['values']>>>): Points => {
    const known = values[id] ?? [];
    return { t: t.slice(0, known.length), values: known };
  };
  return { least: along(bands.min), most: along(bands.max) };
}

/** The lines, and of the first of them also between what its samples are. */
export function linesOf(
  styles: readonly LineStyle[],
  answer: OverviewAnswer,
  frame: Frame,
): readonly ChartLine[] {
  const [first] = styles;
  const band = first ? bandLines(first, bandOf(answer, first.id), frame.gaps) : [];
  return [...styles.map((style) => lineOf(style, answer.series, frame)), ...band];
}

export function buildRamChart(answer: OverviewAnswer, frame: Frame): ChartSpec {
  return {
    ...frame,
    tells: 'newest',
    lines: [...layersOf(answer.series, frame), ...linesOf(LINES, answer, frame)],
  };
}

/** The smallest and the largest are samples, also where means are told. */
export function along(answer: OverviewAnswer, id: SeriesId): Extremes | null {
  const { series } = answer;
  return sampleExtremes({ t: series.t, values: series[id] }, bandOf(answer, id));
}

/** What an answer says of its points. */
type Told = Pick<OverviewAnswer, 'step_ms'> & { readonly method: string };

/** `at 20:00:07`; where steps are told, of a sample `in 1 h around 20:30:00`: its own instant is not in the answer. */
export function whenPhrase(moment: string, { method, step_ms }: Told): string {
  return method === 'buckets' && step_ms !== null
    ? `in ${formatAge(step_ms)} around ${moment}`
    : `at ${moment}`;
}

/** Points that are samples. */
const SAMPLES: Told = { method: 'raw', step_ms: null };

/** Where the largest value stands to the newest. */
export function peakPhrase({ high, last }: Extremes, told = SAMPLES): string {
  if (high.value === last.value) return ', the most in this range';
  return `, most ${formatBytes(high.value)} ${whenPhrase(formatMomentBeside(high.t, last.t), told)}`;
}

export function ramSummary(answer: OverviewAnswer): string {
  const used = along(answer, 'used_bytes');
  const total = along(answer, 'mem_total_bytes');
  if (!used) return 'Nothing is known of the memory in use in this range.';
  const of = total ? ` of ${formatBytes(total.last.value)}` : '';
  return (
    `${formatBytes(used.last.value)}${of} used at ${formatMoment(used.last.t)}${peakPhrase(used, answer)}; ` +
    `least ${formatBytes(used.low.value)} ${whenPhrase(formatMomentBeside(used.low.t, used.last.t), answer)}.`
  );
}
