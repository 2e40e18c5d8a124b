import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as describeValues, quantile } from '../../../server/domain/statistics.ts';

const known = fc.integer({ min: -1_000_000, max: 1_000_000 });
const unknown = fc.constantFrom(null, Number.NaN);
const values = fc.array(fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: unknown }), {
  maxLength: 60,
});

function sum(of: readonly number[]): number {
  return of.reduce((total, v) => total + v, 0);
}

describe('a description of values', () => {
  test('agrees with the definitions, word by word', () => {
    fc.assert(
      fc.property(values, (all) => {
        const some = all.filter((v) => v !== null && !Number.isNaN(v)).map(Number);
        fc.pre(some.length > 1);
        const result = describeValues(all);
        const mean = sum(some) / some.length;
        const variance = sum(some.map((v) => (v - mean) ** 2)) / (some.length - 1);
        expect(result.count).toBe(some.length);
        expect(result.sum).toBe(sum(some));
        expect(result.min).toBe(Math.min(...some));
        expect(result.max).toBe(Math.max(...some));
        expect(result.mean).toBeCloseTo(mean, 6);
        expect(result.std).toBeCloseTo(Math.sqrt(variance), 6);
      }),
    );
  });

  test('does not count the unknown as 0', () => {
    const { count, mean, min, sum: total } = describeValues([null, 4, Number.NaN, 6]);
    expect({ count, mean, min, total }).toEqual({ count: 2, mean: 5, min: 4, total: 10 });
  });

  test('counts 0 as a value', () => {
    expect(describeValues([0, 4])).toMatchObject({ count: 2, mean: 2, min: 0, sum: 4 });
  });

  test('of nothing known is unknown, not 0', () => {
    const nothing = { mean: null, std: null, min: null, median: null, p95: null, max: null, sum: null };
    expect(describeValues([])).toEqual({ count: 0, ...nothing });
    expect(describeValues([null, Number.NaN])).toEqual({ count: 0, ...nothing });
  });

  test('of one value has no standard deviation', () => {
    const seven = { mean: 7, min: 7, median: 7, p95: 7, max: 7, sum: 7 };
    expect(describeValues([7])).toEqual({ count: 1, std: null, ...seven });
  });

  test('orders numbers as numbers', () => {
    expect(describeValues([10, 9, 100]).median).toBe(10);
  });

  test('is what pandas tells of the same values', () => {
    const { mean, std, median, p95 } = describeValues([1, 2, 3, 4, 10]);
    expect({ mean, median }).toEqual({ mean: 4, median: 3 });
    expect(std).toBeCloseTo(3.535534, 6);
    expect(p95).toBeCloseTo(8.8, 9);
  });
});

describe('a quantile', () => {
  const sorted = fc.array(known, { minLength: 1, maxLength: 40 }).map((all) => Float64Array.from(all).sort());

  test.each([
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3], 0.5, 2],
    [[1, 2, 3, 4, 5], 0.25, 2],
    [[10, 20], 0.95, 19.5],
    [[7], 0.95, 7],
  ])('of %j at %d lies between its neighbours: %d', (all, q, expected) => {
    expect(quantile(all, q)).toBeCloseTo(expected, 9);
  });

  test('is the smallest at 0, the largest at 1, and never falls between', () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: 0, max: 99 }), (all, percent) => {
        expect(quantile(all, 0)).toBe(all[0]);
        expect(quantile(all, 1)).toBe(all[all.length - 1]);
        expect(quantile(all, percent / 100)).toBeLessThanOrEqual(quantile(all, (percent + 1) / 100) + 1e-6);
      }),
    );
  });

  test('leaves the share below it that it names', () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: 0, max: 100 }), (all, percent) => {
        const at = quantile(all, percent / 100);
        const rank = (all.length - 1) * (percent / 100);
        expect(all.filter((v) => v <= at + 1e-6).length).toBeGreaterThanOrEqual(Math.floor(rank + 1e-9) + 1);
        expect(all.filter((v) => v < at - 1e-6).length).toBeLessThanOrEqual(Math.ceil(rank - 1e-9));
      }),
    );
  });
});
