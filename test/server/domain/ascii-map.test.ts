import { describe, expect, test } from 'vitest';
import { buildAsciiMap } from '../../../server/domain/ascii-map.ts';
import type { RegionClass, Stretch } from '../../../server/domain/memory-regions.ts';

const PAGE = 4096;

/** @param pages how many, and how many of them are in RAM */
function stretch(start: number, kind: RegionClass, pages: number, resident: number): Stretch {
  const sizes = { size_bytes: pages * PAGE, rss_bytes: resident * PAGE, swap_bytes: 0 };
  return { start, end: start + pages * PAGE, class: kind, regions: 1, ...sizes };
}

const MAP = [
  stretch(0x400000, 'text', 4, 4),
  stretch(0x600000, 'data', 1, 0),
  stretch(0x10000000, 'heap', 40, 20),
  stretch(0x7f0000000000, 'guard', 1_000_000, 0),
  stretch(0x7f1000000000, 'library', 10, 5),
  stretch(0x7fff00000000, 'stack', 3, 1),
];

describe('the map of letters', () => {
  test('is to scale, each letter with the share of it that is in RAM, guards and holes folded', () => {
    expect(buildAsciiMap(MAP, { columns: 40, rows: 2 })).toEqual({
      slot_bytes: PAGE,
      rows: [
        {
          address: '00400000',
          letters: `EEEED${'H'.repeat(35)}`,
          shares: `99990${'5'.repeat(35)}`,
        },
        { address: '10023000', letters: 'HHHHH-LLLLLLLLLLSSS', shares: '55555 5555555555333' },
      ],
    });
  });

  test('fits its rows by larger letters', () => {
    const { slot_bytes, rows } = buildAsciiMap(MAP, { columns: 40, rows: 1 });
    expect(slot_bytes).toBe(2 * PAGE);
    expect(rows.map(({ letters }) => letters)).toEqual([`EED${'H'.repeat(20)}-LLLLLSS`]);
  });

  test('has a letter for every stretch, however many there are', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      stretch(at * 10 * PAGE, at % 2 ? 'file' : 'shm', 5, 5),
    );
    const { rows } = buildAsciiMap(many, { columns: 10, rows: 3 });
    expect(rows.length).toBe(30);
    expect(new Set(rows.map(({ letters }) => letters))).toEqual(new Set(['MMMMMMMMMM']));
  });
});
