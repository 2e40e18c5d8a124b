import type { CachedProcess } from '../process-cache.ts';

/**
 * PSS costs the kernel a walk over every page (about 6 ms for each GiB), during which the process cannot map
 * memory. So it is not read of all processes each time but on a budget: the largest and stalest first. What a
 * read costs beyond the budget is taken from the following samples.
 */
export interface RollupBudget {
  /**
   * Visits as many processes as the budget of this tick allows.
   * @param visit reads one; resolves, if it is not done at once, with whether it has to be paid for
   */
  spend(processes: readonly RolledProcess[], tick: number, visit: Visit): Promise<void>;
}

/** The part of a process that this looks at. */
export type RolledProcess = Pick<CachedProcess, 'rss' | 'rollupTick' | 'rollupMsPerMib' | 'rollupScore'>;
type Visit = (process: never) => Promise<boolean> | undefined;

/** One pass, and one process in it, never takes longer than this. */
export const LONGEST_PASS_MS = 50;
/** Of the interval. */
const SHARE = 0.001;
/** For a single sample of which nobody has said how often it is taken. */
const USUAL_INTERVAL_MS = 10_000;
const MIB = 2 ** 20;
/** What the walk costs before anything has been measured. */
const MS_PER_MIB = 6 / 1024;
/** Smaller ones tell more about opening files than about walking pages. */
const TELLING_MIB = 32;
/** A single measurement may be disturbed: no process counts as more than so many times slower than the others. */
const SLOWEST = 4;
/** One measurement counts for a fifth, and as at most twice or half of what was known. */
const SMOOTHING = 0.2;
const MOST_AT_ONCE = 2;
/** The queue is made anew after so many ticks, so that what has grown comes to its turn. */
const QUEUE_TICKS = 10;
/** Never read counts as not read for so many ticks. */
const NEVER = 1000;

/** The budget of one sample in ms: 0.1 % of the interval, at most 50 ms. */
export function rollupBudgetMs(intervalMs: number | null): number {
  return Math.min(LONGEST_PASS_MS, (intervalMs ?? USUAL_INTERVAL_MS) * SHARE);
}

function scoreOf({ rss, rollupTick }: RolledProcess, tick: number): number {
  return rss * (rollupTick >= 0 ? tick - rollupTick : NEVER);
}

interface Queue {
  readonly due: RolledProcess[];
  next: number;
  madeAt: number;
}

function fillQueue(queue: Queue, processes: readonly RolledProcess[], tick: number): void {
  const { due } = queue;
  due.length = 0;
  for (const process of processes) {
    if (process.rss === 0) continue;
    process.rollupScore = scoreOf(process, tick);
    due.push(process);
  }
  due.sort((a, b) => b.rollupScore - a.rollupScore);
  queue.next = 0;
  queue.madeAt = tick;
}

/** What reading a process would take, from what it and the others have taken. */
interface Forecast {
  of(process: RolledProcess): number;
  learn(process: RolledProcess, cost: number): void;
}

function openForecast(): Forecast {
  let msPerMib = MS_PER_MIB;
  return {
    of({ rss, rollupMsPerMib: own }) {
      return (rss / MIB) * Math.min(own >= 0 ? own : msPerMib, SLOWEST * msPerMib);
    },
    learn(process, cost) {
      const mib = process.rss / MIB;
      process.rollupMsPerMib = cost / mib;
      if (mib < TELLING_MIB) return;
      const told = Math.min(Math.max(cost / mib, msPerMib / MOST_AT_ONCE), msPerMib * MOST_AT_ONCE);
      msPerMib += SMOOTHING * (told - msPerMib);
    },
  };
}

/** The next one that can be read without a stall. */
function nextDue(queue: Queue, forecast: Forecast): RolledProcess | undefined {
  while (queue.next < queue.due.length) {
    const process = queue.due[queue.next++];
    if (forecast.of(process) <= LONGEST_PASS_MS) return process;
  }
  return undefined;
}

export interface RollupClocks {
  /** CPU time of this process, in ms: what the budget is paid in. */
  readonly cpu: () => number;
  /** Ms: no pass lasts longer than the longest one, whatever it has to wait for. */
  readonly monotonic: () => number;
}

/** User and system time of all threads, in ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export function openRollupBudget(budgetMs: number, { cpu, monotonic }: RollupClocks): RollupBudget {
  const queue: Queue = { due: [], next: 0, madeAt: Number.NEGATIVE_INFINITY };
  const forecast = openForecast();
  let left = 0;

  async function visitNext(tick: number, visit: Visit): Promise<boolean> {
    const process = nextDue(queue, forecast);
    if (!process) return false;
    process.rollupTick = tick;
    const start = cpu();
    const pending = visit(process as never);
    if (pending && !(await pending)) return true;
    const cost = cpu() - start;
    left -= cost;
    forecast.learn(process, cost);
    return true;
  }

  return {
    async spend(processes, tick, visit) {
      if (budgetMs === 0) return;
      left = Math.min(left, 0) + budgetMs;
      if (queue.next >= queue.due.length || tick - queue.madeAt >= QUEUE_TICKS)
        fillQueue(queue, processes, tick);
      const end = monotonic() + LONGEST_PASS_MS;
      while (left > 0 && monotonic() < end && (await visitNext(tick, visit)));
    },
  };
}
