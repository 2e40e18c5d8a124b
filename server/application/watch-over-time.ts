import type { LiveProcess } from '../domain/build-live-point.ts';
import { openLivePointBuilder } from '../domain/build-live-point.ts';
import type { LiveReading } from '../domain/live-reading.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { WatchPoint } from '../domain/watch-summary.ts';
import type { LiveSampler } from './live-ports.ts';

export interface WatchedSample {
  readonly point: WatchPoint;
  /** The largest first. */
  readonly processes: readonly LiveProcess[];
}

/** Sums over known values; `null` where none is. */
function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function pointOf({ system, processes: { numbers } }: LiveReading, found: readonly LiveProcess[]): WatchPoint {
  const pids = new Set(found.map(({ pid }) => pid));
  const threads = [...numbers.threads].filter((_, row) => pids.has(numbers.pid[row]));
  return {
    t: system.t,
    processes: found.length,
    rss_bytes: sumKnown(found.map(({ rss_bytes }) => rss_bytes)),
    vsz_bytes: sumKnown(found.map(({ vsz_bytes }) => vsz_bytes)),
    cpu_percent: sumKnown(found.map(({ cpu_percent }) => cpu_percent)),
    threads: sumKnown(threads),
  };
}

/** A process belongs to the first member that it matches: the watching one to this, and is not counted. */
const SELF = '';

/**
 * Watches the processes of a group on this host, one sample a call. It does not watch itself, though its own command
 * line holds the pattern that it looks for.
 * @param ownPid pid of this process
 */
export function openWatch(
  sampler: LiveSampler,
  { name, members }: WatchGroup,
  ownPid: number,
): () => Promise<WatchedSample> {
  const build = openLivePointBuilder();
  const group = { name, members: [{ name: SELF, rule: { pid: ownPid } }, ...members] };
  let watched: ReadonlySet<number> = new Set();
  return async () => {
    const reading = await sampler.read(watched);
    const tick = build(reading, [group], 0);
    watched = tick.watched;
    const processes = tick.processes[0].filter(({ member }) => member !== SELF);
    return { point: pointOf(reading, processes), processes };
  };
}
