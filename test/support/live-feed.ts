import { openLiveSampler } from '../../server/adapters/procfs/live-sampler.ts';
import { openLiveFeed } from '../../server/application/live-feed.ts';
import type { LiveFeed } from '../../server/application/live-ports.ts';
import type { WatchGroup } from '../../server/domain/watch-group.ts';

/** The live feed of this host. @param failures what could not be read is put here */
export function openHostFeed(
  failures: unknown[] = [],
  groups: () => readonly WatchGroup[] = () => [],
): LiveFeed {
  return openLiveFeed({
    openSampler: openLiveSampler,
    groups,
    onFailure: (error) => failures.push(error),
    id: 'test',
  });
}
