import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Stretch } from '../../web/lib/address-map.ts';
import { isWithin, layOutAreas, parseRange } from '../../web/lib/address-map.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

interface Given {
  readonly at: number;
  readonly size: number;
  readonly kind?: Stretch['class'];
  readonly rss?: number;
}

function stretch({ at, size, kind = 'anonymous', rss = 0 }: Given): Stretch {
  return {
    start: at.toString(16).padStart(8, '0'),
    end: (at + size).toString(16).padStart(8, '0'),
    class: kind,
    regions: 1,
    size_bytes: size,
    rss_bytes: rss,
    swap_bytes: 0,
  };
}

const classes = ({ blocks }: { readonly blocks: readonly Stretch[] }) => blocks.map((block) => block.class);

describe('an address space', () => {
  test('is parted where a gigabyte and more is free', () => {
    const areas = layOutAreas([
      stretch({ at: 4 * MIB, size: MIB, kind: 'text' }),
      stretch({ at: 8 * MIB, size: MIB, kind: 'heap' }),
      stretch({ at: 2 * GIB, size: MIB, kind: 'library' }),
    ]);
    expect(areas.map(classes)).toEqual([['text', 'heap'], ['library']]);
  });

  test('takes address space that is reserved and cannot be touched for free', () => {
    const areas = layOutAreas([
      stretch({ at: MIB, size: MIB, kind: 'heap' }),
      stretch({ at: 2 * MIB, size: 4 * GIB, kind: 'guard' }),
      stretch({ at: 2 * MIB + 4 * GIB, size: MIB, kind: 'stack' }),
    ]);
    expect(areas.map(classes)).toEqual([['heap'], ['stack']]);
  });

  test('draws small pieces that lie far from each other together, and large ones apart', () => {
    const pieces = Array.from({ length: 250 }, (_, at) => stretch({ at: (at + 1) * 8 * GIB, size: MIB / 4 }));
    const large = stretch({ at: 4096 * GIB, size: 900 * MIB, kind: 'library' });
    const areas = layOutAreas([...pieces, large]);
    expect(areas.map(classes)).toEqual([['anonymous'], ['library']]);
    expect(areas[0].blocks[0]).toMatchObject({ regions: 250, size_bytes: 250 * (MIB / 4) });
  });

  test('of tens of thousands of regions keeps few blocks', () => {
    const pairs = Array.from({ length: 30_000 }, (_, at) => [
      stretch({ at: at * 2 * MIB, size: MIB }),
      stretch({ at: at * 2 * MIB + MIB, size: MIB, kind: 'guard' }),
    ]);
    const [area] = layOutAreas(pairs.flat());
    expect(area.blocks).toHaveLength(1);
    expect(area.size_bytes).toBe(60_000 * MIB);
  });

  test('of nothing has no areas', () => {
    expect(layOutAreas([])).toEqual([]);
  });

  const maps = fc.array(
    fc.record({
      hole: fc.integer({ min: 0, max: 4096 }),
      pages: fc.integer({ min: 1, max: 100_000 }),
      kind: fc.constantFrom<Stretch['class']>('text', 'heap', 'anonymous', 'library', 'guard'),
    }),
    { minLength: 1, maxLength: 60 },
  );

  test('loses no byte in RAM, and the blocks of an area fill its width', () => {
    fc.assert(
      fc.property(maps, (given) => {
        let at = MIB;
        const map = given.map(({ hole, pages, kind }) => {
          at += hole * MIB;
          const size = pages * 4096;
          const made = stretch({ at, size, kind, rss: kind === 'guard' ? 0 : size / 2 });
          at += size;
          return made;
        });
        const areas = layOutAreas(map);
        const sum = (all: readonly { readonly rss_bytes: number }[]) =>
          all.reduce((bytes, { rss_bytes }) => bytes + rss_bytes, 0);
        expect(sum(areas)).toBe(sum(map));
        for (const { blocks, rss_bytes } of areas) {
          expect(sum(blocks)).toBe(rss_bytes);
          expect(blocks.reduce((width, block) => width + block.width, 0)).toBeCloseTo(1, 6);
          for (const [index, block] of [...blocks.entries()].slice(1))
            expect(block.left).toBeCloseTo(blocks[index - 1].left + blocks[index - 1].width, 6);
        }
      }),
    );
  });
});

describe('a range of addresses in the URL', () => {
  test.each([
    ['400000-5ff000', { start: '400000', end: '5ff000' }],
    ['ffffffffff600000-ffffffffff601000', { start: 'ffffffffff600000', end: 'ffffffffff601000' }],
    ['400000', null],
    ['x-y', null],
    ['<b>-<i>', null],
    [undefined, null],
  ])('%s', (text, range) => expect(parseRange(text)).toEqual(range));

  test('holds the regions that lie in it', () => {
    const range = { start: '1000', end: '3000' };
    expect(isWithin({ start: '1000', end: '2000' }, range)).toBe(true);
    expect(isWithin({ start: '2000', end: '3000' }, range)).toBe(true);
    expect(isWithin({ start: '2000', end: '4000' }, range)).toBe(false);
  });
});
