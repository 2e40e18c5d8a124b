import { textContains } from '../domain/row-selection.ts';
import { formatInstant } from '../domain/stamp.ts';
import { chooseHost } from './choose-instant.ts';
import type { NamedLife } from './life-ports.ts';
import type { History } from './ports.ts';

export interface SearchRequest {
  readonly q: string;
  readonly host?: string | undefined;
  readonly limit: number;
}

export interface FoundProcess {
  readonly kind: 'process';
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly rss_max_bytes: number;
}

export interface SearchView {
  readonly q: string;
  readonly host: string;
  readonly results: FoundProcess[];
  readonly total: number;
}

function resultOf({ key, pid, cmd, comm, user, firstSeen, lastSeen, rssMax }: NamedLife): FoundProcess {
  return {
    ...{ kind: 'process', key, pid, cmd, comm, user },
    first_seen: formatInstant(firstSeen),
    last_seen: formatInstant(lastSeen),
    rss_max_bytes: rssMax,
  };
}

/** All lives of processes whose command, name or user holds `q`, or whose pid it is. @throws as `chooseHost` does */
export async function searchLives(history: History, { q, host, limit }: SearchRequest): Promise<SearchView> {
  const chosen = chooseHost(history, host);
  const needle = q.toLowerCase();
  const { lives, total } = await history.findLives(chosen, {
    isWanted: (text) => textContains(text, needle),
    pid: /^\d+$/.test(q) ? Number(q) : null,
    limit,
  });
  return { q, host: chosen, results: lives.map(resultOf), total };
}
