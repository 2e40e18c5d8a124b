import { expect, test } from 'vitest';
import { lifetimeSeconds } from '../../../server/domain/lifetime.ts';

test('a process lives since its start ticks, also in the first sample that shows it', () => {
  expect(lifetimeSeconds(1000, 40_000, 100)).toBe(600);
  expect(lifetimeSeconds(1000, 40_000, 1000)).toBe(960);
  expect(lifetimeSeconds(1000, 0, 100)).toBe(1000);
});

test('a process that started within the rounding of the uptime is 0 seconds old, not less', () => {
  expect(lifetimeSeconds(1000, 100_001, 100)).toBe(0);
});

test.each([
  [Number.NaN, 1, 100],
  [1000, Number.NaN, 100],
  [1000, 1, Number.NaN],
])('the age is unknown, not 0, where one of uptime %d, start %d and ticks %d is', (uptime, start, ticks) => {
  expect(lifetimeSeconds(uptime, start, ticks)).toBeNaN();
});
