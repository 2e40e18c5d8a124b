import { describe, expect, test } from 'vitest';
import { pointsOf, stepWindow, timeWindowOf, windowOf } from '../../web/lib/live-window.ts';

const newest = Date.parse('2026-01-15T12:00:00Z');
const feed = { newest, intervalSeconds: 2, zone: 'UTC' };
const ago = (seconds: number) => newest - seconds * 1000;

describe('The stretch that the live page shows', () => {
  test.each([
    ['a hundred points', {}, ago(200), newest],
    ['as many points as are asked for', { points: '50' }, ago(100), newest],
    ['a hundred, where the number is none that is offered', { points: '7' }, ago(200), newest],
    ['a time before now', { from: '-15m', points: '50' }, ago(900), newest],
    [
      'two instants',
      { from: '2026-01-15T11:00:00.000Z', to: '2026-01-15T11:10:00.000Z' },
      ago(3600),
      ago(3000),
    ],
    ['points before an instant', { to: '2026-01-15T11:00:00.000Z' }, ago(3800), ago(3600)],
    ['points, where its begin is behind its end', { from: '2026-01-15T13:00:00.000Z' }, ago(200), newest],
  ])('%s', (_, params, from, to) => {
    expect(windowOf(params, feed)).toEqual({ from, to });
  });

  test('is stepped through by halves, and ends at now', () => {
    expect(stepWindow({ from: ago(100), to: newest }, -1, newest)).toEqual({
      from: ago(150),
      to: ago(50),
    });
    expect(stepWindow({ from: ago(150), to: ago(50) }, 1, newest)).toBeNull();
    expect(stepWindow({ from: ago(200), to: ago(100) }, 1, newest)).toEqual({
      from: ago(150),
      to: ago(50),
    });
  });

  test('is named where it is one that is offered', () => {
    expect(timeWindowOf({ from: '-60m' })).toBe('1h');
    expect(timeWindowOf({ from: '-7m' })).toBeNull();
    expect(timeWindowOf({ from: '-1h', to: 'latest' })).toBeNull();
    expect(pointsOf({ points: '1000' })).toBe(1000);
  });
});
