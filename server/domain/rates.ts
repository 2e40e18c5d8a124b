/** Counters → rates. Dumps hold what the kernel has counted since boot; how fast it counts is derived on read. */

/**
 * What a counter gained a second since the sample before, times `scale`. `NaN`: the first sample, after a gap or
 * reboot, where either value is unknown, and where the counter went back.
 * @param breaks instants of the samples that a gap or a reboot ends at
 */
export function ratesOf(
  t: ArrayLike<number>,
  counter: ArrayLike<number>,
  breaks: ReadonlySet<number>,
  scale = 1,
): Float64Array {
  const rates = new Float64Array(t.length).fill(Number.NaN);
  for (let at = 1; at < rates.length; at++) {
    const gain = counter[at] - counter[at - 1];
    if (gain >= 0 && !breaks.has(t[at])) rates[at] = (gain * scale * 1000) / (t[at] - t[at - 1]);
  }
  return rates;
}

/** The kernel counts swapped pages, and dumps do not tell their size: it is this on all but few hosts. */
export const PAGE_BYTES = 4096;
