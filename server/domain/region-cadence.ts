import { DAY_MS } from './durations.ts';
import { parseDuration } from './units.ts';

/** How often regions over time are read. */

/** Of one CPU, for all processes whose regions are kept: reading waits a hundred times as long as it took. */
export const COST_SHARE = 0.01;

const SHORTEST_MS = 10_000;
const LONGEST_MS = DAY_MS;

export const REGION_INTERVAL_HELP = 'A time of 10s to 1d, such as 5m.';

/** `5m` → ms; `null` where it is no such time. */
export function parseRegionInterval(text: string): number | null {
  const ms = parseDuration(text);
  return ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : null;
}
