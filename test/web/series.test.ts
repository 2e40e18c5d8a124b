import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Points, Span } from '../../web/lib/series.ts';
import { breakLine, buildStack, extremesOf, unknownSpans } from '../../web/lib/series.ts';

/** Ascending samples, and gaps that lie between neighbours of them. */
const recording = fc
  .record({
    steps: fc.array(fc.integer({ min: 10, max: 1000 }), { minLength: 2, maxLength: 40 }),
    isGap: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    values: fc.array(fc.option(fc.integer({ min: 1, max: 1e9 }), { freq: 6 }), {
      minLength: 41,
      maxLength: 41,
    }),
  })
  .map(({ steps, isGap, values }) => {
    let end = 0;
    const t = [0, ...steps.map((step) => (end += step))];
    const gaps: Span[] = steps.flatMap((_, at) => (isGap[at] ? [{ from: t[at], to: t[at + 1] }] : []));
    return { points: { t, values: values.slice(0, t.length) } as Points, gaps };
  });

/** Whether a line through these points runs across the gap. */
function crosses({ t, values }: Points, gap: Span): boolean {
  return t.some(
    (at, index) =>
      index > 0 &&
      t[index - 1] <= gap.from &&
      gap.to <= at &&
      values[index - 1] !== null &&
      values[index] !== null,
  );
}

describe('A line', () => {
  test('never crosses a gap, and loses no point', () => {
    fc.assert(
      fc.property(recording, ({ points, gaps }) => {
        const line = breakLine(points, gaps);
        for (const gap of gaps) expect(crosses(line, gap)).toBe(false);
        const kept = line.t.flatMap((t, index) => (points.t.includes(t) ? [[t, line.values[index]]] : []));
        expect(kept).toEqual(points.t.map((t, index) => [t, points.values[index]]));
        expect([...line.t].sort((a, b) => a - b)).toEqual(line.t);
      }),
    );
  });

  test('that the server has broken already stays as it is', () => {
    const points = { t: [0, 50, 100], values: [1, null, 2] };
    expect(breakLine(points, [{ from: 0, to: 100 }])).toEqual(points);
  });
});

