/** The first few of very many in some order, without sorting them all. */
export interface Best<T> {
  add(one: T): void;
  /** Counts one that is known to be behind `last`. */
  pass(): void;
  /** The last of them; `null` while there is room. */
  last(): T | null;
  inOrder(): readonly T[];
  /** How many there were. */
  count(): number;
}

export function openBest<T>(most: number, compare: (a: T, b: T) => number): Best<T> {
  const best: T[] = [];
  let count = 0;

  /** Where a new one belongs: after those that are not behind it. */
  function placeOf(one: T): number {
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(best[middle], one) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(one) {
      count++;
      if (best.length === most && compare(best[most - 1], one) <= 0) return;
      best.splice(placeOf(one), 0, one);
      if (best.length > most) best.pop();
    },
    pass() {
      count++;
    },
    last: () => (best.length < most ? null : best[most - 1]),
    inOrder: () => best,
    count: () => count,
  };
}
