const BACK_OFF_MS = { first: 1000, most: 5000 } as const;

/**
 * How long to wait before trying again.
 * @param random of [0, 1): servers that come back are not met by all pages at once
 */
export function backOffMs(failed: number, random: number): number {
  const longest = Math.min(BACK_OFF_MS.most, BACK_OFF_MS.first * 2 ** failed);
  return BACK_OFF_MS.first + (longest - BACK_OFF_MS.first) * random;
}
