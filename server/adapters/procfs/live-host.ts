import { openSampler, sampleOf } from '../../../collector/take-sample.ts';
import type { LiveHost } from '../../application/live-host.ts';

/** @param rollupBudgetMs how long one read may spend on PSS, ms */
export function openLiveHost(rollupBudgetMs: number, procRoot = '/proc'): LiveHost {
  const sampler = openSampler({ procRoot, rollupBudgetMs });
  return { read: async () => sampleOf(await sampler.take()) };
}
