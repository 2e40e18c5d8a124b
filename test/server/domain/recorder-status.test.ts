import { describe, expect, test } from 'vitest';
import type { StatusFacts } from '../../../server/domain/recorder-status.ts';
import { daysUntilFull, findGaps, isAlive, usualSpacing } from '../../../server/domain/recorder-status.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

function facts(secondsAgo: readonly number[], more: Partial<StatusFacts> = {}): StatusFacts {
  return {
    now: NOW,
    holder: null,
    instants: secondsAgo.map((s) => NOW - s * 1000),
    intervalSeconds: 10,
    ...more,
  };
}

describe('a recording', () => {
  test.each<[string, StatusFacts, boolean]>([
    ['is alive with a sample not older than three intervals', facts([30]), true],
    ['is not with an older one', facts([31]), false],
    ['is not without any', facts([]), false],
    [
      'is alive when its recorder has just started',
      facts([], { holder: { pid: 7, since: NOW - 20_000 } }),
      true,
    ],
    [
      'is not when its recorder writes nothing',
      facts([500], { holder: { pid: 7, since: NOW - 900_000 } }),
      false,
    ],
    ['of cron, once a minute, is alive between two runs', facts([59], { intervalSeconds: 60 }), true],
    ['with a clock a little behind its own is alive', facts([-5]), true],
    ['with a sample in the far future is not', facts([-5000]), false],
    ['that samples 20 times a second has two seconds', facts([1.9], { intervalSeconds: 0.05 }), true],
  ])('%s', (_what, given, alive) => {
    expect(isAlive(given)).toBe(alive);
  });

  test('without a known interval is judged by its spacing', () => {
    expect(usualSpacing(facts([600, 400, 200, 0], { intervalSeconds: null }))).toBe(200);
    expect(usualSpacing(facts([0], { intervalSeconds: null }))).toBe(60);
  });
});

describe('gaps', () => {
  test('are stretches longer than three usual spacings', () => {
    const seconds = [200, 190, 180, 170, 160, 60, 50, 40, 30, 20, 10, 0];
    expect(findGaps(facts(seconds))).toEqual([{ from: NOW - 160_000, to: NOW - 60_000 }]);
  });

  test('last until now where recording has stopped', () => {
    expect(findGaps(facts([120, 110, 100]))).toEqual([{ from: NOW - 100_000, to: NOW }]);
    expect(findGaps(facts([]))).toEqual([]);
  });
});

test('days until full follow from the rate, and are unknown without one', () => {
  expect(daysUntilFull(864_000, 100, 100)).toBe(10);
  expect(daysUntilFull(864_000, 0, 100)).toBeNull();
  expect(daysUntilFull(864_000, 100, 0)).toBeNull();
});
