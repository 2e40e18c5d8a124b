/** @returns a whole number from 0, below `below`; 0 where that is 0 */
export type Random = (below: number) => number;

/** Mulberry32: the same numbers for the same seed, on any machine. */
export function openRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)];
}
