import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REGION_CLASS_IDS } from '../../../server/domain/memory-regions.ts';
import { compareMoments, describeChanges } from '../../../server/domain/region-changes.ts';
import type { MomentSums, RegionMoment } from '../../../server/domain/region-moments.ts';
import { encodeMoment, MOMENT_HEADER, parseMoments } from '../../../server/domain/region-moments.ts';
import { escapeText } from '../../../server/domain/text-notation.ts';
import { effort } from '../../support/effort.ts';

const MIB = 1024 * 1024;
const T = Date.UTC(2026, 0, 15, 12);

function sums(rss_bytes: number): MomentSums {
  return {
    regions: 1,
    size_bytes: rss_bytes,
    rss_bytes,
    pss_bytes: rss_bytes,
    private_bytes: 0,
    swap_bytes: 0,
  };
}

function moment(
  t: number,
  parts: { heap: number; library: number; files?: Readonly<Record<string, number>> },
) {
  const { heap, library, files = { '/lib/libfoo.so': library } } = parts;
  return {
    t,
    readSeconds: 0.012,
    total: sums(heap + library),
    classes: [
      { class: 'heap', ...sums(heap) },
      { class: 'library', ...sums(library) },
    ],
    files: Object.entries(files).map(([path, rss]) => ({ path, is_deleted: false, ...sums(rss) })),
  } satisfies RegionMoment;
}

const anySums = fc.record({
  regions: fc.nat(1000),
  ...Object.fromEntries(
    ['size_bytes', 'rss_bytes', 'pss_bytes', 'private_bytes', 'swap_bytes'].map((name) => [
      name,
      fc.nat(2 ** 30).map((kib) => kib * 1024),
    ]),
  ),
}) as fc.Arbitrary<MomentSums>;

const anyMoments = fc
  .array(
    fc.record({
      readSeconds: fc.nat(10_000).map((tenths) => tenths / 10 / 1000),
      total: anySums,
      classes: fc
        .subarray([...REGION_CLASS_IDS])
        .chain((ids) => fc.tuple(...ids.map((id) => anySums.map((some) => ({ class: id, ...some }))))),
      files: fc.array(
        fc.tuple(fc.string({ unit: 'binary' }), fc.boolean(), anySums).map(([path, is_deleted, some]) => ({
          path: escapeText(path),
          is_deleted,
          ...some,
        })),
        { maxLength: 5 },
      ),
    }),
    { maxLength: 4 },
  )
  .map((some) => some.map((one, at) => ({ t: T + 1000 * at, ...one })));

describe('the file of moments', () => {
  test('gives back what was written, whatever the names are', () => {
    fc.assert(
      fc.property(anyMoments, (moments) => {
        const text = MOMENT_HEADER + moments.map(encodeMoment).join('');
        expect(parseMoments(text)).toEqual({ moments, rejectedLines: [] });
      }),
      { numRuns: effort(60, 2000) },
    );
  });

  test('cut anywhere, it has the whole moments before the cut and nothing else', () => {
    const moments = [
      moment(T, { heap: MIB, library: MIB }),
      moment(T + 60_000, { heap: 2 * MIB, library: MIB }),
    ];
    const text = MOMENT_HEADER + moments.map(encodeMoment).join('');
    const wholeFrom = MOMENT_HEADER.length + encodeMoment(moments[0]).length;
    for (let end = 0; end < text.length - 1; end++)
      expect(parseMoments(text.slice(0, end)).moments.length, `cut at ${end}`).toBe(
        end >= wholeFrom - 1 ? 1 : 0,
      );
  });

  test('tells lines that are none, and those of a moment without its total', () => {
    const [first, second] = [
      moment(T, { heap: MIB, library: MIB }),
      moment(T + 1000, { heap: 0, library: MIB }),
    ];
    const torn = encodeMoment(first).split('\n').slice(0, 2).join('\n');
    const text = `${MOMENT_HEADER}${torn}\nnonsense,1,2\n${encodeMoment({ ...second, total: sums(0) })}`;
    const { moments, rejectedLines } = parseMoments(text);
    expect(moments.map(({ t }) => t)).toEqual([T + 1000]);
    expect(rejectedLines).toEqual([4, 2, 3]);
  });
});

describe('two moments', () => {
  const before = moment(T, { heap: 100 * MIB, library: 20 * MIB });

  test('are compared by class and by file, grown first', () => {
    const after = moment(T + 1_800_000, {
      heap: 512 * MIB,
      library: 20 * MIB,
      files: { '/lib/libfoo.so': 19 * MIB, '/lib/new.so': MIB },
    });
    const { delta_bytes, classes, files } = compareMoments(before, after);
    expect(delta_bytes).toBe(412 * MIB);
    expect(classes.map((one) => [one.class, one.delta_bytes / MIB])).toEqual([
      ['heap', 412],
      ['library', 0],
    ]);
    expect(files.map((one) => [one.path, one.a_bytes / MIB, one.b_bytes / MIB])).toEqual([
      ['/lib/new.so', 0, 1],
      ['/lib/libfoo.so', 20, 19],
    ]);
  });

  test('are told in a sentence: what grew, and the largest file that did not', () => {
    const after = moment(T + 1_800_000, { heap: 512 * MIB, library: 20 * MIB });
    expect(describeChanges(compareMoments(before, after), 1800)).toBe(
      'RSS +412 MiB in 30m 0s: heap +412 MiB, libfoo.so unchanged.',
    );
    expect(describeChanges(compareMoments(after, before), 1800)).toBe(
      'RSS −412 MiB in 30m 0s: heap −412 MiB, libfoo.so unchanged.',
    );
    expect(describeChanges(compareMoments(before, before), 60)).toBe(
      'RSS unchanged in 1m 0s: heap unchanged, libfoo.so unchanged.',
    );
  });

  test('of which the one has a class that the other has not: it came, or went', () => {
    const bare = { ...before, classes: before.classes.slice(0, 1), files: [] };
    expect(compareMoments(bare, before).classes).toEqual([
      { class: 'library', a_bytes: 0, b_bytes: 20 * MIB, delta_bytes: 20 * MIB },
      { class: 'heap', a_bytes: 100 * MIB, b_bytes: 100 * MIB, delta_bytes: 0 },
    ]);
  });
});
