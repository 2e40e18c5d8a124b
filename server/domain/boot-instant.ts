import type { SystemRow } from './sample.ts';

/** Clock and uptime are read one after the other, and the uptime is told in hundredths of a second. */
const STEP_MS = 1000;

/**
 * When the host was started, epoch ms: the same from one reading to the next, until the wall clock was set or the host
 * was started anew. `null` where the uptime is unknown.
 */
export function openBootInstant(): (system: Pick<SystemRow, 't' | 'uptimeSeconds'>) => number | null {
  let kept = Number.NaN;
  return ({ t, uptimeSeconds }) => {
    if (uptimeSeconds === null) return null;
    const read = Math.round(t - uptimeSeconds * 1000);
    if (!(Math.abs(read - kept) <= STEP_MS)) kept = read;
    return kept;
  };
}
