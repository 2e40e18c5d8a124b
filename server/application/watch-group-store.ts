import type { MemoryInspectorError } from '../domain/errors.ts';
import type { WatchGroup } from '../domain/watch-group.ts';

/** Where the watch groups are kept: a small file that a person may edit, too. */
export interface WatchGroupStore {
  /** As they are now, in the order of the file; never waits. */
  groups(): readonly WatchGroup[];
  /** Why the file cannot be used as it is now: until it can be, the groups are those from before. */
  trouble(): MemoryInspectorError | null;
  /**
   * Adds a group, or puts it in the place of the one of its name.
   * @throws MemoryInspectorError `bad_parameter` where there are too many, `cannot_write`, `busy`, `bad_file` where the
   * file holds something else by now
   */
  save(group: WatchGroup): Promise<void>;
  /** @returns whether there was one. @throws as `save` */
  remove(name: string): Promise<boolean>;
}
