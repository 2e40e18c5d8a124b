import { openSampler, sampleOf } from '../../../collector/take-sample.ts';
import type { WatchedProcess } from '../../domain/watch-group.ts';
import { watchedProcesses } from '../../domain/watch-group.ts';

/** The processes of this host now, as watch groups look at them. @throws MemoryInspectorError `source_unavailable` */
export async function readLiveProcesses(procRoot = '/proc'): Promise<readonly WatchedProcess[]> {
  const sampler = openSampler({ procRoot, rollupBudgetMs: 0, descriptors: 0 });
  const { processes } = sampleOf(await sampler.take());
  return processes ? watchedProcesses(processes) : [];
}
