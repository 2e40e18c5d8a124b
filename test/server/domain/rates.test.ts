import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Counter } from '../../../server/domain/rates.ts';
import { fillRates } from '../../../server/domain/rates.ts';

const NOT_KNOWN = Number.NaN;

function ratesOf(counter: Counter): Float64Array {
  const rates = new Float64Array(counter.t.length);
  fillRates(counter, rates, 0, rates.length);
  return rates;
}

describe('a rate', () => {
  test('is what the counter gained a second since the sample before', () => {
    expect([...ratesOf({ t: [0, 1000, 11_000], counts: [100, 102, 152], breaks: [] })]).toEqual([
      NOT_KNOWN,
      2,
      5,
    ]);
    expect([...ratesOf({ t: [0, 500], counts: [0, 3], breaks: [], scale: 4096 })]).toEqual([
      NOT_KNOWN,
      6 * 4096,
    ]);
  });

  test('is unknown at the first sample, after a gap, where a value is unknown and where the counter went back', () => {
    const t = [0, 1000, 2000, 3000, 4000, 5000, 6000];
    const counts = [1, 2, 3, 1, NOT_KNOWN, 5, 6];
    expect([...ratesOf({ t, counts, breaks: [2000] })]).toEqual([
      ...[NOT_KNOWN, 1, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, 1],
    ]);
    expect([...ratesOf({ t: [], counts: [], breaks: [] })]).toEqual([]);
  });

  test('times its time is what was counted: nothing is counted twice or lost between two breaks', () => {
    const point = fc.record({
      step: fc.integer({ min: 1, max: 600_000 }),
      gain: fc.integer({ min: 0, max: 1_000_000 }),
      isBreak: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (points) => {
        let [now, count] = [0, 0];
        const t = points.map(({ step }) => (now += step));
        const counts = points.map(({ gain }) => (count += gain));
        const breaks = points.flatMap(({ isBreak }, at) => (isBreak ? t[at] : []));
        const rates = ratesOf({ t, counts, breaks });
        for (const [at, { gain, step, isBreak }] of points.entries()) {
          if (at === 0 || isBreak) expect(rates[at]).toBeNaN();
          else expect((rates[at] * step) / 1000).toBeCloseTo(gain, 5);
        }
      }),
    );
  });
});
