import type { SessionSources } from '../../application/view-session.ts';
import type { GivenFlags } from './flags.ts';
import type { World } from './world.ts';

/** What a sub-command of `pmi session` is given. */
export interface SessionCall {
  readonly world: World;
  readonly flags: GivenFlags;
  readonly dumps: string;
  /** As many as it takes. */
  readonly names: readonly string[];
}

/** For commands that record nothing. */
export function openQuietly({ world, dumps }: SessionCall): Promise<SessionSources> {
  return world.openSessions(dumps, { onSample: () => undefined, onWord: () => undefined });
}

/** A question at a terminal is not given up. */
export function unending(): AbortSignal {
  return new AbortController().signal;
}
