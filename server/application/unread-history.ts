import type { Intake } from './ports.ts';

/** A history of dumps that are only sealed: nobody asks it, so it keeps but the instants that it was given. */
export function openUnreadHistory(): Intake {
  const instants = new Map<string, Set<number>>();
  const nothing = () => Promise.resolve();
  return {
    async append({ system: { host, t } }) {
      const known = instants.get(host) ?? new Set();
      instants.set(host, known);
      if (known.has(t)) return 'duplicate';
      known.add(t);
      return 'added';
    },
    hosts: () => [...instants.keys()],
    flush: nothing,
    refresh: nothing,
    close: nothing,
  };
}
