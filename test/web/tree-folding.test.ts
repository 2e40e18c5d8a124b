import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFolding } from '../../web/lib/tree-folding.ts';
import { anyForest, parentByLooking } from './support/any-tree.ts';

const small = [
  { pid: 1, depth: 0, matched: true, rss_bytes: 1 },
  { pid: 2, depth: 1, matched: true, rss_bytes: 1 },
  { pid: 3, depth: 0, matched: true, rss_bytes: 1 },
];

/** 30 branches of 10 processes each; only the process 1505 is large. */
const large = Array.from({ length: 30 }, (_, branch) =>
  Array.from({ length: 10 }, (__, at) => ({
    pid: branch * 100 + at + 5,
    depth: at === 0 ? 0 : 1,
    matched: true,
    rss_bytes: branch * 100 + at + 5 === 1509 ? 1e9 : at === 0 ? 50 : 1,
  })),
).flat();

describe('A tree at first', () => {
  test('is open where it is small, and closed by its own word', () => {
    expect(openFolding(small, new Set()).isOpen({ pid: 1 })).toBe(true);
    expect(openFolding(small, new Set(['1'])).isOpen({ pid: 1 })).toBe(false);
    expect(openFolding(small, new Set(['all'])).isOpen({ pid: 1 })).toBe(false);
    expect(openFolding(small, new Set(['all', '-1'])).isOpen({ pid: 1 })).toBe(true);
  });

  test('shows the way to the largest processes where it is large, and nothing else', () => {
    const { isOpen } = openFolding(large, new Set());
    expect(isOpen({ pid: 1505 })).toBe(true);
    expect(large.filter(isOpen)).toHaveLength(1);
    expect(large.every(openFolding(large, new Set(['none'])).isOpen)).toBe(true);
  });

  test('is open wherever a filter found something below', () => {
    const filtered = large.map((row) => ({ ...row, matched: row.depth === 1 }));
    const parents = filtered.filter(({ depth }) => depth === 0);
    expect(parents.every(openFolding(filtered, new Set()).isOpen)).toBe(true);
  });
});

describe('A row that is turned over', () => {
  const anyFold = fc.subarray(['1', '2', '-1', '-2', 'all', 'none', '3']).map((members) => new Set(members));

  test('is the other way round, alone, and a second turn brings it back', () => {
    fc.assert(
      fc.property(anyForest(), anyFold, fc.nat(59), (rows, folded, pick) => {
        const row = rows[pick % rows.length];
        const before = openFolding(rows, folded);
        const after = openFolding(rows, before.toggled(row.pid));
        for (const other of rows)
          expect(after.isOpen(other)).toBe(other === row ? !before.isOpen(other) : before.isOpen(other));
        const again = openFolding(rows, after.toggled(row.pid));
        expect(rows.map(again.isOpen)).toEqual(rows.map(before.isOpen));
      }),
    );
  });

  test('leaves nothing in the URL once all is as at first', () => {
    const once = openFolding(small, new Set()).toggled(1);
    expect([...once]).toEqual(['1']);
    expect([...openFolding(small, once).toggled(1)]).toEqual([]);
  });
});

test('the ways to the largest are whole: the parent of an open row is open', () => {
  const many = anyForest({ minLength: 201, maxLength: 300 });
  fc.assert(
    fc.property(many, (rows) => {
      const all = rows.map((row) => ({ ...row, matched: true }));
      const { isOpen } = openFolding(all, new Set());
      for (const [index, row] of all.entries()) {
        const parent = parentByLooking(all, index);
        if (isOpen(row) && parent >= 0) expect(isOpen(all[parent])).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});
