import type { Surroundings } from '../../server/application/surroundings.ts';

/** Of a server that records nothing and has no index. */
export function bareSurroundings(folder: string): Surroundings {
  return {
    folder,
    recorder: async () => null,
    index: async () => ({ segments: 0, bytes: 0 }),
    server: () => ({ now: 2_000, startedAt: 1_000, rssBytes: 3, node: 'v20' }),
    sealedRows: async () => new Map(),
  };
}
