import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClassedRegion } from '../../../server/domain/memory-regions.ts';
import { BASIC_FIGURES, LATER_FIGURES, REGION_CLASS_IDS } from '../../../server/domain/memory-regions.ts';
import { openRegionTally } from '../../../server/domain/region-summary.ts';
import { openRegionTable } from '../../../server/domain/region-table.ts';
import { effort } from '../../support/effort.ts';

const KIB = 1024;
const bytes = fc.nat(2 ** 30).map((kib) => kib * KIB);

const anyRegion = fc.record({
  start: fc.nat(2 ** 30).map((page) => page * 4096),
  end: fc.constant(2 ** 63),
  permissions: fc.constantFrom('r-xp', 'rw-p', '---p', 'rw-s'),
  offset: bytes,
  device: fc.constantFrom('00:00', 'fe:00'),
  inode: fc.nat(),
  path: fc.constantFrom('', '/lib/a.so', '/tmp/x\\x0ay', '[heap]'),
  is_deleted: fc.boolean(),
  ...Object.fromEntries(BASIC_FIGURES.map(({ id }) => [id, bytes])),
  ...Object.fromEntries(LATER_FIGURES.map(({ id }) => [id, fc.option(bytes)])),
  flags: fc.constantFrom('', 'rd ex', 'rd wr gd'),
  class: fc.constantFrom(...REGION_CLASS_IDS),
}) as unknown as fc.Arbitrary<ClassedRegion>;

const anyRegions = fc.array(anyRegion, { maxLength: 30 });

function sumOf(regions: readonly ClassedRegion[], bytesOf: (region: ClassedRegion) => number | null) {
  return regions.reduce<number | null>((sum, region) => {
    const value = bytesOf(region);
    return sum === null || value === null ? null : sum + value;
  }, 0);
}

describe('regions in columns', () => {
  test('come out as they went in, with their class, however many there are', () => {
    fc.assert(
      fc.property(anyRegions, fc.integer({ min: 1, max: 250 }), (some, times) => {
        const regions = Array.from({ length: times }, () => some).flat();
        const table = openRegionTable();
        for (const region of regions) table.add(region);
        expect(regions.map((region, at) => ({ ...table.classify(at, () => region.class) }))).toEqual(regions);
        expect(regions.map((_, at) => table.at(at))).toEqual(regions);
        expect(table.length).toBe(regions.length);
      }),
      { numRuns: effort(15, 500) },
    );
  });
});

describe('sums over regions', () => {
  test('are those of a plain addition: in all, by class, by file; unknown where a part is', () => {
    fc.assert(
      fc.property(anyRegions, (regions) => {
        const tally = openRegionTally(4096);
        for (const region of regions) tally.add(region);
        const { totals, classes, files, layout } = tally.finish();
        const expected = (of: readonly ClassedRegion[]) => ({
          regions: of.length,
          size_bytes: sumOf(of, (one) => one.size_bytes),
          rss_bytes: sumOf(of, (one) => one.rss_bytes),
          pss_bytes: sumOf(of, (one) => one.pss_bytes),
          shared_bytes: sumOf(of, (one) => one.shared_clean_bytes + one.shared_dirty_bytes),
          private_bytes: sumOf(of, (one) => one.private_clean_bytes + one.private_dirty_bytes),
          swap_bytes: sumOf(of, (one) => one.swap_bytes),
          locked_bytes: sumOf(of, (one) => one.locked_bytes),
        });
        expect(totals).toMatchObject(expected(regions));
        for (const { class: id, ...sums } of classes)
          expect(sums).toMatchObject(expected(regions.filter((one) => one.class === id)));
        for (const { path, is_deleted, ...sums } of files)
          expect(sums).toMatchObject(
            expected(regions.filter((one) => one.path === path && one.is_deleted === is_deleted)),
          );
        const readable = regions.filter((one) => one.permissions.startsWith('r'));
        expect(layout.readable_bytes).toBe(sumOf(readable, (one) => one.size_bytes));
        const hugetlb = sumOf(regions, (one) =>
          one.shared_hugetlb_bytes === null || one.private_hugetlb_bytes === null
            ? null
            : one.shared_hugetlb_bytes + one.private_hugetlb_bytes,
        );
        expect(layout.hugetlb_bytes).toBe(hugetlb);
        expect(layout.page_sizes.reduce((sum, one) => sum + one.size_bytes, 0)).toBe(totals.size_bytes);
      }),
      { numRuns: effort(60, 1000) },
    );
  });
});
