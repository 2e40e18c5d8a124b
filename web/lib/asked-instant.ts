import { lastAtClock, parseInstantQuery } from '../../server/domain/stamp.ts';

/**
 * The instant that `ts` of a URL means, as the server reads it; `null` where that is not known here.
 * @param zone of the server, for wall time
 * @param newest instant of the newest sample
 */
export function askedInstant(ts: string | undefined, zone: string, newest: number | null): number | null {
  const query = parseInstantQuery(ts ?? 'latest', zone);
  if (query?.kind === 'at') return query.to;
  if (!query || newest === null) return null;
  if (query.kind === 'clock') return lastAtClock(query.msOfDay, newest, query.zone) + 999;
  return query.kind === 'before-newest' ? newest - query.ms : newest;
}
