import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overrunSeconds, tickAfter, tickAt } from '../../../server/domain/ticks.ts';

test('a sample that fits is followed by the next tick', () => {
  expect(tickAfter(0, 3, 10)).toBe(1);
  expect(tickAfter(0, 10, 10)).toBe(1);
});

test('a sample that does not fit is followed by the first tick that is still ahead', () => {
  expect(tickAfter(0, 10.5, 10)).toBe(2);
  expect(tickAfter(4, 95, 10)).toBe(10);
});

test('who oversleeps takes the tick of now; who wakes early keeps the one that was due', () => {
  expect(tickAt(57, 3, 10)).toBe(5);
  expect(tickAt(29.9, 3, 10)).toBe(3);
});

test('what was skipped is counted in seconds', () => {
  expect(overrunSeconds(null, 0, 10_000)).toBe(0);
  expect(overrunSeconds(4, 5, 10_000)).toBe(0);
  expect(overrunSeconds(4, 8, 10_000)).toBe(30);
});

test('ticks only go forward and no due time is in the past, however long each sample takes', () => {
  const durations = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), durations, (interval, samples) => {
      let elapsed = 0;
      let due = 0;
      for (const duration of samples) {
        elapsed = Math.max(elapsed, due * interval);
        const tick = tickAt(elapsed, due, interval);
        elapsed += duration;
        due = tickAfter(tick, elapsed, interval);
        expect(due).toBeGreaterThan(tick);
        expect(due * interval).toBeGreaterThanOrEqual(elapsed - 1e-9);
        expect(due * interval).toBeLessThan(elapsed + 2 * interval);
      }
    }),
  );
});
