import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearRows,
  numbersAt,
  openDayRows,
  putNumbers,
  reserveRows,
  SUBTREE_RSS,
} from '../../../../../server/adapters/history/seal/day-rows.ts';

/** Some that 32 bits hold, and some that they do not. */
const NUMBERS = fc.oneof(fc.nat(1000), fc.float(), fc.double(), fc.constant(Number.NaN));
const SAMPLES = fc.array(fc.array(NUMBERS, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 20 });

function columnOf(samples: readonly (readonly number[])[], times: number): readonly number[] {
  const rows = openDayRows();
  for (let time = 0; time < times; time++) {
    for (const sample of samples) {
      reserveRows(rows, sample.length, 0);
      putNumbers(rows, rows.count, SUBTREE_RSS, Float64Array.from(sample));
      rows.count += sample.length;
    }
  }
  const { values, stride, first } = numbersAt(rows, SUBTREE_RSS);
  return Array.from({ length: rows.count }, (_, row) => values[row * stride + first]);
}

describe('rows of a day', () => {
  it('hold numbers as they came, whichever of them is the first that 32 bits do not hold', () => {
    fc.assert(
      fc.property(SAMPLES, (samples) => {
        expect(columnOf(samples, 1)).toEqual(samples.flat());
      }),
    );
  });

  it('hold them when they have to make room', () => {
    const sample = Array.from({ length: 9000 }, (_, row) => row / 2);
    const late = [...Array.from({ length: 9000 }, (_, row) => row), 0.1];
    expect(columnOf([sample, late], 3)).toEqual([...sample, ...late, ...sample, ...late, ...sample, ...late]);
  });

  it('of a day that is written leave nothing behind for the next', () => {
    const rows = openDayRows();
    putNumbers(rows, 0, SUBTREE_RSS, Float64Array.of(0.1));
    clearRows(rows);
    putNumbers(rows, 0, SUBTREE_RSS, Float64Array.of(7));
    expect(rows.wide[SUBTREE_RSS].isUsed).toBe(false);
    expect(numbersAt(rows, SUBTREE_RSS).values[SUBTREE_RSS]).toBe(7);
  });
});
