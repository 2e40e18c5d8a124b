import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tilesOf } from '../../../server/domain/tiles.ts';
import { anyForest } from '../../web/support/any-tree.ts';

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('The tiles of a tree', () => {
  test('hold together exactly what the matching rows hold, however few tiles there are', () => {
    fc.assert(
      fc.property(anyForest(), fc.integer({ min: 1, max: 70 }), (rows, most) => {
        const tiles = tilesOf(rows, most);
        const matching = rows.filter(({ matched }) => matched);
        expect(sum(tiles.map(({ ownBytes }) => ownBytes))).toBe(
          sum(matching.map(({ rss_bytes }) => rss_bytes)),
        );
      }),
    );
  });

  test('lie in a tile that is there, which holds what they hold and its own', () => {
    fc.assert(
      fc.property(anyForest(), fc.integer({ min: 1, max: 70 }), (rows, most) => {
        const tiles = tilesOf(rows, most);
        const byId = new Map(tiles.map((tile) => [tile.id, tile]));
        expect(byId.size).toBe(tiles.length);
        for (const tile of tiles) {
          if (tile.parent !== '') expect(byId.has(tile.parent)).toBe(true);
          const inside = tiles.filter(({ parent }) => parent === tile.id);
          expect(sum(inside.map(({ bytes }) => bytes)) + tile.ownBytes).toBe(tile.bytes);
        }
      }),
    );
  });

  test('are as many as asked for; the small ones of a parent are one', () => {
    const rows = [
      { pid: 1, depth: 0, matched: true, rss_bytes: 10, subtree_rss_bytes: 116 },
      { pid: 2, depth: 1, matched: true, rss_bytes: 100, subtree_rss_bytes: 100 },
      { pid: 3, depth: 1, matched: true, rss_bytes: 2, subtree_rss_bytes: 6 },
      { pid: 4, depth: 2, matched: true, rss_bytes: 4, subtree_rss_bytes: 4 },
    ];
    const tiles = tilesOf(rows, 2).map(({ id, parent, ownBytes, processes }) => [
      id,
      parent,
      ownBytes,
      processes,
    ]);
    expect(tiles).toEqual([
      ['p1', '', 10, 4],
      ['p2', 'p1', 100, 1],
      ['rest1', 'p1', 6, 2],
    ]);
  });
});
