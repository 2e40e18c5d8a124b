import type { Sample } from '../domain/sample.ts';
import type { ProcessSum, SessionSample } from '../domain/session-sample.ts';
import { NO_PROCESS, plus } from '../domain/session-sample.ts';
import { usedBytes } from '../domain/used-memory.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { openWatchMatcher, watchedProcesses } from '../domain/watch-group.ts';

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
      const { rss_bytes: rss, pss_bytes: pss } = processes.numbers;
      members[member] = plus(members[member], rss[row], pss[row]);
      total = plus(total, rss[row], pss[row]);
    });
    return { t: system.t, used, total, members, ambiguous: ambiguous.size };
  };
}
