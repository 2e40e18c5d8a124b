import { BIGINT, DECIMAL, DOUBLE, FLOAT, INTEGER } from '@duckdb/node-api';
import type { Staging, StreamColumn, Strided } from './stream-columns.ts';
import { markNull } from './stream-columns.ts';

/**
 * Columns of numbers, as DuckDB stores them. Their loops are functions of their own, not part of what a column holds:
 * machine code goes with the last function that runs it, and a day's columns go with the day.
 */

/** Values as JavaScript has them. */
export type Reals = Strided<Float64Array | Float32Array>;

const REALS = {
  doubles: { type: DOUBLE, bytes: 8 },
  floats: { type: FLOAT, bytes: 4 },
} as const;

function fillReals(
  into: Float64Array | Float32Array,
  { values, stride, first }: Reals,
  { validity }: Staging,
  from: number,
  count: number,
): boolean {
  let hasNulls = false;
  for (let at = 0; at < count; at++) {
    const value = values[(from + at) * stride + first];
    into[at] = value;
    if (Number.isNaN(value)) {
      markNull(validity, at);
      hasNulls = true;
    }
  }
  return hasNulls;
}

/** `NaN` becomes NULL. `view`: of the staging. */
function realColumn(name: string, source: Reals, view: keyof typeof REALS): StreamColumn {
  return {
    name,
    ...REALS[view],
    words: 0,
    texts: null,
    fill: (staging, from, count) => fillReals(staging[view], source, staging, from, count),
  };
}

export function doubleColumn(name: string, values: Reals): StreamColumn {
  return realColumn(name, values, 'doubles');
}

/** For what 32 bits hold as it is. */
export function floatColumn(name: string, values: Reals): StreamColumn {
  return realColumn(name, values, 'floats');
}

type Numbers = Strided<Int32Array | Float32Array | Float64Array>;

function fillInts(
  { values, stride, first }: Numbers,
  unknown: number,
  { ints, validity }: Staging,
  from: number,
  count: number,
): boolean {
  let hasNulls = false;
  for (let at = 0; at < count; at++) {
    const value = values[(from + at) * stride + first];
    ints[at] = value;
    if (value === unknown || Number.isNaN(value)) {
      markNull(validity, at);
      hasNulls = true;
    }
  }
  return hasNulls;
}

/**
 * Numbers that fit. `NaN` becomes NULL.
 * @param unknown another value that does
 */
export function intColumn(name: string, source: Numbers, unknown = Number.NaN): StreamColumn {
  return {
    name,
    type: INTEGER,
    bytes: 4,
    words: 0,
    texts: null,
    fill: (staging, from, count) => fillInts(source, unknown, staging, from, count),
  };
}

const TWO_TO_32 = 4_294_967_296;

/** A whole number, as two halves: a `BigInt` each would take as long as all other columns. */
function putBigint(ints: Int32Array, at: number, value: number): void {
  ints[2 * at] = value;
  ints[2 * at + 1] = Math.floor(value / TWO_TO_32);
}

function fillBigints(
  { values, stride, first }: Reals,
  scale: number,
  { ints, validity }: Staging,
  from: number,
  count: number,
): boolean {
  let hasNulls = false;
  for (let at = 0; at < count; at++) {
    const value = Math.round(values[(from + at) * stride + first] * scale);
    putBigint(ints, at, value);
    if (Number.isNaN(value)) {
      markNull(validity, at);
      hasNulls = true;
    }
  }
  return hasNulls;
}

/** Whole numbers, once they are multiplied. `NaN` becomes NULL. */
export function bigintColumn(name: string, source: Reals, scale = 1): StreamColumn {
  return {
    name,
    type: BIGINT,
    bytes: 8,
    words: 0,
    texts: null,
    fill: (staging, from, count) => fillBigints(source, scale, staging, from, count),
  };
}

/** The most digits that fit 8 bytes. */
const MOST_DIGITS = 18;

/** Numbers with so many digits after the point, or fewer: what is counted takes a third of the room of doubles. */
export function decimalColumn(name: string, decimals: number, values: Reals): StreamColumn {
  return { ...bigintColumn(name, values, 10 ** decimals), type: DECIMAL(MOST_DIGITS, decimals) };
}

/** Whether a decimal column holds each of the first `count` as it is. */
export function areDecimals(decimals: number, { values, stride, first }: Reals, count: number): boolean {
  const scale = 10 ** decimals;
  for (let row = 0; row < count; row++) {
    const value = values[row * stride + first];
    const scaled = Math.round(value * scale);
    if (scaled / scale !== value && !Number.isNaN(value)) return false;
    if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return false;
  }
  return true;
}
