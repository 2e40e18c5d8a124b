import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowRange } from '../../web/lib/row-window.ts';
import { ROW_PX, renderedRanges, rowsInSight, stretchesOf } from '../../web/lib/row-window.ts';

const HEIGHT = 900;
const anyCount = fc.nat(20_000);
const anyTop = fc.integer({ min: -600_000, max: 5000 });

function indicesOf(ranges: readonly RowRange[]): number[] {
  return ranges.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, at) => first + at));
}

/** Row by row: does any of its pixels lie in the window? */
function isSeen(index: number, top: number): boolean {
  const upper = top + index * ROW_PX;
  return upper + ROW_PX > 0 && upper < HEIGHT;
}

describe('The rows that are in the page', () => {
  test('hold every row in sight, the active one and its neighbours, once and in order', () => {
    fc.assert(
      fc.property(anyCount, anyTop, fc.nat(20_000), (count, top, pick) => {
        const active = count === 0 ? -1 : pick % count;
        const rendered = indicesOf(renderedRanges(count, rowsInSight(count, top, HEIGHT), active));
        expect(rendered).toEqual([...new Set(rendered)].sort((a, b) => a - b));
        expect(rendered.every((index) => index >= 0 && index < count)).toBe(true);
        const near = Array.from({ length: 40 }, (_, at) => Math.floor(-top / ROW_PX) - 1 + at);
        const wanted = [...near.filter((index) => isSeen(index, top)), active - 1, active, active + 1];
        const isRow = (index: number) => active >= 0 && index >= 0 && index < count;
        expect(rendered).toEqual(expect.arrayContaining(wanted.filter(isRow)));
      }),
    );
  });

  test('are few, however long the table is', () => {
    fc.assert(
      fc.property(anyCount, anyTop, (count, top) => {
        const rendered = indicesOf(renderedRanges(count, rowsInSight(count, top, HEIGHT), 0));
        expect(rendered.length).toBeLessThanOrEqual(130);
      }),
    );
  });

  test('stay the same over a small scroll', () => {
    expect(rowsInSight(10_000, -28 * 160 - 1, HEIGHT)).toEqual(rowsInSight(10_000, -28 * 160 - 20, HEIGHT));
  });

  test('come and go once in 16 rows of scrolling, at both ends together', () => {
    const tops = Array.from({ length: 160 * ROW_PX }, (_, px) => -px);
    const ranges = tops.map((top) => rowsInSight(10_000, top, HEIGHT));
    expect(new Set(ranges.map(({ first, end }) => `${first} ${end}`)).size).toBe(160 / 16);
  });
});

describe('Stretches', () => {
  test('of rows and gaps are together all rows, each once, so that nothing moves', () => {
    fc.assert(
      fc.property(anyCount, anyTop, fc.nat(20_000), (count, top, active) => {
        const ranges = renderedRanges(count, rowsInSight(count, top, HEIGHT), active);
        const stretches = stretchesOf(count, ranges);
        let at = 0;
        for (const { range } of stretches) {
          expect(range.first).toBe(at);
          expect(range.end).toBeGreaterThan(range.first);
          at = range.end;
        }
        expect(at).toBe(count);
        const rows = stretches.filter(({ kind }) => kind === 'rows').map(({ range }) => range);
        expect(indicesOf(rows)).toEqual(indicesOf(ranges));
      }),
    );
  });
});
