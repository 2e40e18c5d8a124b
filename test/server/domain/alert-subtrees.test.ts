import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topmostRows } from '../../../server/domain/alert-subtrees.ts';

const forest = { pid: [1, 2, 3, 4, 5, 9], ppid: [0, 1, 2, 3, 1, 77] };

test('each process belongs to the topmost top above it', () => {
  const isTop = (row: number) => [2, 4, 9].includes(forest.pid[row]);
  expect([...topmostRows(forest, isTop)]).toEqual([-1, 1, 1, 1, -1, 5]);
});

test('parents in a loop belong to a top of the loop, and nobody waits for an end', () => {
  const loop = { pid: [1, 2, 3], ppid: [2, 1, 2] };
  expect([...topmostRows(loop, (row) => row === 0)]).toEqual([0, 0, 0]);
  expect([...topmostRows(loop, () => false)]).toEqual([-1, -1, -1]);
});

test('a top is its own where no top is above it, whatever the tree', () => {
  const anyForest = fc.array(fc.record({ parent: fc.nat(20), isTop: fc.boolean() }), { maxLength: 20 });
  fc.assert(
    fc.property(anyForest, (rows) => {
      // Each below one of smaller pid: a tree.
      const pid = rows.map((_, at) => at + 1);
      const ppid = rows.map(({ parent }, at) => parent % (at + 1));
      const tops = topmostRows({ pid, ppid }, (row) => rows[row].isTop);
      rows.forEach(({ isTop }, row) => {
        const above = ppid[row] === 0 ? -1 : tops[ppid[row] - 1];
        const own = isTop ? row : -1;
        expect(tops[row]).toBe(above < 0 ? own : above);
      });
    }),
  );
});
