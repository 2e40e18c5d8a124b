import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessLinks, ProcessTree } from '../../../server/domain/process-tree.ts';
import { buildProcessTree, depthFirstOrder } from '../../../server/domain/process-tree.ts';

interface Link {
  readonly pid: number;
  readonly ppid: number;
  /** `NaN`: unknown. */
  readonly start?: number;
  readonly rss?: number;
}

function linksOf(rows: readonly Link[]): ProcessLinks {
  return {
    pid: Float64Array.from(rows, ({ pid }) => pid),
    ppid: Float64Array.from(rows, ({ ppid }) => ppid),
    startTicks: Float64Array.from(rows, ({ start }) => start ?? 0),
    rss: Float64Array.from(rows, ({ rss }) => rss ?? 1),
  };
}

/** pid → one figure of the tree. */
function byPid(rows: readonly Link[], figures: ArrayLike<number>): Record<number, number> {
  return Object.fromEntries(rows.map(({ pid }, row) => [pid, figures[row]]));
}

function levelsOf(rows: readonly Link[]): Record<number, number> {
  return byPid(rows, buildProcessTree(linksOf(rows)).level);
}

/** The members of a subtree as the depth-first order tells them. */
function membersOf(rows: readonly Link[], tree: ProcessTree, pid: number): number[] {
  const root = rows.findIndex((row) => row.pid === pid);
  const order = depthFirstOrder(tree.parent);
  const first = order.indexOf(root);
  return Array.from(order.subarray(first, first + tree.subtreeProcesses[root]), (row) => rows[row].pid);
}

