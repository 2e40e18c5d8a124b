/** Sums over processes; `NaN` where there is no process. */
export interface ProcessSum {
  readonly processes: number;
  /** RSS: an upper bound where there are several. */
  readonly rss: number;
  /** `NaN` also where it is not known of each of them: a part of it would be taken for all. */
  readonly pss: number;
}

/** What one sample of a session tells of the host and of a watch group. */
export interface SessionSample {
  readonly t: number;
  /** Of the host; `NaN` is unknown. */
  readonly used: number;
  /** Each process once; `null` without a group. */
  readonly total: ProcessSum | null;
  /** In the group's order. */
  readonly members: readonly ProcessSum[];
  /** Processes that several members match. */
  readonly ambiguous: number;
}

export const NO_PROCESS: ProcessSum = { processes: 0, rss: Number.NaN, pss: Number.NaN };

/** Adds a process to a sum, which is `NaN` before the first. One without RSS holds nothing, and is not asked for PSS. */
export function plus(sum: ProcessSum | undefined, rss: number, pss: number): ProcessSum {
  const share = rss === 0 ? 0 : pss;
  if (!sum || sum.processes === 0) return { processes: 1, rss, pss: share };
  return { processes: sum.processes + 1, rss: sum.rss + rss, pss: sum.pss + share };
}
