import type { ProcessTable, Sample } from './sample.ts';
import { usedBytes } from './used-memory.ts';
import type { WatchedProcess, WatchGroup } from './watch-group.ts';
import { openWatchMatcher } from './watch-group.ts';

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

const NO_PROCESS: ProcessSum = { processes: 0, bytes: Number.NaN };

/** Adds a process to a sum, which is `NaN` before the first. */
export function plus(sum: ProcessSum | undefined, bytes: number): ProcessSum {
  if (!sum || sum.processes === 0) return { processes: 1, bytes };
  return { processes: sum.processes + 1, bytes: sum.bytes + bytes };
}

function watchedProcesses({ count, numbers, texts }: ProcessTable): WatchedProcess[] {
  return Array.from({ length: count }, (_, row) => ({
    pid: numbers.pid[row],
    ppid: numbers.ppid[row],
    user: texts.user[row],
    cgroup: texts.cgroup[row],
    cmd: texts.cmd[row],
    comm: texts.comm[row],
  }));
}

/** @returns what measures one sample after the other */
export function openSampleReader(group: WatchGroup | null): (sample: Sample) => SessionSample {
  const match = group && openWatchMatcher(group);
  const count = group?.members.length ?? 0;
  return ({ system, processes }) => {
    const { mem_total_bytes: all, mem_available_bytes: available } = system.values;
    const used = usedBytes(all, available) ?? Number.NaN;
    const members = new Array<ProcessSum>(count).fill(NO_PROCESS);
    if (!match || !processes) return { t: system.t, used, total: group && NO_PROCESS, members, ambiguous: 0 };
    const { memberOf, ambiguous } = match(watchedProcesses(processes));
    let total = NO_PROCESS;
    memberOf.forEach((member, row) => {
      if (member < 0) return;
      const rss = processes.numbers.rss_bytes[row];
      members[member] = plus(members[member], rss);
      total = plus(total, rss);
    });
    return { t: system.t, used, total, members, ambiguous: ambiguous.size };
  };
}
