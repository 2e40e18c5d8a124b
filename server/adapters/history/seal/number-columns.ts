import { BIGINT, DECIMAL, DOUBLE, FLOAT, INTEGER } from '@duckdb/node-api';
import type { StreamColumn, Strided } from './stream-columns.ts';
import { markNull } from './stream-columns.ts';

/** Columns of numbers, as DuckDB stores them. */

const REALS = {
  doubles: { type: DOUBLE, bytes: 8 },
  floats: { type: FLOAT, bytes: 4 },
} as const;

/** `NaN` becomes NULL. `view`: of the staging. */
function realColumn(
  name: string,
  { values, stride, first, order }: Strided<Float64Array>,
  view: keyof typeof REALS,
): StreamColumn {
  return {
    name,
    ...REALS[view],
    words: 0,
    textAt: null,
    fill(staging, from, count) {
      const into = staging[view];
      let hasNulls = false;
      for (let at = 0; at < count; at++) {
        const value = values[order[from + at] * stride + first];
        into[at] = value;
        if (Number.isNaN(value)) {
          markNull(staging.validity, at);
          hasNulls = true;
        }
      }
      return hasNulls;
    },
  };
}

export function doubleColumn(name: string, values: Strided<Float64Array>): StreamColumn {
  return realColumn(name, values, 'doubles');
}

/** For what 32 bits hold as it is. */
export function floatColumn(name: string, values: Strided<Float64Array>): StreamColumn {
  return realColumn(name, values, 'floats');
}

/**
 * Numbers that fit. `NaN` becomes NULL.
 * @param unknown another value that does
 */
export function intColumn(
  name: string,
  { values, stride, first, order }: Strided<Int32Array> | Strided<Float64Array>,
  unknown: number | null = null,
): StreamColumn {
  return {
    name,
    type: INTEGER,
    bytes: 4,
    words: 0,
    textAt: null,
    fill({ ints, validity }, from, count) {
      let hasNulls = false;
      for (let at = 0; at < count; at++) {
        const value = values[order[from + at] * stride + first];
        ints[at] = value;
        if (value === unknown || Number.isNaN(value)) {
          markNull(validity, at);
          hasNulls = true;
        }
      }
      return hasNulls;
    },
  };
}

const TWO_TO_32 = 4_294_967_296;

/** Whole numbers, as two halves: a `BigInt` each would take as long as all other columns. `NaN` becomes NULL. */
export function bigintColumn(name: string, valueAt: (row: number) => number): StreamColumn {
  return {
    name,
    type: BIGINT,
    bytes: 8,
    words: 0,
    textAt: null,
    fill({ ints, validity }, from, count) {
      let hasNulls = false;
      for (let at = 0; at < count; at++) {
        const value = valueAt(from + at);
        ints[2 * at] = value;
        ints[2 * at + 1] = Math.floor(value / TWO_TO_32);
        if (Number.isNaN(value)) {
          markNull(validity, at);
          hasNulls = true;
        }
      }
      return hasNulls;
    },
  };
}

/** The most digits that fit 8 bytes. */
const MOST_DIGITS = 18;

/** Numbers with so many digits after the point, or fewer: what is counted takes a third of the room of doubles. */
export function decimalColumn(name: string, decimals: number, values: Strided<Float64Array>): StreamColumn {
  const scale = 10 ** decimals;
  const { order, stride, first } = values;
  const scaled = (row: number) => Math.round(values.values[order[row] * stride + first] * scale);
  return { ...bigintColumn(name, scaled), type: DECIMAL(MOST_DIGITS, decimals) };
}

/** Whether a decimal column holds each of these as it is. */
export function areDecimals(
  decimals: number,
  { values, stride, first, order }: Strided<Float64Array>,
): boolean {
  const scale = 10 ** decimals;
  for (let row = 0; row < order.length; row++) {
    const value = values[row * stride + first];
    const scaled = Math.round(value * scale);
    if (scaled / scale !== value && !Number.isNaN(value)) return false;
    if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return false;
  }
  return true;
}
