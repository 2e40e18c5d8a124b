import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { driversOf, overviewLines, valuesOf } from '../../../server/application/overview-lines.ts';
import { peaksOf, thin } from '../../../server/domain/downsample.ts';
import { findGaps } from '../../../server/domain/timeline.ts';

const COUNT = 640;
const IDS = [
  ...(['mem_total_bytes', 'mem_available_bytes', 'swap_total_bytes', 'swap_free_bytes'] as const),
  ...(['process_rss_bytes', 'psi_some_avg10', 'psi_full_avg10', 'pgmajfault', 'pswpin', 'pswpout'] as const),
];
type Columns = Record<(typeof IDS)[number], Float64Array>;

const figure = fc.oneof({ weight: 9, arbitrary: fc.nat(30) }, fc.constant(Number.NaN));
const column = fc
  .array(figure, { minLength: COUNT, maxLength: COUNT })
  .map((values) => Float64Array.from(values));
const columns = fc.record(
  Object.fromEntries(IDS.map((id) => [id, column])),
) as unknown as fc.Arbitrary<Columns>;

/** Spacings so uneven that what is a gap may hang on the next of them. */
const instants = fc
  .array(fc.constantFrom(1000, 1000, 1000, 4000, 4000, 13_000), {
    minLength: COUNT,
    maxLength: COUNT,
  })
  .map((steps) => {
    let now = 0;
    return Float64Array.from(steps, (step) => (now += step));
  });

/** Near borders of blocks more often than by chance. */
const place = fc.oneof(
  fc.nat(COUNT),
  fc.tuple(fc.nat(19), fc.nat(6)).map(([block, more]) => 32 * block + more),
);

interface Asked {
  readonly known: number;
  readonly first: number;
  readonly end: number;
  readonly px: number;
}

/** A part of the first `known` samples. */
const asked: fc.Arbitrary<Asked> = fc
  .record({
    known: place,
    from: place,
    count: fc.oneof(fc.nat(COUNT), fc.constant(COUNT)),
    px: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ known, from, count, px }) => {
    const first = Math.min(from, known);
    return { known, first, end: Math.min(known, first + count), px };
  });

function spineOf(t: Float64Array, known: number) {
  const nothing = new Array<number>(known).fill(Number.NaN);
  return {
    t: [...t.subarray(0, known)],
    uptimeSeconds: nothing,
    intervalSeconds: nothing,
    bootId: nothing.map(() => null),
  };
}

/** What is drawn of a range of the first `known` samples, beside what looking at each of them finds. */
function drawn(all: Columns, t: Float64Array, { known, first, end, px }: Asked) {
  const part = Object.fromEntries(IDS.map((id) => [id, all[id].subarray(first, end)])) as Columns;
  const range = { t: t.subarray(first, end), values: part };
  const lines = overviewLines(range, findGaps(spineOf(t, known), first, end - 1));
  const everything = [
    ...Object.values(lines.memory).map(valuesOf),
    ...Object.values(lines.pressure).map((line) => peaksOf(valuesOf(line))),
  ];
  return { told: thin(range.t, driversOf(lines), px), expected: thin(range.t, everything, px) };
}

describe('What of the samples an overview draws', () => {
  test('is what looking at each of them finds, whatever was asked for before, while more come in', () => {
    fc.assert(
      fc.property(columns, instants, fc.array(asked, { maxLength: 8 }), (all, t, questions) => {
        for (const question of questions.sort((a, b) => a.known - b.known)) {
          const { told, expected } = drawn(all, t, question);
          expect(told).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('has the peak before which a gap was seen, until samples that came in later told that it was none', () => {
    const last = 63;
    const counts = Float64Array.from({ length: COUNT }, (_, at) => (at < last ? at : 1e6 + at));
    const flat = Object.fromEntries(IDS.map((id) => [id, new Float64Array(COUNT)])) as Columns;
    const all = { ...flat, pgmajfault: counts };
    const t = Float64Array.from(
      { length: COUNT },
      (_, at) => 1000 * (at < last ? at : 4 * at - 3 * last + 3),
    );
    const sees = Array.from({ length: 20 }, (_, more) => {
      const { told, expected } = drawn(all, t, { known: 64 + more, first: 0, end: 64 + more, px: 1 });
      expect(told).toEqual(expected);
      return told.indices.includes(last) && told.indices.at(-1) !== last;
    });
    expect(new Set(sees)).toEqual(new Set([false, true]));
  });
});
