import { join } from 'node:path';
import type { SessionSources } from '../../server/application/view-session.ts';
import type { WatchGroup } from '../../server/domain/watch-group.ts';
import { openSessionSources } from '../../server/sessions.ts';

/** The recorder as it is built. */
const SCRIPT = join(import.meta.dirname, '..', '..', 'dist', 'collector.js');

/** Sessions beside a dump folder, as a server has them. */
export function sessionsBeside(
  dumps: string,
  failures: unknown[],
  groups: readonly WatchGroup[] = [],
): Promise<SessionSources> {
  const onFailure = (error: unknown) => void failures.push(error);
  return openSessionSources({ dumps, script: SCRIPT, groups: () => groups, onFailure }, null);
}
