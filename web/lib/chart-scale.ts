import { DAY_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { bytesOfUnit } from '../../server/domain/units.ts';
import { formatBytes, quantityOfBytes } from './bytes.ts';
import type { ChartSpec, Measure } from './chart-spec.ts';

/** How instants stand under the x axis, by the distance of two ticks (ms, or months). */
export const TICK_FORMATS = [
  { dtickrange: [null, MINUTE_MS], value: '%H:%M:%S\n%d %b' },
  { dtickrange: [MINUTE_MS, DAY_MS], value: '%H:%M\n%d %b' },
  { dtickrange: [DAY_MS, 'M1'], value: '%d %b\n%Y' },
  { dtickrange: ['M1', null], value: '%b %Y' },
];

/** The y axis: from 0, in one unit for the whole chart. */
export interface ChartScale {
  readonly unit: string;
  /** Of the measure (bytes, say) in one unit. */
  readonly size: number;
  /** End of the axis, in units. */
  readonly top: number;
}

const HEADROOM = 1.06;
/** A label over the largest value stays under the buttons. */
const LABEL_HEADROOM = 1.14;
/** What an axis of zeros reaches to. */
const NOTHING_TOP: Readonly<Record<Measure, number>> = {
  bytes: 1024 ** 2,
  bytes_per_second: 1024 ** 2,
  percent: 1,
  per_second: 1,
};

/** The sum of the layers along their instants, which they share. */
function sumsOf({ lines }: ChartSpec): number[] {
  const layers = lines.filter(({ isLayer }) => isLayer);
  const grid = layers.at(0)?.values ?? [];
  return grid.map((_, at) => layers.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
}

function largestOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

export function chartScale(spec: ChartSpec): ChartScale {
  const { measure = 'bytes', lines } = spec;
  const single = lines.filter(({ isLayer }) => !isLayer).map(({ values }) => largestOf(values));
  const largest = Math.max(largestOf(sumsOf(spec)), ...single, 0);
  const top = largest > 0 ? largest * (spec.peaks?.length ? LABEL_HEADROOM : HEADROOM) : NOTHING_TOP[measure];
  // Of several CPUs it may be more than 100; only a line that is all of it needs room above.
  if (measure === 'percent') return { unit: '%', size: 1, top: largest < 100 ? Math.min(100, top) : top };
  if (measure === 'per_second') return { unit: '1/s', size: 1, top };
  const { unit } = quantityOfBytes(top);
  const size = bytesOfUnit(unit);
  return { unit: measure === 'bytes' ? unit : `${unit}/s`, size, top: top / size };
}

function formatPlain(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '');
}

/** One value of a chart in words; unknown is an en dash. */
export function formatMeasure(value: number | null, measure: Measure = 'bytes'): string {
  if (value === null) return '–';
  if (measure === 'percent') return `${formatPlain(value)} %`;
  if (measure === 'per_second') return `${formatPlain(value)} /s`;
  return measure === 'bytes' ? formatBytes(value) : `${formatBytes(value)}/s`;
}
