/**
 * PSS costs the kernel a walk over every page (about 6 ms for each GiB), during which the process cannot map
 * memory. So it is not read of all processes each time but on a budget: in order of RSS from the largest, going
 * on next time where time ran out. What a read costs beyond the budget is taken from the following samples.
 */
export interface RollupBudget {
  /** Visits as many of `items` as the budget allows, in order, from where the last pass stopped. */
  spend<Item>(items: readonly Item[], visit: (item: Item) => void, bytesOf: (item: Item) => number): void;
}

/** One pass, and one process in it, never takes longer than this. */
export const LONGEST_PASS_MS = 50;
/** Of the interval. */
const SHARE = 0.001;
const MS_PER_BYTE = 6 / 2 ** 30;

/** The budget of one sample in ms: 0.1 % of the interval, at most 50 ms; without an interval 50 ms. */
export function rollupBudgetMs(intervalMs: number | null): number {
  return intervalMs === null ? LONGEST_PASS_MS : Math.min(LONGEST_PASS_MS, intervalMs * SHARE);
}

/** @param monotonic a clock in ms */
export function openRollupBudget(budgetMs: number, monotonic: () => number): RollupBudget {
  let left = 0;
  let resumeAt = 0;
  return {
    spend(items, visit, bytesOf) {
      left = Math.min(left, 0) + budgetMs;
      const start = monotonic();
      let spent = 0;
      let visited = 0;
      const from = resumeAt < items.length ? resumeAt : 0;
      for (; visited < items.length && spent < left; visited++) {
        const item = items[(from + visited) % items.length];
        if (bytesOf(item) * MS_PER_BYTE > LONGEST_PASS_MS) continue;
        visit(item);
        spent = monotonic() - start;
      }
      left -= spent;
      resumeAt = visited < items.length ? (from + visited) % items.length : 0;
    },
  };
}
