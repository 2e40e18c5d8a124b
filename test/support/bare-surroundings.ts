import { openSystemReader } from '../../server/adapters/procfs/system-reading.ts';
import { remember } from '../../server/application/remember.ts';
import type { Surroundings } from '../../server/application/surroundings.ts';

/** Of a server that records nothing and has no index. */
export function bareSurroundings(folder: string): Surroundings {
  return {
    folder,
    recorder: async () => null,
    index: async () => ({ segments: 0, bytes: 0 }),
    server: () => ({ pid: 7, now: 2_000, startedAt: 1_000, rssBytes: 3, cpuSeconds: 0.5, node: 'v20' }),
    system: remember(openSystemReader()),
    sealedRows: async () => new Map(),
    own: {
      memory: () => ({ rss_bytes: 3, heap_used_bytes: 2, external_bytes: 1 }),
      collect: async () => undefined,
    },
  };
}
