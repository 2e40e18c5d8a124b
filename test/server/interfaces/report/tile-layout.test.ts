import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tilesOf } from '../../../../server/domain/tiles.ts';
import type { TreePicture } from '../../../../server/domain/tree-pictures.ts';
import { TREE_PICTURES } from '../../../../server/domain/tree-pictures.ts';
import type { Box } from '../../../../server/interfaces/report/tile-layout.ts';
import { placeTiles, squarify } from '../../../../server/interfaces/report/tile-layout.ts';
import type { TreeNode } from '../../../web/support/any-tree.ts';
import { anyForest } from '../../../web/support/any-tree.ts';

const WHOLE: Box = { x: 0, y: 0, width: 1150, height: 560 };
const SLACK = 1e-6;

const areaOf = ({ width, height }: Box) => width * height;

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x - SLACK &&
    inner.y >= outer.y - SLACK &&
    inner.x + inner.width <= outer.x + outer.width + SLACK &&
    inner.y + inner.height <= outer.y + outer.height + SLACK
  );
}

function overlap(a: Box, b: Box): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const up = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > SLACK && up > SLACK;
}

function pairs<T>(all: readonly T[]): (readonly [T, T])[] {
  return all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other] as const));
}

describe('Areas in a box', () => {
  test('are as large as asked for, inside it, and none over another', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0.1, max: 1, noNaN: true }), (weights, share) => {
        const sum = weights.reduce((total, weight) => total + weight, 0);
        const areas = weights.map((weight) => (weight / sum) * share * areaOf(WHOLE)).sort((a, b) => b - a);
        const boxes = squarify(areas, WHOLE);
        for (const [at, box] of boxes.entries()) expect(areaOf(box) / areas[at]).toBeCloseTo(1, 6);
        expect(boxes.every((box) => contains(WHOLE, box))).toBe(true);
        expect(pairs(boxes).some(([a, b]) => overlap(a, b))).toBe(false);
      }),
    );
  });

  test('are nearly square where that can be', () => {
    // The example of the paper: 6 × 4, areas 6 6 4 3 2 2 1.
    const boxes = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const shapes = boxes.map(({ width, height }) => `${width.toFixed(2)}x${height.toFixed(2)}`);
    expect(shapes.slice(0, 4)).toEqual(['3.00x2.00', '3.00x2.00', '1.71x2.33', '1.29x2.33']);
  });
});

describe.each(TREE_PICTURES)('The %s of a tree', (kind) => {
  test('has each tile inside the picture, and siblings beside each other', () => {
    fc.assert(
      fc.property(anyForest(), (rows) => {
        const placed = placeTiles(kind, tilesOf(rows), WHOLE);
        expect(placed.every(({ box }) => contains(WHOLE, box))).toBe(true);
        const siblings = pairs(placed).filter(([a, b]) => a.tile.parent === b.tile.parent);
        expect(siblings.some(([a, b]) => overlap(a.box, b.box))).toBe(false);
      }),
    );
  });
});

/** Each tile with what it may not leave: the box of its parent, as wide as `room` says. */
function boxesWithin(kind: TreePicture, rows: readonly TreeNode[], room: (parent: Box) => Box) {
  const placed = placeTiles(kind, tilesOf(rows), WHOLE);
  const boxes = new Map(placed.map(({ tile, box }) => [tile.id, box]));
  return placed.map(({ tile, box }) => {
    const parent = boxes.get(tile.parent);
    return { box, within: parent ? room(parent) : WHOLE };
  });
}

test.each([
  ['treemap', 'in its parent', (parent: Box) => parent],
  [
    'icicle',
    'beside its parent, within its height',
    (parent: Box) => ({ ...parent, width: 2 * parent.width }),
  ],
] as const)('In a %s a tile lies %s', (kind, _, room) => {
  fc.assert(
    fc.property(anyForest(), (rows) => {
      const found = boxesWithin(kind, rows, room);
      expect(found.every(({ box, within }) => contains(within, box))).toBe(true);
    }),
  );
});
