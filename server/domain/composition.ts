/** Of what a process's memory consists along its samples. PSS is read on a budget, so not every sample has it. */

/** Of each sample the instant of the nearest one before it, itself included, whose value is known; else −∞. */
function knownBefore(t: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  let last = Number.NEGATIVE_INFINITY;
  return Float64Array.from(t, (at, index) => {
    if (!Number.isNaN(values[index])) last = at;
    return last;
  });
}

/**
 * What is told: samples whose PSS is known, and all of a stretch without any that is too long to be passed over.
 * @param t epoch ms, ascending
 * @returns indices, ascending
 */
export function toldSamples(t: ArrayLike<number>, pss: ArrayLike<number>, mostSkippedMs: number): number[] {
  const before = knownBefore(t, pss);
  const told: number[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (let at = t.length - 1; at >= 0; at--) {
    const isKnown = !Number.isNaN(pss[at]);
    if (isKnown) next = t[at];
    if (isKnown || next - before[at] > mostSkippedMs) told.push(at);
  }
  return told.reverse();
}
