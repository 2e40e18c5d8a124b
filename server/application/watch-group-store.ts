import type { WatchGroup } from '../domain/watch-group.ts';

/** Where the watch groups are kept: a small file that a person may edit, too. */
export interface WatchGroupStore {
  /** As they are now, in the order of the file; never waits. */
  groups(): readonly WatchGroup[];
  /**
   * Adds a group, or puts it in the place of the one of its name.
   * @throws MemoryInspectorError `cannot_write`, `bad_file` where the file holds something else by now
   */
  save(group: WatchGroup): Promise<void>;
  /** @returns whether there was one. @throws as `save` */
  remove(name: string): Promise<boolean>;
}
