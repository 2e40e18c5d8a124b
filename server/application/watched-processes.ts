import { MemoryInspectorError } from '../domain/errors.ts';
import type { WatchGroup } from '../domain/watch-group.ts';

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
