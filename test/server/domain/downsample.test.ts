import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakAtGaps, peaksOf, thin, valuesAlong } from '../../../server/domain/downsample.ts';
import type { Gap } from '../../../server/domain/timeline.ts';

interface Series {
  readonly t: readonly number[];
  readonly drivers: readonly (readonly number[])[];
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

/** Spacings from equal instants to a gap of a day. */
const spacing = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(86_400_000) },
);

const series: fc.Arbitrary<Series> = fc
  .array(fc.tuple(spacing, value, value), { maxLength: 200 })
  .map((points) => {
    let now = 1_768_478_400_000;
    const t = points.map(([step]) => {
      now += step;
      return now;
    });
    return { t, drivers: [points.map(([, a]) => a), points.map(([, , b]) => b)] };
  });
const columns = fc.integer({ min: 1, max: 30 });

/** The samples that share a pixel column with sample `at`. */
function columnOf(t: readonly number[], width: number): number[] {
  const span = (t[t.length - 1] - t[0]) / width || 1;
  return t.map((instant) => Math.min(width - 1, Math.floor((instant - t[0]) / span)));
}

function rowsOfColumn(column: readonly number[], wanted: number): number[] {
  return column.flatMap((of, row) => (of === wanted ? [row] : []));
}

function smallest(values: readonly number[]): number {
  return Math.min(...values.filter((v) => !Number.isNaN(v)));
}

function largest(values: readonly number[]): number {
  return Math.max(...values.filter((v) => !Number.isNaN(v)));
}

