import { expect, test } from 'vitest';
import { backOffMs } from '../../web/lib/back-off.ts';

test('A page that lost its server tries again after one second at least and five at most, later each time', () => {
  expect([0, 1, 2, 3, 9].map((failed) => backOffMs(failed, 0))).toEqual([1000, 1000, 1000, 1000, 1000]);
  expect([0, 1, 2, 3, 9].map((failed) => backOffMs(failed, 1))).toEqual([1000, 2000, 4000, 5000, 5000]);
  expect(backOffMs(1, 0.5)).toBe(1500);
});
