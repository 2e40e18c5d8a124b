import { expect, test } from 'vitest';
import { openRollupBudget, rollupBudgetMs } from '../../../collector/sources/rollup-budget.ts';

const MIB = 2 ** 20;

interface FakeProcess {
  readonly cost: number;
  rss: number;
  rollupTick: number;
  rollupMsPerMib: number;
  rollupScore: number;
}

function processOf(cost: number, mib = 1): FakeProcess {
  return {
    cost,
    rss: mib * MIB,
    rollupTick: -1,
    rollupMsPerMib: Number.NaN,
    rollupScore: 0,
  };
}

const clocksOf = (cpu: () => number) => ({ cpu, monotonic: () => 0 });

/** Spends on processes that cost so many ms each. @returns the indexes that were visited in each tick */
async function passes(budgetMs: number, processes: readonly FakeProcess[], count: number) {
  let now = 0;
  const budget = openRollupBudget(
    budgetMs,
    clocksOf(() => now),
  );
  const visits: number[][] = [];
  for (let tick = 0; tick < count; tick++) {
    const visited: number[] = [];
    await budget.spend(processes, tick, (process: FakeProcess) => {
      now += process.cost;
      visited.push(processes.indexOf(process));
      return undefined;
    });
    visits.push(visited);
  }
  return visits;
}

const ofCosts = (...costs: number[]) => costs.map((cost) => processOf(cost));

test('the budget is 0.1 % of the interval, at most 50 ms; a single sample has that of ten seconds', () => {
  expect([10, 1000, 10_000, 3_600_000, null].map(rollupBudgetMs)).toEqual([0.01, 1, 10, 50, 10]);
});

test('all are read where there is time, once a sample', async () => {
  expect(await passes(10, ofCosts(1, 1, 1), 2)).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test('where there is not, the next sample goes on with the next ones', async () => {
  expect(await passes(2, ofCosts(1, 1, 1, 1, 1), 4)).toEqual([[0, 1], [2, 3], [4], [0, 1]]);
});

test('what one costs beyond the budget is saved afterwards', async () => {
  expect(await passes(2, ofCosts(7, 1, 1), 5)).toEqual([[0], [], [], [1], [2]]);
});

test('the largest comes first; then the one whose size times the samples it has waited is the largest', async () => {
  const processes = [processOf(1, 1), processOf(1, 8), processOf(1, 3)];
  const visits = await passes(1, processes, 34);
  expect(visits.slice(0, 3)).toEqual([[1], [2], [0]]);
  const counts = [0, 1, 2].map((index) => visits.flat().filter((visited) => visited === index).length);
  expect(Math.min(...counts)).toBeGreaterThan(5);
});

test('what has grown is not kept waiting behind a long queue', async () => {
  const processes = Array.from({ length: 100 }, () => processOf(1));
  let now = 0;
  const budget = openRollupBudget(
    1,
    clocksOf(() => now),
  );
  const visited: FakeProcess[] = [];
  for (let tick = 0; tick < 31; tick++) {
    if (tick === 15) processes[0].rss = 1000 * MIB;
    await budget.spend(processes, tick, (process: FakeProcess) => {
      now += process.cost;
      visited.push(process);
      return undefined;
    });
  }
  expect(visited.slice(15).indexOf(processes[0])).toBeLessThan(10);
});

test('one that would take longer than 50 ms is never read', async () => {
  expect(await passes(50, [processOf(1, 16 * 1024), processOf(1)], 2)).toEqual([[1], [1]]);
});

test('how long it would take is learned from what others took', async () => {
  const slow = Array.from({ length: 30 }, () => processOf(20, 64));
  const huge = processOf(1000, 2 * 1024);
  expect((await passes(50, [...slow, huge], 30)).slice(20).flat()).not.toContain(30);
});

test('one slow measurement does not exclude a process for ever', async () => {
  const disturbed = processOf(300, 300);
  const visits = await passes(50, [disturbed, ...ofCosts(1, 1)], 20);
  expect(visits.flat().filter((index) => index === 0).length).toBeGreaterThan(1);
});

test('a budget of 0 reads nothing', async () => {
  expect(await passes(0, ofCosts(0, 0), 2)).toEqual([[], []]);
});

test('what did not answer is not paid for', async () => {
  let now = 0;
  const budget = openRollupBudget(
    1,
    clocksOf(() => now),
  );
  const processes = ofCosts(1, 1, 1);
  const visited: number[] = [];
  await budget.spend(processes, 0, (process: FakeProcess) => {
    visited.push(processes.indexOf(process));
    now += 5000;
    return Promise.resolve(false);
  });
  expect(visited).toEqual([0, 1, 2]);
});

test('one that waits is left after 50 ms, however little CPU that took', async () => {
  let wall = 0;
  const budget = openRollupBudget(50, { cpu: () => 0, monotonic: () => wall });
  let visits = 0;
  await budget.spend(ofCosts(...new Array<number>(100).fill(0)), 0, () => {
    visits++;
    wall += 20;
    return undefined;
  });
  expect(visits).toBe(3);
});
