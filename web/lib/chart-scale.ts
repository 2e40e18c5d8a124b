import { quantityOfBytes } from '../../server/domain/units.ts';
import type { ChartSpec } from './chart-spec.ts';

/** How instants stand under the x axis, by the distance of two ticks (ms, or months). */
export const TICK_FORMATS = [
  { dtickrange: [null, 60_000], value: '%H:%M:%S\n%d %b' },
  { dtickrange: [60_000, 86_400_000], value: '%H:%M\n%d %b' },
  { dtickrange: [86_400_000, 'M1'], value: '%d %b\n%Y' },
  { dtickrange: ['M1', null], value: '%b %Y' },
];

/** The y axis: from 0, in one unit for the whole chart. */
export interface ChartScale {
  readonly unit: string;
  /** Bytes per unit. */
  readonly bytes: number;
  /** End of the axis, in units. */
  readonly top: number;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const HEADROOM = 1.06;
/** What an axis of zeros reaches to. */
const NOTHING_TOP = 1024 ** 2;

function sumsOf({ lines }: ChartSpec): number[] {
  const grid = lines.at(0)?.values ?? [];
  return grid.map((_, at) => lines.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
}

function largestOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

export function chartScale(spec: ChartSpec): ChartScale {
  const largest = spec.isStacked
    ? largestOf(sumsOf(spec))
    : largestOf(spec.lines.map(({ values }) => largestOf(values)));
  const top = largest > 0 ? largest * HEADROOM : NOTHING_TOP;
  const { unit } = quantityOfBytes(top);
  const bytes = 1024 ** Math.max(0, UNITS.indexOf(unit));
  return { unit, bytes, top: top / bytes };
}
