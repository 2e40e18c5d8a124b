import type { Gap } from '../domain/timeline.ts';
import { findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';
import { peaksOf } from './view-minimap.ts';

/** Samples of a range whose processes are all read: no more than a chart has room for. */

/** Each stretch is some pixels wide, and its rows have to be read. */
const PIXELS_A_STRETCH = 4;
const MOST_STRETCHES = 240;

export interface ChosenSamples {
  readonly instants: readonly number[];
  /** How many there are. */
  readonly samples: number;
  readonly method: 'raw' | 'largest';
}

/**
 * The samples that are told: all of them, or of each stretch the one in which the processes' RSS is largest.
 * @param most how many stretches there may be
 */
export async function chooseSamples(
  history: History,
  host: string,
  range: InstantRange,
  px: number,
  most = MOST_STRETCHES,
): Promise<ChosenSamples> {
  const { t, values } = await history.readSystem(host, ['process_rss_bytes'], range);
  const withProcesses = Array.from(t).filter((_, at) => !Number.isNaN(values.process_rss_bytes[at]));
  const stretches = Math.min(most, Math.ceil(px / PIXELS_A_STRETCH));
  if (withProcesses.length <= stretches)
    return { instants: withProcesses, samples: withProcesses.length, method: 'raw' };
  const peaks = peaksOf(t, values.process_rss_bytes, stretches);
  const known = peaks.filter((at) => !Number.isNaN(values.process_rss_bytes[at]));
  return { instants: known.map((at) => t[at]), samples: withProcesses.length, method: 'largest' };
}

/** Where the samples of a range leave gaps. */
export function gapsOf(spine: HostSpine, range: InstantRange): readonly Gap[] {
  return findGaps(spine, firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to));
}