describe('thinning', () => {
  test('leaves a series alone that has at most four samples a column', () => {
    for (const count of [0, 1, 2, 39, 40]) {
      const t = Array.from({ length: count }, (_, at) => at * 1000);
      expect(thin(t, [t], 10)).toEqual({ indices: t.map((_, at) => at), method: 'raw' });
    }
    const t = Array.from({ length: 41 }, (_, at) => at * 1000);
    expect(thin(t, [t], 10).method).toBe('m4');
  });

  test('keeps the order and invents no sample', () => {
    fc.assert(
      fc.property(series, columns, ({ t, drivers }, width) => {
        const { indices } = thin(t, drivers, width);
        expect(indices.every((index, at) => at === 0 || index > indices[at - 1])).toBe(true);
        expect(indices.every((index) => index >= 0 && index < t.length)).toBe(true);
      }),
    );
  });

  test('keeps first, last, peak and trough of every driver in every pixel column, and little else', () => {
    fc.assert(
      fc.property(series, columns, ({ t, drivers }, width) => {
        const { indices, method } = thin(t, drivers, width);
        fc.pre(method === 'm4');
        const kept = new Set(indices);
        const column = columnOf(t, width);
        for (const wanted of new Set(column)) {
          const rows = rowsOfColumn(column, wanted);
          const stay = rows.filter((row) => kept.has(row));
          expect([stay[0], stay[stay.length - 1]]).toEqual([rows[0], rows[rows.length - 1]]);
          expect(stay.length).toBeLessThanOrEqual(2 + 2 * drivers.length);
          for (const driver of drivers) {
            const [all, left] = [rows, stay].map((of) => of.map((row) => driver[row]));
            expect([smallest(left), largest(left)]).toEqual([smallest(all), largest(all)]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('keeps the peak of what only peaks matter of, at the cost of one sample a column at most', () => {
    fc.assert(
      fc.property(series, columns, ({ t, drivers: [driver, peaked] }, width) => {
        const { indices, method } = thin(t, [driver, peaksOf(peaked)], width);
        fc.pre(method === 'm4');
        const kept = new Set(indices);
        const column = columnOf(t, width);
        for (const wanted of new Set(column)) {
          const rows = rowsOfColumn(column, wanted);
          const stay = rows.filter((row) => kept.has(row));
          expect(largest(stay.map((row) => peaked[row]))).toBe(largest(rows.map((row) => peaked[row])));
          expect(stay.length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });

  test('never loses a single spike in a day of seconds', () => {
    const t = Array.from({ length: 86_400 }, (_, at) => at * 1000);
    fc.assert(
      fc.property(fc.nat(86_399), fc.boolean(), (at, isPeak) => {
        const flat = new Float64Array(86_400).fill(100);
        flat[at] = isPeak ? 101 : 99;
        const { indices } = thin(t, [flat], 1200);
        expect(indices).toContain(at);
        expect(indices.length).toBeLessThanOrEqual(4 * 1200);
      }),
      { numRuns: 20 },
    );
  });

  test('keeps something of a driver that is unknown everywhere', () => {
    const t = Array.from({ length: 100 }, (_, at) => at);
    const { indices } = thin(t, [new Array<number>(100).fill(Number.NaN)], 2);
    expect(indices).toEqual([0, 49, 50, 99]);
  });

  test('takes samples of one and the same instant', () => {
    const t = new Array<number>(50).fill(7);
    expect(thin(t, [t.map((_, at) => (at === 25 ? 1 : 0))], 2).indices).toEqual([0, 25, 49]);
  });
});

describe('breaks at gaps', () => {
  const stopped = (from: number, to: number): Gap => ({ from, to, reason: 'stopped' });

  test('put one break in the middle of a gap', () => {
    const axis = breakAtGaps([0, 10, 50, 60], [0, 1, 2, 3], [stopped(10, 50)]);
    expect(axis).toEqual({ t: [0, 10, 30, 50, 60], index: [0, 1, -1, 2, 3] });
    expect(valuesAlong(axis, [1, 2, 3, 4])).toEqual([1, 2, null, 3, 4]);
  });

  test('put one break between two points, also where all samples between two gaps were thinned out', () => {
    const axis = breakAtGaps([0, 10, 50, 60, 100], [0, 1, 4], [stopped(10, 50), stopped(60, 100)]);
    expect(axis).toEqual({ t: [0, 10, 30, 100], index: [0, 1, -1, 4] });
  });

  test('put none before the first point, after the last or where nothing is drawn', () => {
    const gaps = [stopped(0, 10), stopped(30, 90)];
    expect(breakAtGaps([0, 10, 20, 30, 90], [1, 2, 3], gaps).index).toEqual([1, 2, 3]);
    expect(breakAtGaps([0, 10, 20, 30, 90], [], gaps).index).toEqual([]);
  });

  test('also break the line of a process that was absent from the samples around the gap', () => {
    const axis = breakAtGaps([0, 100], [0, 1], [stopped(20, 80)]);
    expect(axis).toEqual({ t: [0, 50, 100], index: [0, -1, 1] });
  });

  /** Instants, gaps between some neighbours, and which samples stay. */
  const scene = fc
    .array(
      fc.record({ step: fc.integer({ min: 2, max: 50 }), afterGap: fc.boolean(), stays: fc.boolean() }),
      { maxLength: 40 },
    )
    .map((points) => {
      let now = 0;
      const t = points.map(({ step }) => {
        now += step;
        return now;
      });
      const gaps = points.flatMap(({ afterGap }, at) =>
        afterGap && at > 0 ? [stopped(t[at - 1], t[at])] : [],
      );
      return { t, gaps, indices: points.flatMap(({ stays }, at) => (stays ? [at] : [])) };
    });

  test('stand between two points exactly where a gap lies between them', () => {
    fc.assert(
      fc.property(scene, ({ t, gaps, indices }) => {
        const expected = indices.flatMap((index, at) => {
          const previous = t[indices[at - 1]];
          const crossed = gaps.some(({ from, to }) => from >= previous && to <= t[index]);
          return crossed ? [-1, index] : [index];
        });
        expect(breakAtGaps(t, indices, gaps).index).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('lie inside a gap, in order of time; every other place is its sample', () => {
    fc.assert(
      fc.property(scene, ({ t, gaps, indices }) => {
        const axis = breakAtGaps(t, indices, gaps);
        expect(axis.t.every((instant, at) => at === 0 || instant > axis.t[at - 1])).toBe(true);
        for (const [at, index] of axis.index.entries()) {
          const instant = axis.t[at];
          const inGap = gaps.some(({ from, to }) => instant > from && instant < to);
          expect(index < 0 ? inGap : instant === t[index]).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('after thinning: no line crosses a gap', () => {
    fc.assert(
      fc.property(series, columns, ({ t, drivers }, width) => {
        const gaps = t.flatMap((instant, at) =>
          at > 0 && instant - t[at - 1] > 1000 ? [stopped(t[at - 1], instant)] : [],
        );
        const axis = breakAtGaps(t, thin(t, drivers, width).indices, gaps);
        const lines = axis.index.slice(1).map((index, at) => [axis.index[at], index]);
        const drawn = lines.filter(([a, b]) => a >= 0 && b >= 0).map(([a, b]) => [t[a], t[b]]);
        expect(
          drawn.filter(([a, b]) => gaps.some(({ from, to }) => from >= a && to <= b && from < b)),
        ).toEqual([]);
      }),
    );
  });
});

test('values along an axis: the unknown is null, never 0', () => {
  const axis = { t: [1, 2, 3, 4], index: [0, -1, 1, 2] };
  expect(valuesAlong(axis, Float64Array.of(0, Number.NaN, 7))).toEqual([0, null, null, 7]);
});
