import { afterEach, describe, expect, test } from 'vitest';
import { formatBytes, formatChange } from '../../web/lib/bytes.ts';
import { chartScale, formatMeasure } from '../../web/lib/chart-scale.ts';
import type { ChartLine, ChartSpec } from '../../web/lib/chart-spec.ts';
import { clock, hostZone, unit, zone } from '../../web/lib/reader.ts';
import { formatMoment } from '../../web/lib/time.ts';

afterEach(() => {
  unit.value = 'MiB';
  clock.value = 'browser';
  hostZone.value = null;
});

const GIB = 1024 ** 3;
const line = (id: string, values: readonly (number | null)[], isLayer = false): ChartLine => ({
  id,
  name: id,
  t: values.map((_, at) => at),
  values,
  colour: 'c1',
  isLayer,
});
const spec = (lines: readonly ChartLine[], measure: ChartSpec['measure'] = 'bytes'): ChartSpec => ({
  lines,
  measure,
  gaps: [],
  range: { from: 0, to: 9 },
  zone: 'UTC',
  height: 100,
});

describe("The reader's unit", () => {
  test('is of 1024 until it is turned to 1000', () => {
    expect(formatBytes(GIB)).toBe('1.00 GiB');
    unit.value = 'MB';
    expect(formatBytes(GIB)).toBe('1.07 GB');
  });

  test('is that of changes, which have a sign, and nothing has none', () => {
    expect([GIB, -GIB, 0, null].map(formatChange)).toEqual(['+1.00 GiB', '−1.00 GiB', '0 B', '–']);
  });

  test('is that of the axis of a chart', () => {
    expect(chartScale(spec([line('a', [GIB])]))).toMatchObject({ unit: 'GiB', size: GIB });
    unit.value = 'MB';
    expect(chartScale(spec([line('a', [GIB])]))).toMatchObject({ unit: 'GB', size: 1e9 });
  });
});

describe("The reader's clock", () => {
  test('can be that of UTC and that of the host, which is UTC until the host has told it', () => {
    clock.value = 'UTC';
    expect(formatMoment(0)).toBe('1970-01-01 00:00:00');
    clock.value = 'host';
    expect(zone.value).toBe('UTC');
    hostZone.value = 'Asia/Kolkata';
    expect(formatMoment(0)).toBe('1970-01-01 05:30:00');
  });
});

describe('The axis of a chart', () => {
  test('reaches over the sum of its layers and over each of its lines', () => {
    const stacked = spec([line('a', [2 * GIB, null], true), line('b', [3 * GIB, GIB], true)]);
    expect(chartScale(stacked).top).toBeCloseTo(5 * 1.06);
    const both = spec([...stacked.lines, line('total', [8 * GIB, null])]);
    expect(chartScale(both).top).toBeCloseTo(8 * 1.06);
  });

  test('of percent ends at 100', () => {
    expect(chartScale(spec([line('a', [99])], 'percent'))).toEqual({ unit: '%', size: 1, top: 100 });
  });

  test('of nothing at all is still an axis', () => {
    expect(chartScale(spec([line('a', [0, null])])).top).toBeGreaterThan(0);
    expect(chartScale(spec([], 'per_second')).top).toBe(1);
  });

  test('reads its values aloud with what they measure', () => {
    expect(formatMeasure(3.25678, 'percent')).toBe('3.26 %');
    expect(formatMeasure(2, 'percent')).toBe('2 %');
    expect(formatMeasure(12345.6, 'per_second')).toBe('12346 /s');
    expect(formatMeasure(GIB, 'bytes_per_second')).toBe('1.00 GiB/s');
    expect(formatMeasure(null, 'percent')).toBe('–');
  });
});
