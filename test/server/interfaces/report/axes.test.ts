import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zoneOffset } from '../../../../server/domain/time-zone.ts';
import { byteScale, timeTicks } from '../../../../server/interfaces/report/axes.ts';

describe('an axis of bytes', () => {
  test.each([
    [0, ['0', '1 B']],
    [16_000_000_000, ['0', '5 GiB', '10 GiB', '15 GiB']],
    [300 * 2 ** 20, ['0', '100 MiB', '200 MiB', '300 MiB']],
    [1000 * 2 ** 20, ['0', '1 GiB']],
    [3.2 * 2 ** 30, ['0', '1 GiB', '2 GiB', '3 GiB', '4 GiB']],
  ])('of %d has round figures', (largest, labels) => {
    expect(byteScale(largest).ticks.map(({ label }) => label)).toEqual(labels);
  });

  test('reaches what is drawn, and not far beyond, in a few steps with labels of their own', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 2 ** 50, noNaN: true }), (largest) => {
        const { top, ticks } = byteScale(largest);
        expect(top).toBeGreaterThanOrEqual(largest);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(top - largest).toBeLessThanOrEqual(top / (ticks.length - 1));
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
        expect([ticks[0].at, ticks[ticks.length - 1].at]).toEqual([0, 1]);
      }),
    );
  });
});

describe('an axis of time', () => {
  const FROM = Date.UTC(2026, 0, 15, 12);

  test.each([
    [FROM, FROM + 3_600_000, 'UTC', ['12:00', '12:15', '12:30', '12:45', '13:00']],
    [FROM, FROM + 3_600_000, '+05:30', ['17:30', '17:45', '18:00', '18:15', '18:30']],
    [FROM, FROM + 20_000, 'UTC', ['12:00:00', '12:00:05', '12:00:10', '12:00:15', '12:00:20']],
    [FROM, FROM + 30 * 3_600_000, 'Europe/Berlin', ['01-16 00:00', '01-16 12:00']],
  ])('from %d to %d in %s has whole wall times', (from, to, zone, labels) => {
    expect(timeTicks(from, to, zone).map(({ label }) => label)).toEqual(labels);
  });

  test('has few ticks, in order, each within it and each at a whole step of the wall clock', () => {
    const spans = fc.integer({ min: 60_000, max: 400 * 86_400_000 });
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', '-03:30');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FROM }), spans, zones, (from, span, zone) => {
        const ticks = timeTicks(from, from + span, zone);
        expect(ticks.length).toBeLessThanOrEqual(5);
        const places = ticks.map(({ at }) => at);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        for (const at of places) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(1);
          const wall = Math.round(from + at * span + zoneOffset(from + span, zone));
          expect(Math.abs(wall % 1000)).toBe(0);
        }
      }),
    );
  });
});
