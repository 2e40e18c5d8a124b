import { describe, expect, test } from 'vitest';
import { openPace } from '../../../server/domain/pace.ts';

const SCARCE = 'MemAvailable is 3.0 % of MemTotal';

function openTestPace(intervalMs: number, pressureIntervalMs = 1000) {
  const lines: string[] = [];
  const pace = openPace({ intervalMs, pressureIntervalMs, note: (line) => lines.push(line) });
  pace.afterSample(1, null);
  return {
    lines,
    /** @returns the interval after a sample that took so long */
    take(tookMs: number, scarcity: string | null = null): number {
      pace.afterSample(tookMs, scarcity);
      return pace.intervalMs;
    },
  };
}

describe('a sample that takes longer than a tenth of its interval', () => {
  test('doubles it, up to eight times, and each time says so', () => {
    const { take, lines } = openTestPace(1000);
    expect([101, 201, 401, 900, 5000].map((took) => take(took))).toEqual([2000, 4000, 8000, 8000, 8000]);
    expect(lines).toEqual([
      'a sample took 101 ms, more than a tenth of the interval: recording every 2 s',
      'a sample took 201 ms, more than a tenth of the interval: recording every 4 s',
      'a sample took 401 ms, more than a tenth of the interval: recording every 8 s',
    ]);
  });

  test('is forgotten when samples are cheap again, step by step', () => {
    const { take, lines } = openTestPace(1000);
    take(300);
    take(300);
    expect([150, 60, 60, 30, 30].map((took) => take(took))).toEqual([4000, 2000, 2000, 1000, 1000]);
    expect(lines.slice(2)).toEqual([
      'a sample took 60 ms: recording every 2 s again',
      'a sample took 30 ms: recording every 1 s again',
    ]);
  });

  test('changes nothing where somebody has asked for a close look: an interval under a second', () => {
    const { take, lines } = openTestPace(50);
    expect(take(40)).toBe(50);
    expect(lines).toEqual([]);
  });

  test('changes nothing when it is the first, which fills the cache', () => {
    const pace = openPace({ intervalMs: 1000, pressureIntervalMs: 1000, note: () => {} });
    pace.afterSample(900, null);
    expect(pace.intervalMs).toBe(1000);
  });
});

describe('while memory is scarce', () => {
  test('the interval is the shorter one, and it says why', () => {
    const { take, lines } = openTestPace(10_000);
    expect([take(1, SCARCE), take(1, SCARCE), take(1), take(1)]).toEqual([1000, 1000, 10_000, 10_000]);
    expect(lines).toEqual([
      `memory is scarce (${SCARCE}): recording every 1 s`,
      'memory is no longer scarce: recording every 10 s',
    ]);
  });

  test('an interval that is shorter already stays', () => {
    expect(openTestPace(500).take(1, SCARCE)).toBe(500);
  });

  test('expensive samples still stretch it, never beyond the interval asked for', () => {
    const { take } = openTestPace(3000);
    expect([150, 250, 500].map((took) => take(took, SCARCE))).toEqual([2000, 3000, 3000]);
  });
});
