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

/** What a counter gained a second since the sample before, times `scale`. `NaN`: unknown, or the counter went back. */
export function rateAt({ t, counts, scale = 1 }: Omit<Counter, 'breaks'>, at: number): number {
  const gain = counts[at] - counts[at - 1];
  return gain >= 0 ? (gain * scale * 1000) / (t[at] - t[at - 1]) : Number.NaN;
}

/** Rates of samples `first … end − 1`. `NaN`, too: the first sample of all, and after a gap or reboot. */
export function fillRates(counter: Counter, into: Float64Array, first: number, end: number): void {
  const { t, breaks } = counter;
  let next = first < end ? firstAtOrAfter(breaks, t[first]) : breaks.length;
  for (let at = first; at < end; at++) {
    while (next < breaks.length && breaks[next] < t[at]) next++;
    const isBroken = at === 0 || (next < breaks.length && breaks[next] === t[at]);
    into[at - first] = isBroken ? Number.NaN : rateAt(counter, at);
  }
}

/** The kernel counts swapped pages, and dumps do not tell their size: it is this on all but few hosts. */
export const PAGE_BYTES = 4096;
