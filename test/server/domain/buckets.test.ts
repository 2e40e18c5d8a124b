import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketsOf,
  leastOf,
  meansOf,
  mostOf,
  RESOLUTIONS,
  stepMsOf,
} from '../../../server/domain/buckets.ts';

const MINUTE = 60_000;

/** Values by instant; a gap ends at each of `gapEnds`. */
function tell(
  samples: readonly (readonly [number, number])[],
  stepMs: number,
  gapEnds: readonly number[] = [],
) {
  const t = samples.map(([at]) => at);
  const values = samples.map(([, value]) => value);
  const buckets = bucketsOf(
    t,
    gapEnds.map((to) => ({ to })),
    stepMs,
  );
  return {
    t: buckets.t,
    means: [...meansOf(buckets, values)],
    least: [...leastOf(buckets, values)],
    most: [...mostOf(buckets, values)],
  };
}

describe('Buckets', () => {
  test('hold the samples of one step of the clock, between the first and the last of them', () => {
    const samples = [
      [MINUTE, 1],
      [MINUTE + 20_000, 2],
      [MINUTE + 40_000, 6],
      [2 * MINUTE, 5],
    ] as const;
    expect(tell(samples, MINUTE)).toEqual({
      t: [MINUTE + 20_000, 2 * MINUTE],
      means: [3, 5],
      least: [1, 5],
      most: [6, 5],
    });
  });

  test('are never of both sides of a gap', () => {
    const samples = [
      [0, 1],
      [10_000, 3],
      [50_000, 9],
    ] as const;
    expect(tell(samples, MINUTE, [50_000])).toMatchObject({ t: [5000, 50_000], means: [2, 9] });
  });

  test('take no account of what is unknown, and know nothing where nothing is known', () => {
    const samples = [
      [0, Number.NaN],
      [10_000, 4],
      [60_000, Number.NaN],
    ] as const;
    expect(tell(samples, MINUTE)).toMatchObject({ means: [4, Number.NaN], least: [4, Number.NaN] });
  });

  test('are the samples themselves where these are further apart', () => {
    const samples = [
      [0, 1],
      [10_000, 2],
    ] as const;
    expect(tell(samples, 1000)).toEqual({ t: [0, 10_000], means: [1, 2], least: [1, 2], most: [1, 2] });
    expect(tell([], MINUTE).t).toEqual([]);
  });

  test('have each sample once, in any history', () => {
    const history = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 1000 })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 100_000 }), (told, stepMs) => {
        const samples = [...new Map(told)].sort(([a], [b]) => a - b);
        const { t, means, least, most } = tell(samples, stepMs);
        const steps = [...new Set(samples.map(([at]) => Math.floor(at / stepMs)))];
        const groups = steps.map((step) =>
          samples.filter(([at]) => Math.floor(at / stepMs) === step).map(([, value]) => value),
        );
        expect(t).toHaveLength(steps.length);
        expect(least).toEqual(groups.map((group) => Math.min(...group)));
        expect(most).toEqual(groups.map((group) => Math.max(...group)));
        for (const [at, group] of groups.entries())
          expect(means[at]).toBeCloseTo(group.reduce((sum, value) => sum + value, 0) / group.length, 6);
      }),
    );
  });
});

test('Resolutions go from each sample to the coarsest', () => {
  expect(RESOLUTIONS.map(stepMsOf)).toEqual([null, null, 10_000, 60_000, 3_600_000]);
});
