import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawSmall, placeAcross, placeUp } from '../../web/lib/small-plot.ts';

const frame = { range: { from: 0, to: 1000 }, top: 200 };

/** The points of a path, each as it is drawn. */
function pointsOf(path: string): string[] {
  return path.split(/[MLZ]|h0/).filter(Boolean);
}

describe('A small plot', () => {
  test('puts the range from left to right and 0 … top from below to above', () => {
    expect(placeAcross(frame, 250)).toBe(25);
    expect(placeUp(frame, 50)).toBe(75);
    expect(drawSmall({ t: [0, 500, 1000], values: [0, 100, 200] }, frame)).toEqual({
      line: 'M0 100L50 50L100 0',
      area: 'M0 100L0 100L50 50L100 0L100 100Z',
    });
  });

  test('is broken where nothing is known, and shows a sample that stands alone', () => {
    const { line, area } = drawSmall({ t: [0, 200, 400, 600], values: [100, null, 50, 60] }, frame);
    expect(line).toBe('M0 50h0M40 75L60 70');
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  test('has every known point and no other, all inside the picture', () => {
    const sample = fc.record({
      t: fc.integer({ min: 0, max: 1000 }),
      value: fc.option(fc.integer({ min: 0, max: 200 })),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const ordered = samples.toSorted((a, b) => a.t - b.t);
        const points = { t: ordered.map(({ t }) => t), values: ordered.map(({ value }) => value) };
        const drawn = pointsOf(drawSmall(points, frame).line).map((point) => point.split(' ').map(Number));
        const known = ordered.filter(({ value }) => value !== null);
        expect(drawn).toHaveLength(known.length);
        for (const [index, [x, y]] of drawn.entries()) {
          expect(x).toBeCloseTo(known[index].t / 10, 1);
          expect(y).toBeCloseTo(100 - (known[index].value ?? 0) / 2, 1);
        }
      }),
    );
  });
});
