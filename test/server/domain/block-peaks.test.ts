import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fill } from '../../../server/domain/block-peaks.ts';
import { negated, openBlocks, peaksInBlocks } from '../../../server/domain/block-peaks.ts';
import { peaksOf, thin } from '../../../server/domain/downsample.ts';

const MOST = 2000;

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
/** Long runs of what is unknown, too. */
const values = fc
  .array(
    fc.tuple(value, fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 100 }))),
    {
      minLength: 1,
      maxLength: 600,
    },
  )
  .map((runs) =>
    Float64Array.from(runs.flatMap(([one, count]) => new Array<number>(count).fill(one))).subarray(0, MOST),
  );

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  from: fc.nat(MOST),
  to: fc.nat(MOST),
  columns: fc.integer({ min: 1, max: 40 }),
});

/** The series without its first sample's value, and with other values at its end: as rates are in a part of a range. */
function unsteady(part: Float64Array, edge: number): Fill {
  return (into, first, end) => {
    for (let at = first; at < end; at++)
      into[at - first] = at === 0 ? Number.NaN : at >= part.length - edge ? -at : part[at];
  };
}

function whole(fill: Fill, count: number): Float64Array {
  const all = new Float64Array(count);
  fill(all, 0, count);
  return all;
}

describe('Peaks and troughs that are kept by blocks', () => {
  test('are those that looking at each sample finds, whatever parts are asked for one after another', () => {
    fc.assert(
      fc.property(values, fc.array(asked, { maxLength: 6 }), fc.nat(5), (series, questions, edge) => {
        const [high, low] = [openBlocks(series.length), openBlocks(series.length)];
        for (const { from, to, columns } of questions) {
          const part = series.subarray(Math.min(from, to), Math.max(from, to));
          const fill = unsteady(part, edge);
          const offset = Math.min(from, to, series.length);
          const steady = { first: 1, end: part.length - edge };
          const peaks = peaksInBlocks({ fill, blocks: high, offset, steady });
          const troughs = peaksInBlocks({ fill: negated(fill), blocks: low, offset, steady });
          const t = Array.from(part, (_, at) => at * 1000 + (at % 7) * 100);
          const all = whole(fill, part.length);
          expect(thin(t, [peaks, troughs], columns)).toEqual(thin(t, [all], columns));
          expect(thin(t, [peaks], columns)).toEqual(thin(t, [peaksOf(all)], columns));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('are looked for once: of a long series only samples beside the borders of columns are looked at again', () => {
    let looked = 0;
    const fill: Fill = (into, first, end) => {
      looked += end - first;
      for (let at = first; at < end; at++) into[at - first] = (at * 7919) % 1009;
    };
    const count = 400_000;
    const t = Array.from({ length: count }, (_, at) => at * 1000);
    const blocks = openBlocks(count);
    const ask = () => {
      looked = 0;
      thin(t, [peaksInBlocks({ fill, blocks, offset: 0, steady: { first: 0, end: count } })], 1000);
      return looked;
    };
    expect(ask()).toBeLessThan(1.01 * count);
    expect(ask()).toBeLessThan(count / 50);
  });
});
