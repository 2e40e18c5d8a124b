import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { chooseGrain } from '../../../server/application/time-series.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewPlot } from '../../../server/application/view-plot.ts';
import type { Resolution } from '../../../server/domain/buckets.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START } from '../../support/dump-builder.ts';
import { historyOf } from './recorded.ts';

/** 5 minutes of a sample each 10 s, then, an hour later, one minute more. */
const SECONDS = [
  ...Array.from({ length: 30 }, (_, at) => at * 10),
  ...Array.from({ length: 6 }, (_, at) => 3900 + at * 10),
];
/** Grows by 1 MiB a sample; its child stays. */
const SAMPLES: readonly SampleLiteral[] = SECONDS.map((t, at) => ({
  t,
  interval: 10,
  system: { mem_total_bytes: 1000 * MIB, mem_available_bytes: (500 - at) * MIB },
  processes: [
    { pid: 5, rss_mb: 10 + at },
    { pid: 6, ppid: 5, rss_mb: 4 },
  ],
}));

async function viewed<T>(ask: (history: History) => Promise<T>): Promise<T> {
  const history = await historyOf(SAMPLES);
  try {
    return await ask(history);
  } finally {
    history.close();
  }
}

const plot = (resolution?: Resolution, px = 1200) =>
  viewed((history) => viewPlot(history, { pid: 5, px, resolution }, 'UTC'));
const overview = (resolution?: Resolution, px = 1200) =>
  viewed((history) => viewOverview(history, { px, resolution }, 'UTC'));

const mib = (values: readonly (number | null)[] | Float64Array | null | undefined) =>
  values ? Array.from(values, (value) => (value === null || Number.isNaN(value) ? null : value / MIB)) : null;

describe('A process along time', () => {
  test('is told in steps by mean, smallest and largest, with nothing across the gap', async () => {
    const { own, subtree, children, resolution, method, step_ms, raw_points } = await plot('1m');
    expect({ resolution, method, step_ms, raw_points }).toEqual({
      ...{ resolution: '1m', method: 'buckets', step_ms: 60_000, raw_points: 36 },
    });
    expect(mib(own.rss_bytes)).toEqual([12.5, 18.5, 24.5, 30.5, 36.5, null, 42.5]);
    expect(mib(own.rss_min_bytes)).toEqual([10, 16, 22, 28, 34, null, 40]);
    expect(mib(own.rss_max_bytes)).toEqual([15, 21, 27, 33, 39, null, 45]);
    expect(own.t[0]).toBe(HISTORY_START + 25_000);
    expect(mib(subtree.rss_max_bytes)?.[0]).toBe(19);
    expect(mib(children[0].subtree_rss_bytes)).toEqual([4, 4, 4, 4, 4, null, 4]);
  });

  test('has its steps cut by a gap that lies in one of them', async () => {
    const { own } = await plot('1h');
    expect(mib(own.rss_bytes)).toEqual([24.5, null, 42.5]);
  });

  test('is told by each sample where that is asked for, however narrow the chart', async () => {
    const { own, method, resolution, step_ms } = await plot('full', 50);
    expect(mib(own.rss_bytes)?.filter((value) => value !== null)).toHaveLength(36);
    expect({ method, resolution, step_ms }).toEqual({ method: 'raw', resolution: 'full', step_ms: 10_000 });
    expect(own).not.toHaveProperty('rss_min_bytes');
  });

  test('is thinned by the width of the chart unless something is asked for', async () => {
    expect(await plot('auto')).toEqual(await plot());
    expect((await plot()).resolution).toBe('auto');
  });

  test('has the same peak in any resolution', async () => {
    const peaks = await Promise.all(
      (['auto', 'full', '10s', '1h'] as const).map(async (one) => (await plot(one)).peak),
    );
    expect(new Set(peaks.map((peak) => JSON.stringify(peak))).size).toBe(1);
  });
});

describe('The host along time', () => {
  test('is told in steps by means, beside them the smallest and largest of what is used', async () => {
    const { series, bands, method, step_ms } = await overview('1m');
    expect({ method, step_ms }).toEqual({ method: 'buckets', step_ms: 60_000 });
    expect(mib(series.used_bytes)).toEqual([502.5, 508.5, 514.5, 520.5, 526.5, null, 532.5]);
    expect(mib(bands?.min.used_bytes)).toEqual([500, 506, 512, 518, 524, null, 530]);
    expect(mib(bands?.max.used_bytes)).toEqual([505, 511, 517, 523, 529, null, 535]);
    expect(mib(bands?.min.available_bytes)?.[0]).toBe(495);
    expect(bands?.max.psi_some_avg10).toHaveLength(series.t.length);
    expect(mib(series.available_bytes)?.[0]).toBe(497.5);
  });

  test('has no bands where samples are told', async () => {
    const { bands, resolution, method } = await overview('full');
    expect({ bands, resolution, method }).toEqual({ bands: undefined, resolution: 'full', method: 'raw' });
  });
});

describe('A resolution that would be too many points', () => {
  const days = (count: number) => ({ from: 0, to: count * 86_400_000 });
  const chosen = (resolution: Resolution, count: number, samples: number, most?: number) =>
    chooseGrain({ resolution, px: 600 }, days(count), samples, most).resolution;

  test('becomes the next coarser one', () => {
    expect(chosen('full', 1, 8640)).toBe('full');
    expect(chosen('full', 7, 60_480)).toBe('1m');
    expect(chosen('10s', 7, 60_480)).toBe('1m');
    expect(chosen('10s', 30, 259_200)).toBe('1h');
    expect(chosen('1h', 3650, 30_000_000)).toBe('auto');
  });

  test('is not read of more samples than may be', () => {
    expect(chosen('1h', 30, 259_200, 100_000)).toBe('auto');
  });
});
