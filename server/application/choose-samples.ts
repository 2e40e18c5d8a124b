import type { Gap } from '../domain/timeline.ts';
import { findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';
import { peaksOf } from './view-minimap.ts';

/** Samples of a range whose processes are all read: no more than a chart has room for. */

/** Each stretch is some pixels wide, and its rows have to be read. */
const PIXELS_A_STRETCH = 4;
const MOST_STRETCHES = 240;

export interface ChosenSamples<Choice extends string = 'largest'> {
  readonly instants: readonly number[];
  /** How many there are. */
  readonly samples: number;
  readonly method: 'raw' | Choice;
}

/** @param most how many stretches there may be */
async function readStretches(
  history: History,
  host: string,
  range: InstantRange,
  px: number,
  most = MOST_STRETCHES,
) {
  const { t, values } = await history.readSystem(host, ['process_rss_bytes'], range);
  const sums = values.process_rss_bytes;
  const instants = Array.from(t).filter((_, at) => !Number.isNaN(sums[at]));
  return { t, sums, instants, stretches: Math.min(most, Math.ceil(px / PIXELS_A_STRETCH)) };
}

/** The samples that are told: all of them, or of each stretch the one in which the processes' RSS is largest. */
export async function chooseSamples(
  ...[history, host, range, px, most]: Parameters<typeof readStretches>
): Promise<ChosenSamples> {
  const { t, sums, instants, stretches } = await readStretches(history, host, range, px, most);
  const samples = instants.length;
  if (samples <= stretches) return { instants, samples, method: 'raw' };
  const known = peaksOf(t, sums, stretches).filter((at) => !Number.isNaN(sums[at]));
  return { instants: known.map((at) => t[at]), samples, method: 'largest' };
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** The first, the last, and of each stretch between them one: each at another place in it. */
function spreadOver(samples: number, stretches: number): readonly number[] {
  return Array.from({ length: stretches }, (_, stretch) => {
    if (stretch === 0) return 0;
    if (stretch === stretches - 1) return samples - 1;
    const [from, to] = [stretch, stretch + 1].map((end) => Math.floor((end * samples) / stretches));
    return from + Math.floor(((stretch * GOLDEN_RATIO) % 1) * (to - from));
  });
}

/**
 * All samples, or as many spread over the range: for means, which of the largest would be those of peaks. What comes and
 * goes regularly is met as often as it is there, whatever its period.
 */
export async function spreadSamples(
  ...[history, host, range, px, most]: Parameters<typeof readStretches>
): Promise<ChosenSamples<'spread'>> {
  const { instants, stretches } = await readStretches(history, host, range, px, most);
  const samples = instants.length;
  if (samples <= stretches) return { instants, samples, method: 'raw' };
  return { instants: spreadOver(samples, stretches).map((at) => instants[at]), samples, method: 'spread' };
}

/** Where the samples of a range leave gaps. */
export function gapsOf(spine: HostSpine, range: InstantRange): readonly Gap[] {
  return findGaps(spine, firstAtOrAfter(spine.t, range.from), lastAtOrBefore(spine.t, range.to));
}
