/** Short plain words that were decoded before, direct-mapped by hash: equal ones are one string in memory. */
export type WordCache = string[];

const SLOTS = 4096;
/** Longer ones are few, and would stay in memory for good. */
const LONGEST_WORD = 256;

export function openWordCache(): WordCache {
  return new Array<string>(SLOTS).fill('');
}

function isWord(word: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let k = 0; k < length; k++) if (word.charCodeAt(k) !== bytes[start + k]) return false;
  return true;
}

/** The plain ASCII word at `start`; `hash` is of its bytes. */
export function internWord(
  words: WordCache,
  bytes: Buffer,
  start: number,
  end: number,
  hash: number,
): string {
  const slot = hash & (SLOTS - 1);
  const known = words[slot];
  if (isWord(known, bytes, start, end - start)) return known;
  const word = bytes.toString('latin1', start, end);
  if (word.length <= LONGEST_WORD) words[slot] = word;
  return word;
}
