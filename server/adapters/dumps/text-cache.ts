/**
 * Texts that were decoded before. Commands, names and users repeat from sample to sample: a row's texts are
 * found by comparing bytes, and equal ones are one string in memory.
 */

const WORD_SLOTS = 4096;
/** Longer ones are no users or states, and would stay in memory for good. */
const LONGEST_WORD = 256;
const LONGEST_TAIL = 65_536;
const MOST_TAIL_BYTES = 32 * 1024 * 1024;
const PAGE_BITS = 10;
const PAGE = 1 << PAGE_BITS;
const NO_WORDS = new Float64Array(0);
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 400;

/** The last cells of a line, all text, as they stood with their line end. */
export interface Tail {
  readonly bytes: Uint8Array;
  /**
   * The same, eight bytes each, but for the last few. As doubles, which are compared at once: none of them is 0, since
   * no tail has a zero byte, and one that is NaN is only read anew.
   */
  readonly words: Float64Array;
  readonly cells: readonly (string | null)[];
  /** Of all cells. */
  readonly characters: number;
}

export interface TextCache {
  /** Direct-mapped by hash: short plain words such as users and states. */
  readonly words: string[];
  /** By pid, in pages: a process keeps its tail until it calls exec or changes its title. */
  readonly tails: (Tail | undefined)[][];
  tailBytes: number;
  viewed: Uint8Array;
  view: DataView;
}

export function openTextCache(): TextCache {
  const viewed = new Uint8Array(0);
  const words = new Array<string>(WORD_SLOTS).fill('');
  return { words, tails: [], tailBytes: 0, viewed, view: new DataView(viewed.buffer) };
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

/** The bytes at hand, to be read eight at a time. */
function viewOf(cache: TextCache, bytes: Uint8Array): DataView {
  if (cache.viewed !== bytes) {
    cache.viewed = bytes;
    cache.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return cache.view;
}

function isTail({ words, bytes }: Tail, view: DataView, start: number): boolean {
  const length = bytes.length;
  if (start + length > view.byteLength) return false;
  for (let k = 0; k < words.length; k++) if (words[k] !== view.getFloat64(start + k * 8, true)) return false;
  for (let k = words.length * 8; k < length; k++) if (bytes[k] !== view.getUint8(start + k)) return false;
  return true;
}

/** The tail that this pid had, where the bytes at `start` are the same. */
export function findTail(cache: TextCache, pid: number, bytes: Uint8Array, start: number): Tail | undefined {
  const known = cache.tails[pid >> PAGE_BITS]?.[pid & (PAGE - 1)];
  return known && isTail(known, viewOf(cache, bytes), start) ? known : undefined;
}

function wordsOf(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Float64Array(bytes.length >> 3);
  for (let k = 0; k < words.length; k++) words[k] = view.getFloat64(k * 8, true);
  return words;
}

function setTail({ tails }: TextCache, pid: number, tail: Tail): void {
  tails[pid >> PAGE_BITS] ??= new Array<Tail | undefined>(PAGE).fill(undefined);
  tails[pid >> PAGE_BITS][pid & (PAGE - 1)] = tail;
}

export function keepTail(cache: TextCache, pid: number, bytes: Uint8Array, cells: Tail['cells']): Tail {
  const characters = cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
  if (bytes.length > LONGEST_TAIL) return { bytes, words: NO_WORDS, cells, characters };
  if (cache.tailBytes > MOST_TAIL_BYTES) {
    cache.tails.length = 0;
    cache.tailBytes = 0;
  }
  const own = Uint8Array.prototype.slice.call(bytes);
  const tail = { bytes: own, words: wordsOf(own), cells, characters };
  setTail(cache, pid, tail);
  cache.tailBytes += bytes.length + ENTRY_BYTES;
  return tail;
}
