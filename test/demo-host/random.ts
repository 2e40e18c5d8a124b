/**
 * Chance that repeats: one seed, one sequence, on every machine. Only integer arithmetic and + − × ÷ are used,
 * because sin, log and the like may differ in their last bit from one engine to the next.
 */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  between(low: number, high: number): number;
  /** Bell-shaped, mean 0, variance 1. */
  bell(): number;
  pick<T>(items: readonly T[]): T;
  hex(digits: number): string;
}

/** mulberry32 (Tommy Ettinger, public domain). */
export function openRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    // The sum of four uniform numbers is close to a bell and has variance 1/3.
    bell: () => (next() + next() + next() + next() - 2) * 1.7320508,
    pick: (items) => items[Math.floor(next() * items.length)],
    hex: (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join(''),
  };
}

/** A random UUID, version 4: the form of /proc/sys/kernel/random/boot_id. */
export function randomUuid(random: Random): string {
  const variant = random.pick(['8', '9', 'a', 'b']);
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${variant}${random.hex(3)}-${random.hex(12)}`;
}
