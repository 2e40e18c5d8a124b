import type { InstantValues } from './range-reads.ts';

/** Figures of all processes at some instants, put together by instant and by life. Unknown is `NaN` and adds nothing. */

type Rows = Pick<InstantValues, 'at' | 'life'>;

/** A life over the instants. */
export interface RankedLife {
  readonly life: number;
  /** Its largest known value; 0 where it has none. */
  readonly largest: number;
  /** Place of the last instant in which it was seen. */
  readonly last: number;
}

/** Every life that was seen, the one with the largest value first. */
export function rankLives({ at, life }: Rows, values: Float64Array): RankedLife[] {
  const ranked = new Map<number, { life: number; largest: number; last: number }>();
  for (let row = 0; row < at.length; row++) {
    let one = ranked.get(life[row]);
    if (!one) {
      one = { life: life[row], largest: 0, last: at[row] };
      ranked.set(life[row], one);
    }
    if (values[row] > one.largest) one.largest = values[row];
    if (at[row] > one.last) one.last = at[row];
  }
  return [...ranked.values()].sort((a, b) => b.largest - a.largest || b.last - a.last || a.life - b.life);
}

/** For each of `count` instants the sum of the known values; `NaN` where none is known. */
export function sumsAlong({ at }: Pick<Rows, 'at'>, values: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count).fill(Number.NaN);
  for (let row = 0; row < at.length; row++)
    if (!Number.isNaN(values[row])) sums[at[row]] = (sums[at[row]] || 0) + values[row];
  return sums;
}

/** The values of some lives along `count` instants; `NaN` where one is not alive or its value is unknown. */
export function linesAlong(
  { at, life }: Rows,
  values: Float64Array,
  lives: readonly number[],
  count: number,
): readonly Float64Array[] {
  const lines = new Map(lives.map((one) => [one, new Float64Array(count).fill(Number.NaN)] as const));
  for (let row = 0; row < at.length; row++) {
    const line = lines.get(life[row]);
    if (line) line[at[row]] = values[row];
  }
  return [...lines.values()];
}
