import { useEffect, useRef, useState } from 'preact/hooks';
import { MOST_SPARKLINES } from '../../server/domain/process-filter.ts';
import type { SparklinesAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { fetchAnswer } from '../api.ts';
import type { Spark } from '../lib/sparkline.ts';

/** The small lines of the rows in sight, asked for when scrolling rests; what is known is not asked again. */

const SETTLES_MS = 120;

export interface SparkRequest {
  readonly ts: string;
  readonly host: string | undefined;
  /** How far back. */
  readonly seconds: number;
  /** Processes in sight; empty where the column is not shown. */
  readonly keys: readonly string[];
}

async function fetchSparks({ ts, host, seconds, keys }: SparkRequest, signal: AbortSignal) {
  const query = new URLSearchParams({ ts, seconds: String(seconds), keys: keys.join(','), format: 'json' });
  if (host) query.set('host', host);
  const outcome = await fetchAnswer<SparklinesAnswer>(`/api/v1/sparklines?${query}`, signal);
  return outcome.kind === 'answer' ? outcome.answer : null;
}

/** By process key. While another instant is being asked for, the lines of the last one stay. */
export function useSparklines({ ts, host, seconds, keys }: SparkRequest): ReadonlyMap<string, Spark> {
  const asked = useRef({ ts, seconds, keys: new Set<string>() });
  const [sparks, setSparks] = useState<ReadonlyMap<string, Spark>>(new Map());
  const wanted = keys.join(',');
  useEffect(() => {
    const request = new AbortController();
    // Lines of another stretch are not what the heading says.
    if (asked.current.seconds !== seconds) setSparks(new Map());
    if (asked.current.ts !== ts || asked.current.seconds !== seconds)
      asked.current = { ts, seconds, keys: new Set() };
    const known = asked.current.keys;
    const missing = wanted.split(',').filter((key) => key && !known.has(key));
    if (missing.length === 0) return;
    const ask = async () => {
      const some = missing.slice(0, MOST_SPARKLINES);
      const answer = await fetchSparks({ ts, host, seconds, keys: some }, request.signal).catch(() => null);
      if (!answer) return;
      for (const key of some) known.add(key);
      const { t, series } = answer;
      const found = Object.entries(series).map(
        ([key, one]) => [key, { t, bytes: one.subtree_rss_bytes }] as const,
      );
      setSparks((before) => new Map([...before, ...found]));
    };
    const timer = setTimeout(() => void ask(), SETTLES_MS);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [ts, host, seconds, wanted]);
  return sparks;
}
