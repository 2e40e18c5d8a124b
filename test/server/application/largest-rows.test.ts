import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestRows } from '../../../server/application/largest-rows.ts';
import type { ProcessRow } from '../../../server/domain/metrics.ts';

type Spec = readonly (readonly [jump: number, size: number])[];

/** Levels of a depth-first list: each at most one below the one before. */
function levelsOf(spec: Spec): number[] {
  const levels: number[] = [];
  for (const [jump] of spec) {
    const deepest = levels.length === 0 ? 0 : levels[levels.length - 1] + 1;
    levels.push(jump % (deepest + 1));
  }
  return levels;
}

function buildTree(spec: Spec): ProcessRow[] {
  const levels = levelsOf(spec);
  return spec.map(([, size], pid) => {
    const end = levels.findIndex((level, at) => at > pid && level <= levels[pid]);
    const below = spec.slice(pid, end < 0 ? spec.length : end);
    const subtree = below.reduce((sum, [, one]) => sum + one, 0);
    return { pid, level: levels[pid], rss_bytes: size, subtree_rss_bytes: subtree } as ProcessRow;
  });
}

/** By brute force; −1 for roots. */
function parentOf(rows: readonly ProcessRow[], pid: number): number {
  return rows.slice(0, pid).findLastIndex(({ level }) => level < rows[pid].level);
}

const trees = fc.array(fc.tuple(fc.nat(), fc.nat(50)), { minLength: 1, maxLength: 40 }).map(buildTree);
const limits = fc.integer({ min: 1, max: 45 });

test('the largest rows are all there, with what is above them and nothing else', () => {
  fc.assert(
    fc.property(trees, limits, (rows, limit) => {
      const bySize = [...rows].sort((a, b) => b.rss_bytes - a.rss_bytes || a.pid - b.pid);
      const wanted = new Set<number>();
      for (const { pid } of bySize.slice(0, limit))
        for (let one = pid; one >= 0; one = parentOf(rows, one)) wanted.add(one);
      const pids = largestRows(rows, limit).map(({ pid }) => pid);
      expect([...pids].sort((a, b) => a - b)).toEqual([...wanted].sort((a, b) => a - b));
    }),
  );
});

test('each stands below its parent, the largest subtree first', () => {
  fc.assert(
    fc.property(trees, limits, (rows, limit) => {
      const shown = largestRows(rows, limit);
      const sizes = new Map<number, number[]>();
      for (const [at, { pid, depth, level, subtree_rss_bytes }] of shown.entries()) {
        const parent = parentOf(rows, pid);
        expect(depth).toBe(level);
        expect(shown.slice(0, at).findLast((one) => one.depth < depth)?.pid ?? -1).toBe(parent);
        sizes.set(parent, [...(sizes.get(parent) ?? []), subtree_rss_bytes]);
      }
      for (const siblings of sizes.values()) expect(siblings).toEqual([...siblings].sort((a, b) => b - a));
    }),
  );
});
