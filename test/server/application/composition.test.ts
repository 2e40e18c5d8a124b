import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { viewComposition } from '../../../server/application/view-composition.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START } from '../../support/dump-builder.ts';
import { historyOf } from './recorded.ts';

/** Two hundred minutes with a gap; PSS is read of every third sample, and of none in the middle hour. */

const MINUTES = 200;
const GAP = 30;
const rssOf = (minute: number) => 100 + ((minute * 37) % 101);

function hasPss(minute: number): boolean {
  return minute % 3 === 0 && (minute < 70 || minute >= 130);
}

const minutes = Array.from({ length: MINUTES }, (_, minute) => minute);
const samples = minutes.map((minute): SampleLiteral => {
  const pss = hasPss(minute) ? { pss_mb: rssOf(minute) / 2, swap_mb: 3 } : {};
  return {
    t: (minute < 100 ? minute : minute + GAP) * 60,
    processes: [
      { pid: 1, rss_mb: 10 },
      { pid: 7, ppid: 1, rss_mb: rssOf(minute), ...pss },
      { pid: 8, ppid: 7, rss_mb: 50 },
    ],
  };
});

async function look<T>(ask: (history: History) => Promise<T>): Promise<T> {
  const history = await historyOf(samples);
  try {
    return await ask(history);
  } finally {
    await history.close();
  }
}

/** By counting: the smallest value that at least 95 % of the way through the sorted ones is interpolated from. */
function p95Of(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = 0.95 * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at % 1);
}

describe('Of what the memory of a process consists', () => {
  test('is told at samples with PSS, and all through a long stretch without', async () => {
    const view = await look((history) => viewComposition(history, { pid: 7, px: 1200 }, 'UTC'));
    const told = view.t.flatMap((t, at) => (view.rss_bytes[at] === null ? [] : [t]));
    const expected = minutes
      .filter((minute) => hasPss(minute) || (minute > 69 && minute < 132) || minute === 199)
      .map((minute) => HISTORY_START + 1000 * Number(samples[minute].t));
    expect(told).toEqual(expected);
    expect(view.samples).toBe(MINUTES);
    for (const [at, rss] of view.rss_bytes.entries()) {
      const pss = view.pss_bytes[at];
      if (rss !== null && pss !== null) expect(pss).toBe(rss / 2);
      expect(view.swap_bytes[at]).toBe(pss === null ? null : 3 * MIB);
    }
    expect(view.gaps).toHaveLength(1);
    expect(view.rss_bytes.filter((rss) => rss === null)).toHaveLength(1);
  });

  test('statistics are of every sample, also of those that are not told', async () => {
    const { statistics } = await look((history) => viewComposition(history, { pid: 7, px: 10 }, 'UTC'));
    const rss = minutes.map((minute) => rssOf(minute) * MIB);
    expect(statistics.rss_bytes).toMatchObject({
      count: MINUTES,
      min: Math.min(...rss),
      max: Math.max(...rss),
    });
    expect(statistics.rss_bytes.p95).toBeCloseTo(p95Of(rss), 3);
    expect(statistics.rss_bytes.mean).toBeCloseTo(rss.reduce((sum, value) => sum + value, 0) / MINUTES, 3);
    expect(statistics.subtree_rss_bytes.p95).toBeCloseTo(p95Of(rss) + 50 * MIB, 3);
    const pss = minutes.filter(hasPss).map((minute) => (rssOf(minute) / 2) * MIB);
    expect(statistics.pss_bytes.count).toBe(pss.length);
    expect(statistics.pss_bytes.p95).toBeCloseTo(p95Of(pss), 3);
  });

  test('a process that has no PSS at all is told by its RSS', async () => {
    const view = await look((history) => viewComposition(history, { pid: 8, px: 1200 }, 'UTC'));
    expect(view.rss_bytes.filter((rss) => rss === 50 * MIB)).toHaveLength(MINUTES);
    expect(view.statistics.pss_bytes).toEqual({ count: 0, min: null, mean: null, p95: null, max: null });
  });

  test('a pid that was never seen has no data', async () => {
    const asked = look((history) => viewComposition(history, { pid: 99, px: 1200 }, 'UTC'));
    await expect(asked).rejects.toMatchObject({ code: 'no_data_for_pid' });
  });
});