describe('A stack', () => {
  test('is 0 all through every gap, and right at every sample', () => {
    fc.assert(
      fc.property(recording, ({ points, gaps }) => {
        const { t, layers, isEdge } = buildStack([points], gaps);
        for (const gap of gaps) {
          t.forEach((at, index) => {
            if (at > gap.from && at < gap.to) expect(layers[0][index]).toBe(0);
          });
        }
        t.forEach((at, index) => {
          if (!isEdge[index]) expect(layers[0][index]).toBe(points.values[points.t.indexOf(at)]);
        });
      }),
    );
  });

  test('has all series on one grid, 0 where a process was not alive, in between where it was thinned', () => {
    const whole = { t: [0, 10, 20, 30], values: [4, 4, 4, 4] };
    const late = { t: [20, 30], values: [7, 8] };
    const thinned = { t: [0, 20, 30], values: [10, 20, 30] };
    expect(buildStack([whole, late, thinned], [])).toEqual({
      t: [0, 10, 20, 30],
      layers: [
        [4, 4, 4, 4],
        [0, 0, 7, 8],
        [10, 15, 20, 30],
      ],
      isEdge: [false, false, false, false],
    });
  });

  test('is broken where nothing is known, from the last known sample to the next one', () => {
    const layer = { t: [0, 10, 20, 30, 40], values: [5, null, null, 6, 7] };
    expect(buildStack([layer, { ...layer, values: [1, null, null, 2, 3] }], [])).toEqual({
      t: [0, 1, 29, 30, 40],
      layers: [
        [5, 0, 0, 6, 7],
        [1, 0, 0, 2, 3],
      ],
      isEdge: [false, true, true, false, false],
    });
  });

  test('goes on where one series is unknown and another is known, there or on both sides', () => {
    const broken = { t: [0, 10, 20], values: [5, null, 6] };
    const thinned = { t: [0, 20], values: [1, 3] };
    const { t, isEdge } = buildStack([broken, thinned], []);
    expect([t, isEdge]).toEqual([
      [0, 20],
      [false, false],
    ]);
    expect(buildStack([broken, { t: broken.t, values: [1, 2, 3] }], []).layers).toEqual([
      [5, 0, 6],
      [1, 2, 3],
    ]);
  });

  test('has no height where a layer is unknown, from midway to midway, and the others go on', () => {
    const t = [0, 10, 20, 30];
    const known = { t, values: [4, 4, 4, 4] };
    const hidden = { t, values: [5, null, null, 7], isUnknown: [false, true, true, false] };
    expect(buildStack([known, hidden], [])).toEqual({
      t: [0, 5, 6, 10, 20, 25, 26, 30],
      layers: [
        [4, 4, 4, 4, 4, 4, 4, 4],
        [5, 5, 0, null, null, 0, 7, 7],
      ],
      isEdge: [false, true, true, false, false, true, true, false],
    });
    expect(unknownSpans(hidden)).toEqual([{ from: 5, to: 25 }]);
  });

  test('gives one known sample among unknown ones the width that it tells of', () => {
    const rare = { t: [0, 10, 20], values: [null, 6, null], isUnknown: [true, false, true] };
    const { t, layers } = buildStack([rare], []);
    expect([t, layers]).toEqual([[0, 5, 6, 10, 15, 16, 20], [[null, 0, 6, 6, 6, 0, null]]]);
  });

  test('tells unknown from not alive: at a start, at an end, beside a gap, and where all are unknown', () => {
    const t = [0, 10, 15, 20, 30];
    const first = {
      t,
      values: [null, 1, null, null, 2],
      isUnknown: [true, false, false, true, false],
    };
    const other = { t, values: [null, null, null, null, 3], isUnknown: [false, true, false, true, false] };
    const { t: grid, layers } = buildStack([first, other], [{ from: 10, to: 20 }]);
    const at = (instant: number) => layers.map((layer) => layer[grid.indexOf(instant)]);
    expect([at(0), at(10), at(20), at(30)]).toEqual([
      [null, 0],
      [1, null],
      [null, null],
      [2, 3],
    ]);
    expect(unknownSpans(first)).toEqual([
      { from: 0, to: 5 },
      { from: 20, to: 25 },
    ]);
    expect(unknownSpans(other)).toEqual([
      { from: 10, to: 10 },
      { from: 20, to: 25 },
    ]);
  });

  test('of any recording is at every instant what is known, 0 what is gone, null what is unknown', () => {
    const state = fc.constantFrom<number | 'unknown' | 'gone'>(1, 2, 3, 'unknown', 'gone');
    const recorded = fc.array(fc.tuple(state, state, state), { minLength: 1, maxLength: 12 });
    const meaning = { unknown: null, gone: 0 } as const;
    fc.assert(
      fc.property(recorded, (samples) => {
        const t = samples.map((_, at) => at * 10);
        const series = [0, 1, 2].map((row) => ({
          t,
          values: samples.map((states) => (typeof states[row] === 'number' ? states[row] : null)),
          isUnknown: samples.map((states) => states[row] === 'unknown'),
        }));
        const { t: grid, layers, isEdge } = buildStack(series, []);
        const isToldAt = (at: number) => samples[at].some((one) => one !== 'gone');
        const told = t.filter((_, at) => isToldAt(at));
        expect(grid.filter((_, at) => !isEdge[at])).toEqual(told);
        const expected = samples
          .filter((_, at) => isToldAt(at))
          .map((states) => states.map((one) => (typeof one === 'number' ? one : meaning[one])));
        expect(told.map((at) => layers.map((layer) => layer[grid.indexOf(at)]))).toEqual(expected);
      }),
    );
  });

  test('falls and rises at the very edges of a gap', () => {
    const stack = buildStack([{ t: [0, 100], values: [5, 6] }], [{ from: 0, to: 100 }]);
    expect(stack).toEqual({ t: [0, 1, 99, 100], layers: [[5, 0, 0, 6]], isEdge: [false, true, true, false] });
  });
});

describe('Extremes', () => {
  test('are the first smallest, the first largest and the newest known point', () => {
    const points = { t: [1, 2, 3, 4, 5], values: [3, 1, 9, 9, null] };
    expect(extremesOf(points)).toEqual({
      low: { t: 2, value: 1 },
      high: { t: 3, value: 9 },
      last: { t: 4, value: 9 },
    });
    expect(extremesOf({ t: [1], values: [null] })).toBeNull();
  });
});
