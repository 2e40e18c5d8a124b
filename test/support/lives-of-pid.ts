import type { History, Life } from '../../server/application/ports.ts';

/** Every life of a pid with its commands, in order of time. */
export async function livesOfPid(history: History, host: string, pid: number): Promise<readonly Life[]> {
  return history.withCommands(host, await history.spansOfPid(host, pid));
}
