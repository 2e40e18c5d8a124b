import { describe, expect, test } from 'vitest';
import { MIB } from '../../../server/domain/units.ts';
import type { WatchPoint } from '../../../server/domain/watch-summary.ts';
import { judgeWatch, openWatchSummary, rateWord, watchLevel } from '../../../server/domain/watch-summary.ts';

function pointAt(minutes: number, mib: number | null, cpu: number | null = 1): WatchPoint {
  const rss_bytes = mib === null ? null : mib * MIB;
  return {
    t: minutes * 60_000,
    processes: mib === null ? 0 : 1,
    rss_bytes,
    vsz_bytes: null,
    cpu_percent: cpu,
    threads: 1,
  };
}

function summarizeWatch(points: readonly WatchPoint[]) {
  const summary = openWatchSummary();
  for (const point of points) summary.add(point);
  return summary.read();
}

describe('a summary', () => {
  test('has range, mean, variation and growth, and what it grows by in an hour', () => {
    const summary = summarizeWatch([pointAt(0, 60, null), pointAt(15, 68, 3), pointAt(30, 62, 1)]);
    expect(summary).toEqual({
      samples: 3,
      running: 3,
      seconds: 1800,
      rss_min_bytes: 60 * MIB,
      rss_max_bytes: 68 * MIB,
      rss_mean_bytes: (190 * MIB) / 3,
      variation_bytes: 8 * MIB,
      growth_bytes: 2 * MIB,
      growth_bytes_per_hour: 4 * MIB,
      cpu_mean_percent: 2,
      cpu_max_percent: 3,
    });
  });

  test('counts samples in which nothing ran as that, not as nothing used', () => {
    const summary = summarizeWatch([pointAt(0, null), pointAt(1, 10), pointAt(2, null), pointAt(3, 12)]);
    expect(summary).toMatchObject({ samples: 4, running: 2, rss_min_bytes: 10 * MIB, growth_bytes: 2 * MIB });
    expect(summary.growth_bytes_per_hour).toBe(60 * MIB);
  });

  test('is against the first sample in which something ran', () => {
    const summary = openWatchSummary();
    expect(summary.baseline()).toBeNull();
    for (const point of [pointAt(0, null), pointAt(1, 10), pointAt(2, 30)]) summary.add(point);
    expect(summary.baseline()).toBe(10 * MIB);
  });

  test('of one sample knows no growth, and of none nothing', () => {
    expect(summarizeWatch([pointAt(0, 5)])).toMatchObject({
      growth_bytes: null,
      variation_bytes: 0,
      seconds: 0,
    });
    expect(summarizeWatch([])).toMatchObject({ samples: 0, rss_min_bytes: null, cpu_mean_percent: null });
  });
});

test('limits are passed by what is beyond them; the unknown is beyond none, and none is no limit', () => {
  const summary = summarizeWatch([pointAt(0, 10), pointAt(1, 40), pointAt(2, 20)]);
  const limits = { growth: 10 * MIB, variation: 20 * MIB };
  expect(judgeWatch(summary, limits)).toEqual(['variation']);
  expect(judgeWatch(summary, { ...limits, growth: 10 * MIB - 1 })).toEqual(['growth', 'variation']);
  expect(judgeWatch(summary, { growth: null, variation: null })).toEqual([]);
  expect(judgeWatch(summarizeWatch([]), limits)).toEqual([]);
});

test.each([
  [0, 0, 'INFO'],
  [2 * MIB - 1, 4.9, 'INFO'],
  [2 * MIB, 0, 'WARNING'],
  [-2 * MIB, 0, 'WARNING'],
  [50 * MIB, 0, 'WARNING'],
  [50 * MIB + 1, 0, 'ERROR'],
  [0, 5, 'WARNING'],
  [0, 26, 'ERROR'],
  [null, null, 'INFO'],
] as const)('a change of %s bytes at %s %% of a CPU is %s', (change, cpu, level) => {
  expect(watchLevel(change, cpu)).toBe(level);
});

test('growth an hour is told in a word by the predecessor’s steps', () => {
  expect([-5, 0, 19, 20, 50, 100].map((mib) => rateWord(mib * MIB))).toEqual([
    ...['low', 'low', 'low', 'moderate', 'high', 'very high'],
  ]);
});
