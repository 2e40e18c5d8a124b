import { LARGEST_PID } from './layout.ts';

/** The pids of one sample: a bit each, since a Set costs as much as decoding the row. */
export interface PidSet {
  /** @returns false where the pid is there already */
  add(pid: number): boolean;
  clear(): void;
}

const FIRST_BYTES = 4096;

export function openPidSet(): PidSet {
  let bits = new Uint8Array(FIRST_BYTES);

  function grow(byte: number): void {
    const larger = new Uint8Array(Math.min(LARGEST_PID / 8 + 1, Math.max(bits.length * 4, byte + 1)));
    larger.set(bits);
    bits = larger;
  }

  return {
    add(pid) {
      const byte = pid >> 3;
      if (byte >= bits.length) grow(byte);
      const bit = 1 << (pid & 7);
      if (bits[byte] & bit) return false;
      bits[byte] |= bit;
      return true;
    },
    clear() {
      bits.fill(0);
    },
  };
}
