import { expect, test } from 'vitest';
import { heightOf, sparkline } from '../../../../../server/interfaces/cli/top/spark.ts';

test('a sparkline has one bar a value against its top, the newest on the right', () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, 8)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([8, 4], 8, 4)).toBe('  █▄');
  expect(sparkline([1, 2, 3], 3, 2)).toBe('▆█');
});

test('zero is the lowest bar, unknown is none, and nothing rises above the top', () => {
  expect(sparkline([0, Number.NaN, 9], 3, 3)).toBe('▁ █');
  expect(sparkline([0, 0], 0, 2)).toBe('▁▁');
});

test('the height is told in words: below half of the peak, below four fifths, above', () => {
  expect([0, 49, 50, 79, 80, 100].map((value) => heightOf(value, 100))).toEqual([
    'low', 'low', 'mid', 'mid', 'high', 'high',
  ]); // biome-ignore format: one row
  expect([heightOf(Number.NaN, 1), heightOf(1, Number.NaN), heightOf(0, 0)]).toEqual([
    'unknown', 'unknown', 'unknown',
  ]); // biome-ignore format: one row
});
