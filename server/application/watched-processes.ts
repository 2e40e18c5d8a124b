import { MemoryInspectorError } from '../domain/errors.ts';
import type { WatchedProcess, WatchGroup } from '../domain/watch-group.ts';
import type { RowTable } from './ports.ts';

/** Every process of a sample, as watch groups look at it. */
export function watchedProcesses({ processes }: Pick<RowTable, 'processes'>): WatchedProcess[] {
  const { numbers, texts } = processes;
  return Array.from(numbers.pid, (pid, row) => ({
    pid,
    ppid: numbers.ppid[row],
    user: texts.user[row],
    cgroup: texts.cgroup[row],
    cmd: texts.cmd[row],
    comm: texts.comm[row],
  }));
}

/** The group of a name. `field`: where the name was given. @throws MemoryInspectorError `no_such_group` */
export function chooseWatchGroup(groups: readonly WatchGroup[], name: string, field = 'watch'): WatchGroup {
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  const names = groups.map((group) => group.name);
  throw new MemoryInspectorError('no_such_group', `There is no watch group ${name}`, {
    field,
    next: names.length > 0 ? `Watch groups: ${names.join(', ')}.` : 'None has been made yet: see /watch.',
  });
}

/** A request with the watch group itself in the place of its name. @throws as `chooseWatchGroup` */
export function withWatchGroup<Request extends { readonly watch?: string | undefined }>(
  request: Request,
  groups: () => readonly WatchGroup[],
): Omit<Request, 'watch'> & { readonly watch: WatchGroup | undefined } {
  const { watch } = request;
  return { ...request, watch: watch === undefined ? undefined : chooseWatchGroup(groups(), watch) };
}
