import { firstAtOrAfter } from './timeline.ts';

/** Counters → rates. Dumps hold what the kernel has counted since boot; how fast it counts is derived on read. */

/** What has been counted, along time. */
export interface Counter {
  readonly t: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  /** Instants of the samples that a gap or a reboot ends at, ascending. */
  readonly breaks: readonly number[];
  readonly scale?: number;
}

/**
 * What a counter gained a second since the sample before, times `scale`, of samples `first … end − 1`. `NaN`: the first
 * sample of all, after a gap or reboot, where either value is unknown, and where the counter went back.
 */
export function fillRates(
  { t, counts, breaks, scale = 1 }: Counter,
  into: Float64Array,
  first: number,
  end: number,
): void {
  let next = first < end ? firstAtOrAfter(breaks, t[first]) : breaks.length;
  for (let at = first; at < end; at++) {
    while (next < breaks.length && breaks[next] < t[at]) next++;
    const isKnown =
      at > 0 && counts[at] >= counts[at - 1] && !(next < breaks.length && breaks[next] === t[at]);
    into[at - first] = isKnown
      ? ((counts[at] - counts[at - 1]) * scale * 1000) / (t[at] - t[at - 1])
      : Number.NaN;
  }
}

/** Of all samples. */
export function ratesOf(counter: Counter): Float64Array {
  const rates = new Float64Array(counter.t.length);
  fillRates(counter, rates, 0, rates.length);
  return rates;
}

/** The kernel counts swapped pages, and dumps do not tell their size: it is this on all but few hosts. */
export const PAGE_BYTES = 4096;
