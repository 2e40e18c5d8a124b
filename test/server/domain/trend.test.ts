import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../server/domain/timeline.ts';
import { theilSenSlope, trendOf } from '../../../server/domain/trend.ts';

const MIB = 1024 * 1024;
const T = Date.UTC(2026, 0, 15, 12);
const NO_GAPS: readonly Gap[] = [];

/** One sample each 10 s. */
function seriesOf(count: number, bytesAt: (at: number) => number) {
  const t = Array.from({ length: count }, (_, at) => T + 10_000 * at);
  return { t, bytes: t.map((_, at) => bytesAt(at)) };
}

describe('the trend of a life', () => {
  test('that grows evenly is rising, at that rate', () => {
    const trend = trendOf(
      seriesOf(361, (at) => (100 + at / 3.6) * MIB),
      NO_GAPS,
    );
    expect(trend.direction).toBe('rising');
    expect(Number(trend.bytesPerHour) / MIB).toBeCloseTo(100, 6);
    expect(trend.percentPerMinute).toBeCloseTo(100 / 60 / 1.5, 6);
    expect(trend.peak).toEqual({ t: T + 3_600_000, bytes: 200 * MIB });
  });

  test('that shrinks is falling; that changes by less than 5 % or 1 MiB is steady', () => {
    const directionOf = (bytesAt: (at: number) => number) =>
      trendOf(seriesOf(60, bytesAt), NO_GAPS).direction;
    expect(directionOf((at) => (100 - at) * MIB)).toBe('falling');
    expect(directionOf((at) => (1000 + at / 2) * MIB)).toBe('steady');
    expect(directionOf((at) => 1000 + 1000 * at)).toBe('steady');
    expect(directionOf(() => 0)).toBe('steady');
  });

  test('does not follow a spike, which is its peak all the same', () => {
    const trend = trendOf(
      seriesOf(60, (at) => (at === 17 ? 4000 : 100) * MIB),
      NO_GAPS,
    );
    expect(trend.direction).toBe('steady');
    expect(trend.bytesPerHour).toBe(0);
    expect(trend.peak).toEqual({ t: T + 170_000, bytes: 4000 * MIB });
    expect(trend.nearPeak).toEqual({ seconds: 10, ratio: 1 / 59 });
  });

  test('of few samples or a short time is unknown, and no rate is told', () => {
    for (const short of [seriesOf(9, (at) => at * MIB), seriesOf(1, () => MIB)])
      expect(trendOf(short, NO_GAPS)).toMatchObject({
        direction: 'unknown',
        bytesPerHour: null,
        percentPerMinute: null,
      });
    const { t, bytes } = seriesOf(50, (at) => at * MIB);
    const quick = { t: t.map((_, at) => T + 1000 * at), bytes };
    expect(trendOf(quick, NO_GAPS).direction).toBe('unknown');
  });

  test('counts time near the peak from sample to sample, and none across a gap', () => {
    const series = seriesOf(20, (at) => (at < 10 ? 50 : 95) * MIB);
    expect(trendOf(series, NO_GAPS).nearPeak).toEqual({ seconds: 90, ratio: 90 / 190 });
    const gap: Gap = { from: series.t[12], to: series.t[13], reason: 'stopped' };
    expect(trendOf(series, [gap]).nearPeak).toEqual({ seconds: 80, ratio: 80 / 180 });
    expect(
      trendOf(
        seriesOf(1, () => MIB),
        NO_GAPS,
      ).nearPeak,
    ).toEqual({ seconds: null, ratio: null });
  });

  test('of many samples is told by some of them, and is the same', () => {
    const slope = theilSenSlope(seriesOf(20_000, (at) => at * 512));
    expect(slope).toBeCloseTo(512 / 10_000, 9);
  });
});