describe('the oracle: the same tree by plain recursion', () => {
  const age = ({ start = 0 }: Link) => (Number.isNaN(start) ? -1 : start);

  function parentsWithLoopsCut(rows: readonly Link[]): number[] {
    const whole = rows.map(({ pid, ppid }) =>
      ppid === 0 || ppid === pid ? -1 : rows.findIndex((row) => row.pid === ppid),
    );
    const loopThrough = (row: number): number[] => {
      const loop = [row];
      for (let up = whole[row]; up !== row; up = whole[up]) {
        if (up < 0 || loop.length > rows.length) return [];
        loop.push(up);
      }
      return loop;
    };
    return whole.map((parent, row) => {
      const smallest = loopThrough(row).sort(
        (a, b) => age(rows[a]) - age(rows[b]) || rows[a].pid - rows[b].pid,
      );
      return smallest[0] === row ? -1 : parent;
    });
  }

  function treeByRecursion(rows: readonly Link[]) {
    const parent = parentsWithLoopsCut(rows);
    const level = rows.map(() => 0);
    const subtreeProcesses = rows.map(() => 0);
    const subtreeRss = rows.map(() => 0);
    const order: number[] = [];
    const visit = (row: number, depth: number): void => {
      level[row] = depth;
      order.push(row);
      subtreeProcesses[row] = 1;
      subtreeRss[row] = rows[row].rss ?? 1;
      for (const [child, up] of parent.entries()) {
        if (up !== row) continue;
        visit(child, depth + 1);
        subtreeProcesses[row] += subtreeProcesses[child];
        subtreeRss[row] += subtreeRss[child];
      }
    };
    for (const [row, up] of parent.entries()) if (up < 0) visit(row, 0);
    return { parent, level, order, subtreeProcesses, subtreeRss };
  }

  const start = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Number.NaN));
  /** Few pids: every second graph holds a loop, a self-parent or an absent parent. */
  const randomLinks = fc.integer({ min: 1, max: 14 }).chain((count) =>
    fc.uniqueArray(
      fc.record({
        pid: fc.integer({ min: 1, max: 16 }),
        ppid: fc.integer({ min: 0, max: 16 }),
        start,
        rss: fc.integer({ min: 0, max: 1e9 }),
      }),
      { selector: ({ pid }) => pid, minLength: count, maxLength: count },
    ),
  );

  test('agrees on parents, levels, depth-first order, sizes and sums of any links', () => {
    fc.assert(
      fc.property(randomLinks, (rows) => {
        const tree = buildProcessTree(linksOf(rows));
        const whole = { ...tree, order: depthFirstOrder(tree.parent) };
        const figures = Object.fromEntries(Object.entries(whole).map(([name, array]) => [name, [...array]]));
        expect(figures).toEqual(treeByRecursion(rows));
      }),
      { numRuns: 2000 },
    );
  });

  test('counts every row once, even where a pid stands twice (the predecessor counted children twice)', () => {
    const anyLinks = fc.array(
      fc.record({
        pid: fc.integer({ min: 1, max: 6 }),
        ppid: fc.integer({ min: 0, max: 6 }),
        start,
        rss: fc.integer({ min: 0, max: 1e9 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(anyLinks, (rows) => {
        const { parent, subtreeRss, subtreeProcesses } = buildProcessTree(linksOf(rows));
        const roots = rows.map((_, row) => row).filter((row) => parent[row] < 0);
        const total = rows.reduce((sum, { rss }) => sum + rss, 0);
        expect(roots.reduce((sum, row) => sum + subtreeRss[row], 0)).toBe(total);
        expect(roots.reduce((sum, row) => sum + subtreeProcesses[row], 0)).toBe(rows.length);
        expect(depthFirstOrder(parent).toSorted()).toEqual(Int32Array.from(rows.keys()));
      }),
    );
  });
});

describe('a tree', () => {
  const family: readonly Link[] = [
    { pid: 30, ppid: 20, rss: 300 },
    { pid: 1, ppid: 0, rss: 1 },
    { pid: 21, ppid: 10, rss: 21 },
    { pid: 20, ppid: 10, rss: 20 },
    { pid: 10, ppid: 1, rss: 10 },
    { pid: 2, ppid: 0, rss: 2 },
  ];

  test('tells levels by the real chain of parents, whatever the order of rows', () => {
    expect(levelsOf(family)).toEqual({ 1: 0, 2: 0, 10: 1, 20: 2, 21: 2, 30: 3 });
  });

  test('sums the whole subtree, grandchildren too', () => {
    const { subtreeRss, subtreeProcesses } = buildProcessTree(linksOf(family));
    expect(byPid(family, subtreeRss)).toEqual({ 1: 352, 2: 2, 10: 351, 20: 320, 21: 21, 30: 300 });
    expect(byPid(family, subtreeProcesses)).toEqual({ 1: 5, 2: 1, 10: 4, 20: 2, 21: 1, 30: 1 });
  });

  test('is laid out so that each subtree is one unbroken stretch, siblings as the rows stand', () => {
    const tree = buildProcessTree(linksOf(family));
    expect(membersOf(family, tree, 10)).toEqual([10, 21, 20, 30]);
    expect(membersOf(family, tree, 20)).toEqual([20, 30]);
    expect(membersOf(family, tree, 2)).toEqual([2]);
  });

  test.each<[string, readonly Link[], Record<number, number>]>([
    ['no process at all', [], {}],
    ['a parent that is not in the sample', [{ pid: 5, ppid: 4 }], { 5: 0 }],
    ['a parent 0, even where a process 0 stands in the sample', linksFrom([0, 0], [5, 0]), { 0: 0, 5: 0 }],
    ['a process that is its own parent', linksFrom([5, 5], [6, 5]), { 5: 0, 6: 1 }],
    [
      'a parent that started after its child (a reused pid)',
      linksFrom([5, 9, 10], [9, 1, 50]),
      { 5: 1, 9: 0 },
    ],
  ])('takes %s for what it is', (_, rows, expected) => {
    expect(levelsOf(rows)).toEqual(expected);
  });

  test('belongs to one sample: an orphan hangs under its new parent and nowhere else', () => {
    const before = linksFrom([1, 0], [10, 1], [20, 10], [50, 1]);
    const after = linksFrom([1, 0], [20, 50], [50, 1]);
    expect(levelsOf(before)).toEqual({ 1: 0, 10: 1, 20: 2, 50: 1 });
    expect(levelsOf(after)).toEqual({ 1: 0, 20: 2, 50: 1 });
    const tree = buildProcessTree(linksOf(after));
    expect(membersOf(after, tree, 50)).toEqual([50, 20]);
  });

  test('gives a reused pid the parent and children of its own sample only', () => {
    const first = linksFrom([30, 1, 10], [31, 30, 11], [40, 1, 12]);
    const second = linksFrom([30, 40, 90], [31, 1, 11], [40, 1, 12]);
    expect(levelsOf(first)).toEqual({ 30: 0, 31: 1, 40: 0 });
    expect(levelsOf(second)).toEqual({ 30: 1, 31: 0, 40: 0 });
  });
});

describe('links that form a loop', () => {
  test.each<[string, readonly Link[], Record<number, number>]>([
    ['the oldest member', linksFrom([5, 6, 30], [6, 7, 10], [7, 5, 20]), { 5: 1, 6: 0, 7: 2 }],
    ['the smallest pid of equal age', linksFrom([8, 6, 10], [6, 8, 10]), { 6: 0, 8: 1 }],
    [
      'the smallest pid where no start is known',
      linksFrom([8, 6, Number.NaN], [6, 8, Number.NaN]),
      { 6: 0, 8: 1 },
    ],
  ])('are cut at %s, which becomes level 0', (_, rows, expected) => {
    expect(levelsOf(rows)).toEqual(expected);
  });

  test('are cut inside the loop, not in the branch that leads to it', () => {
    const rows = linksFrom([1, 2, 1], [2, 3, 5], [3, 2, 4]);
    expect(levelsOf(rows)).toEqual({ 3: 0, 2: 1, 1: 2 });
  });

  test('are each cut once where there are several', () => {
    const rows = linksFrom([1, 2], [2, 1], [3, 4], [4, 3], [5, 0]);
    expect(levelsOf(rows)).toEqual({ 1: 0, 2: 1, 3: 0, 4: 1, 5: 0 });
  });
});

describe('a hostile sample', () => {
  const COUNT = 100_000;

  function chain(closed: boolean): Link[] {
    return Array.from({ length: COUNT }, (_, row) => ({
      pid: row + 1,
      ppid: row === 0 && closed ? COUNT : row,
      start: COUNT - row,
    }));
  }

  test('may be one chain of 100 000 processes', () => {
    const { parent, level, subtreeProcesses } = buildProcessTree(linksOf(chain(false)));
    expect([level[0], level[COUNT - 1]]).toEqual([0, COUNT - 1]);
    expect(subtreeProcesses[0]).toBe(COUNT);
    expect(depthFirstOrder(parent)[COUNT - 1]).toBe(COUNT - 1);
  });

  test('may be one loop of 100 000 processes', () => {
    const { level, subtreeRss } = buildProcessTree(linksOf(chain(true)));
    expect([level[COUNT - 1], level[0], level[COUNT - 2]]).toEqual([0, 1, COUNT - 1]);
    expect(subtreeRss[COUNT - 1]).toBe(COUNT);
  });

  test('may be 50 000 loops of two', () => {
    const rows = Array.from({ length: COUNT }, (_, row) => ({
      pid: row + 1,
      ppid: (row ^ 1) + 1,
      start: row,
    }));
    const { level } = buildProcessTree(linksOf(rows));
    expect(level).toEqual(Int32Array.from(rows, (_, row) => row % 2));
  });

  test('may be one parent of 100 000 children', () => {
    const rows = Array.from({ length: COUNT }, (_, row) => ({ pid: row + 1, ppid: row === 0 ? 0 : 1 }));
    const { level, subtreeProcesses } = buildProcessTree(linksOf(rows));
    expect(level[COUNT - 1]).toBe(1);
    expect(subtreeProcesses[0]).toBe(COUNT);
  });
});

/** `[pid, ppid, start?]` → links. */
function linksFrom(...rows: readonly (readonly [number, number, number?])[]): Link[] {
  return rows.map(([pid, ppid, start = 0]) => ({ pid, ppid, start }));
}
