/**
 * Texts that were decoded before. Commands, names and users repeat from sample to sample: a row's texts are
 * found by comparing bytes, and equal ones are one string in memory.
 */

const WORD_SLOTS = 4096;
/** Longer ones are no users or states, and would stay in memory for good. */
const LONGEST_WORD = 256;
const LONGEST_TAIL = 65_536;
const MOST_TAIL_BYTES = 32 * 1024 * 1024;
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 300;

/** The last cells of a line, all text, as they stood with their line end. */
export interface Tail {
  readonly bytes: Uint8Array;
  readonly cells: readonly (string | null)[];
  /** Of all cells. */
  readonly characters: number;
}

export interface TextCache {
  /** Direct-mapped by hash: short plain words such as users and states. */
  readonly words: string[];
  /** By pid: a process keeps its tail until it calls exec or changes its title. */
  readonly tails: Map<number, Tail>;
  tailBytes: number;
}

export function openTextCache(): TextCache {
  return { words: new Array<string>(WORD_SLOTS).fill(''), tails: new Map(), tailBytes: 0 };
}

function isWord(word: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let k = 0; k < length; k++) if (word.charCodeAt(k) !== bytes[start + k]) return false;
  return true;
}

/** The plain ASCII word at `start`; `hash` is of its bytes. */
export function internWord(
  { words }: TextCache,
  bytes: Buffer,
  start: number,
  end: number,
  hash: number,
): string {
  const slot = hash & (WORD_SLOTS - 1);
  const known = words[slot];
  if (isWord(known, bytes, start, end - start)) return known;
  const word = bytes.toString('latin1', start, end);
  if (word.length <= LONGEST_WORD) words[slot] = word;
  return word;
}

/** The tail that this pid had, where the bytes at `start` are the same. */
export function findTail(
  { tails }: TextCache,
  pid: number,
  bytes: Uint8Array,
  start: number,
): Tail | undefined {
  const known = tails.get(pid);
  if (known === undefined) return undefined;
  const expected = known.bytes;
  const length = expected.length;
  for (let k = 0; k < length; k++) if (expected[k] !== bytes[start + k]) return undefined;
  return known;
}

export function keepTail(cache: TextCache, pid: number, bytes: Uint8Array, cells: Tail['cells']): Tail {
  const characters = cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
  if (bytes.length > LONGEST_TAIL) return { bytes, cells, characters };
  if (cache.tailBytes > MOST_TAIL_BYTES) {
    cache.tails.clear();
    cache.tailBytes = 0;
  }
  const tail = { bytes: Uint8Array.prototype.slice.call(bytes), cells, characters };
  cache.tails.set(pid, tail);
  cache.tailBytes += bytes.length + ENTRY_BYTES;
  return tail;
}
