import { formatInstant } from '../domain/stamp.ts';
import { firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseSnapshot } from './choose-instant.ts';
import type { History, HostSpine } from './ports.ts';

export interface SparklinesRequest {
  readonly ts?: string | undefined;
  readonly host?: string | undefined;
  /** How far back. */
  readonly seconds: number;
  /** Process keys, joined by commas. */
  readonly keys: string;
}

export interface SparklinesView {
  readonly ts: string;
  readonly host: string;
  readonly t: number[];
  readonly series: Record<string, { subtree_rss_bytes: (number | null)[] }>;
}

const MOST_INSTANTS = 60;

/** Samples with processes of the window that ends at `t`: the first, the last, and evenly many between. */
function instantsUpTo({ t: all, hasProcesses }: HostSpine, t: number, seconds: number): number[] {
  const first = firstAtOrAfter(all, t - seconds * 1000);
  const end = lastAtOrBefore(all, t) + 1;
  const instants = all.slice(first, end).filter((_, at) => hasProcesses[first + at] === 1);
  if (instants.length <= MOST_INSTANTS) return instants;
  const step = (instants.length - 1) / (MOST_INSTANTS - 1);
  return Array.from({ length: MOST_INSTANTS }, (_, at) => instants[Math.round(at * step)]);
}

/** The subtree RSS of many processes along a short while, as the lines beside their rows. @throws as `openSnapshot` does */
export async function viewSparklines(
  history: History,
  request: SparklinesRequest,
  zone: string,
): Promise<SparklinesView> {
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const ts = chooseSnapshot(spine, request.ts, zone);
  const t = instantsUpTo(spine, ts, request.seconds);
  const read = await history.readSubtrees(host, request.keys.split(','), t);
  const series = [...read].map(([key, bytes]) => [
    key,
    { subtree_rss_bytes: Array.from(bytes, (value) => (Number.isNaN(value) ? null : value)) },
  ]);
  return { ts: formatInstant(ts), host, t, series: Object.fromEntries(series) };
}
