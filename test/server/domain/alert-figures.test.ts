import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostAlertSeries, SPIKE, spikeLimits } from '../../../server/domain/alert-figures.ts';
import { readAlertRule } from '../../../server/domain/read-alert-rule.ts';
import { quantile } from '../../../server/domain/statistics.ts';
import type { SystemMetricId } from '../../../server/domain/system-metrics.ts';
import { MIB } from '../../../server/domain/units.ts';

const MINUTE = 60_000;

function seriesOf(
  given: Parameters<typeof readAlertRule>[0],
  values: Partial<Record<SystemMetricId, number[]>>,
) {
  const [first] = Object.values(values);
  const t = (first ?? []).map((_, at) => at * MINUTE);
  const figures = { t, values: values as Record<SystemMetricId, number[]> };
  const { value, limit, clear } = hostAlertSeries(readAlertRule(given), figures, []);
  return {
    value: [...(value as number[])],
    limit: [...(limit as number[])],
    clear: [...(clear as number[])],
  };
}

describe('what a rule looks at', () => {
  test('is held against a part of what there was at that instant', () => {
    const rule = { name: 'a', kind: 'mem_available', limit: '10%', clear: '20%' } as const;
    expect(
      seriesOf(rule, { mem_total_bytes: [1000, 2000, NaN], mem_available_bytes: [150, 150, 150] }),
    ).toEqual({ value: [150, 150, 150], limit: [100, 200, NaN], clear: [200, 400, NaN] });
    const swap = { name: 'a', kind: 'swap', limit: '50%', clear: '50%' } as const;
    expect(seriesOf(swap, { swap_total_bytes: [0, 100], swap_free_bytes: [0, 40] })).toEqual({
      value: [0, 60],
      limit: [0, 50],
      clear: [0, 50],
    });
  });

  test('is pressure as the kernel tells it', () => {
    const rule = { name: 'a', kind: 'psi', limit: '10%', line: 'some', average: 'avg10' } as const;
    const { value, limit } = seriesOf(rule, { psi_some_avg10: [3, NaN, 20] });
    expect([value, limit]).toEqual([
      [3, NaN, 20],
      [10, 10, 10],
    ]);
  });

  test('is what the kernel killed in the 10 minutes before', () => {
    const counter = [
      7,
      7,
      9,
      ...Array.from({ length: 8 }, () => 10),
      ...Array.from({ length: 4 }, () => 10),
      NaN,
    ];
    const { value } = seriesOf({ name: 'a', kind: 'oom' }, { oom_kill: counter });
    expect(value).toEqual([0, 0, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 0, 0, NaN]);
  });
});

describe('a spike', () => {
  const RULE = { deviations: 3, riseBytes: 10 } as const;
  const medianOf = (values: readonly number[]) =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  const limitAfter = (before: readonly number[]) => {
    if (before.length < SPIKE.needed) return Number.NaN;
    const median = medianOf(before);
    return median + Math.max(10, 3 * 1.4826 * medianOf(before.map((one) => Math.abs(one - median))));
  };

  test('is above the median and three robust deviations of the samples before, by brute force', () => {
    const anyValues = fc.array(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 500 }) }, fc.constant(NaN)),
      {
        maxLength: 150,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(anyValues, fc.nat(150), (value, gap) => {
        const t = value.map((_, at) => at);
        const { limit } = spikeLimits(RULE, { t, value }, new Set([gap]));
        for (const at of t) {
          const known = value.slice(at >= gap ? gap : 0, at).filter((one) => !Number.isNaN(one));
          expect(Math.round(limit[at] * 1000)).toBe(
            Math.round(limitAfter(known.slice(-SPIKE.samples)) * 1000),
          );
        }
      }),
    );
  });

  test('is none in a line that stands still, until it rises by the smallest rise', () => {
    const still = Array.from({ length: 40 }, () => 1000 * MIB);
    const rule = { deviations: 3, riseBytes: 256 * MIB };
    const t = still.map((_, at) => at);
    const { limit, clear } = spikeLimits(rule, { t, value: still }, new Set());
    expect([limit[39], clear[39]]).toEqual([1256 * MIB, 1128 * MIB]);
  });
});
