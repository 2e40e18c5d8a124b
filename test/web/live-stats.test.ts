import { expect, test } from 'vitest';
import { standingOf } from '../../web/lib/live-stats.ts';

test('A mean is over time: ten seconds between recorded samples weigh ten times one between live points', () => {
  const points = { t: [0, 10_000, 20_000, 21_000, 22_000], values: [100, 100, 100, 300, 300] };
  expect(standingOf(points, [])).toEqual({ now: 300, mean: (20 * 100 + 200 + 300) / 22, peak: 300 });
});

test('A mean leaves gaps and what is unknown out', () => {
  const points = { t: [0, 10, 110, 120, 130], values: [4, 4, 8, 8, null] };
  expect(standingOf(points, [{ from: 10, to: 110 }])?.mean).toBe(6);
});

test('One point is its own mean, and nothing known is nothing told', () => {
  expect(standingOf({ t: [5], values: [7] }, [])).toEqual({ now: 7, mean: 7, peak: 7 });
  expect(standingOf({ t: [5], values: [null] }, [])).toBeNull();
});
