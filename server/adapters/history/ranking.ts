/** A child over a range: its largest subtree, when it was last a child, and in how many samples. */
export interface RankedChild {
  readonly id: number;
  readonly largest: number;
  readonly lastT: number;
  readonly samples: number;
}

/** Children by the hundred thousand, as columns. */
export interface Ranking {
  /** `isAlone`: nothing else will be noted of this child, so that it need not be looked up. */
  note(child: RankedChild, isAlone: boolean): void;
  count(): number;
  /** Samples of all children together. */
  samples(): number;
  /** The first `count` of an order in which larger comes first; `compare` is asked of few only. */
  first(count: number, compare: (a: RankedChild, b: RankedChild) => number): readonly RankedChild[];
}

export function openRanking(): Ranking {
  const ids: number[] = [];
  const largest: number[] = [];
  const lastT: number[] = [];
  const samples: number[] = [];
  const placeOf = new Map<number, number>();

  function placeFor(id: number, isAlone: boolean): number {
    const known = isAlone ? undefined : placeOf.get(id);
    if (known !== undefined) return known;
    const place = ids.push(id) - 1;
    if (!isAlone) placeOf.set(id, place);
    largest.push(Number.NEGATIVE_INFINITY);
    lastT.push(Number.NEGATIVE_INFINITY);
    samples.push(0);
    return place;
  }

  return {
    note(child, isAlone) {
      const place = placeFor(child.id, isAlone);
      largest[place] = Math.max(largest[place], child.largest);
      lastT[place] = Math.max(lastT[place], child.lastT);
      samples[place] += child.samples;
    },
    count: () => ids.length,
    samples: () => samples.reduce((sum, one) => sum + one, 0),
    first(count, compare) {
      const sorted = Float64Array.from(largest).sort();
      const least = sorted[Math.max(0, sorted.length - count)];
      const places = [...ids.keys()].filter((place) => largest[place] >= least);
      return places
        .map((at) => ({ id: ids[at], largest: largest[at], lastT: lastT[at], samples: samples[at] }))
        .sort(compare)
        .slice(0, count);
    },
  };
}
