/** Sums over processes; `bytes` is RSS, `NaN` where there is no process. */
export interface ProcessSum {
  readonly processes: number;
  readonly bytes: number;
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

export const NO_PROCESS: ProcessSum = { processes: 0, bytes: Number.NaN };

/** Adds a process to a sum, which is `NaN` before the first. */
export function plus(sum: ProcessSum | undefined, bytes: number): ProcessSum {
  if (!sum || sum.processes === 0) return { processes: 1, bytes };
  return { processes: sum.processes + 1, bytes: sum.bytes + bytes };
}
