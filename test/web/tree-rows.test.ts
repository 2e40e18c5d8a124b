import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moveInTree, sortBranches, visibleRows } from '../../web/lib/tree-rows.ts';
import { anyForest, parentByLooking } from './support/any-tree.ts';

const tree = [
  { pid: 1, depth: 0 },
  { pid: 2, depth: 1 },
  { pid: 3, depth: 2 },
  { pid: 4, depth: 2 },
  { pid: 5, depth: 1 },
];

const anyTree = fc.array(fc.nat(5), { minLength: 1, maxLength: 60 }).map((wishes) => {
  let depth = -1;
  return wishes.map((wish, index) => {
    depth = index === 0 ? 0 : Math.max(1, Math.min(depth + 1, wish));
    return { pid: index + 1, depth };
  });
});

describe('The rows of a tree', () => {
  test('know their place among their siblings, and whether they are open', () => {
    const rows = visibleRows(tree, ({ pid }) => pid !== 2);
    expect(
      rows.map(({ row, position, siblings, isParent, isOpen }) => [
        row.pid,
        position,
        siblings,
        isParent,
        isOpen,
      ]),
    ).toEqual([
      [1, 1, 1, true, true],
      [2, 1, 2, true, false],
      [5, 2, 2, false, false],
    ]);
  });

  test('are all seen when nothing is folded, and only the root when it is', () => {
    fc.assert(
      fc.property(anyTree, (rows) => {
        expect(visibleRows(rows, () => true).map(({ row }) => row)).toEqual(rows);
        expect(visibleRows(rows, ({ pid }) => pid !== 1)).toHaveLength(1);
      }),
    );
  });

  test('hide exactly the descendants of a folded row', () => {
    fc.assert(
      fc.property(anyTree, fc.nat(59), (rows, pick) => {
        const at = pick % rows.length;
        const end = rows.findIndex((row, index) => index > at && row.depth <= rows[at].depth);
        const below = rows.slice(at + 1, end < 0 ? rows.length : end);
        const seen = visibleRows(rows, (row) => row !== rows[at]).map(({ row }) => row);
        expect(seen).toEqual(rows.filter((row) => !below.includes(row)));
      }),
    );
  });
});

describe('A tree in another order', () => {
  const bySize = (a: { rss_bytes: number }, b: { rss_bytes: number }) => b.rss_bytes - a.rss_bytes;

  test('has each row below the same parent, and siblings in that order', () => {
    fc.assert(
      fc.property(anyForest(), (rows) => {
        const sorted = sortBranches(rows, bySize);
        const parentsOf = (all: typeof rows) =>
          new Map(all.map(({ pid }, at) => [pid, all[parentByLooking(all, at)]?.pid]));
        expect(parentsOf(sorted)).toEqual(parentsOf(rows));
        const parents = parentsOf(sorted);
        for (const parent of new Set(parents.values())) {
          const siblings = sorted.filter(({ pid }) => parents.get(pid) === parent);
          const before = rows.filter(({ pid }) => parents.get(pid) === parent);
          expect(siblings).toEqual([...before].sort(bySize));
        }
      }),
    );
  });
});

describe('Keys in a treegrid', () => {
  const rows = visibleRows(tree, () => true);
  const folded = visibleRows(tree, ({ pid }) => pid !== 2);

  test.each([
    ['ArrowDown', 0, { kind: 'focus', index: 1 }],
    ['ArrowUp', 0, { kind: 'focus', index: 0 }],
    ['End', 1, { kind: 'focus', index: 4 }],
    ['Home', 3, { kind: 'focus', index: 0 }],
    ['PageDown', 1, { kind: 'focus', index: 4 }],
    ['ArrowLeft', 1, { kind: 'toggle', index: 1 }],
    ['ArrowLeft', 3, { kind: 'focus', index: 1 }],
    ['ArrowRight', 1, { kind: 'focus', index: 2 }],
    ['ArrowRight', 4, { kind: 'focus', index: 4 }],
    ['Enter', 4, { kind: 'open', index: 4 }],
    ['x', 4, null],
  ])('%s on row %d', (key, index, move) => {
    expect(moveInTree(rows, index, key)).toEqual(move);
  });

  test('the right arrow opens a closed row', () => {
    expect(moveInTree(folded, 1, 'ArrowRight')).toEqual({ kind: 'toggle', index: 1 });
  });
});
