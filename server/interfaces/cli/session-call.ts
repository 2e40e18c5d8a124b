import type { SessionSources } from '../../application/view-session.ts';
import type { GivenFlags } from './flags.ts';
import { watchGroupsOf } from './row-flags.ts';
import type { SessionWatch, World } from './world.ts';

/** What a sub-command of `pmi session` is given. */
export interface SessionCall {
  readonly world: World;
  readonly flags: GivenFlags;
  readonly dumps: string;
  /** As many as it takes. */
  readonly names: readonly string[];
}

const DEAF: SessionWatch = { onSample: () => undefined, onWord: () => undefined };

/** @param watch is told of what is recorded; without it nothing is. @throws `cannot_read`, `bad_file` */
export async function openSources(
  { world, flags, dumps }: SessionCall,
  watch = DEAF,
): Promise<SessionSources> {
  return world.openSessions(dumps, await watchGroupsOf(world, flags), watch);
}

/** A question at a terminal is not given up. */
export function unending(): AbortSignal {
  return new AbortController().signal;
}
