import { expect, test } from 'vitest';
import { openRollupBudget, rollupBudgetMs } from '../../../collector/sources/rollup-budget.ts';

/** Spends on items that cost so many ms each. @returns the indexes that were visited in each pass */
function passes(budgetMs: number, costs: readonly number[], count: number, bytes = 0): number[][] {
  let now = 0;
  const budget = openRollupBudget(budgetMs, () => now);
  const items = costs.map((cost, index) => ({ cost, index }));
  return Array.from({ length: count }, () => {
    const visited: number[] = [];
    budget.spend(
      items,
      ({ cost, index }) => {
        now += cost;
        visited.push(index);
      },
      () => bytes,
    );
    return visited;
  });
}

test('the budget is 0.1 % of the interval, at most 50 ms; a single sample has 50 ms', () => {
  expect([10, 1000, 10_000, 3_600_000, null].map(rollupBudgetMs)).toEqual([0.01, 1, 10, 50, 50]);
});

test('all are read where there is time, from the first one each time', () => {
  expect(passes(10, [1, 1, 1], 2)).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test('where there is not, the next sample goes on with the next ones', () => {
  expect(passes(2, [1, 1, 1, 1, 1], 3)).toEqual([
    [0, 1],
    [2, 3],
    [4, 0],
  ]);
});

test('what one costs beyond the budget is saved afterwards', () => {
  expect(passes(2, [7, 1, 1], 5)).toEqual([[0], [], [], [1], [2, 0]]);
});

test('one that would take longer than 50 ms is never read', () => {
  expect(passes(50, [1, 1], 1, 16 * 2 ** 30)).toEqual([[]]);
});
