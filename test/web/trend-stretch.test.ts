import { describe, expect, test } from 'vitest';
import { trendStretch } from '../../web/trend-stretch.ts';

const TS = '2026-01-15T12:00:00.000Z';

function stretchOf(since?: string) {
  const { seconds, label, isChosen } = trendStretch({ params: since === undefined ? {} : { since } }, TS);
  return [seconds, label.startsWith('Since ') ? 'since' : label, isChosen];
}

describe('The small lines of a table', () => {
  test('are of the last hour where no stretch was looked at', () => {
    expect(stretchOf()).toEqual([3600, 'Last hour', false]);
  });

  test('begin where the stretch began, by an instant or so long before the table', () => {
    expect(stretchOf('2026-01-14T12:00:00.000Z')).toEqual([86_400, 'since', true]);
    expect(stretchOf('-30d')).toEqual([30 * 86_400, 'since', true]);
  });

  test('are of the last hour where it began later than the table is, or is no instant', () => {
    for (const since of ['2026-01-15T12:00:00.000Z', '2027-01-01T00:00:00Z', 'latest', 'nonsense'])
      expect(stretchOf(since)).toEqual([3600, 'Last hour', false]);
  });

  test('reach no further back than the server answers', () => {
    expect(stretchOf('2000-01-01T00:00:00.000Z')).toEqual([400 * 86_400, 'since', true]);
  });
});
