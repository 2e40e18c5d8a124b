import type { LineBytes } from './cells.ts';
import type { LayoutColumn } from './layout.ts';
import type { TableBuilder } from './table-builder.ts';
import { numberIn, storeNumber } from './table-builder.ts';

/**
 * What neighbouring columns of each process held when they were last read: a run. Lines begin and end as they did, until
 * their process calls exec or gets another parent, and a run is found again by comparing bytes.
 */
export interface RunCache {
  readonly numberSlots: readonly number[];
  readonly textSlots: readonly number[];
  /** Where each pid's entry begins in `memory`, in pages; 0: it has none. */
  readonly places: Int32Array[];
  /**
   * Entries, one after another: as objects they would be a burden to collect. Each holds how many bytes the run has, how
   * many characters, where its texts begin among `texts`, its numbers, and its bytes, eight a double.
   */
  memory: Float64Array;
  /** How much of it is filled, and with how many runs. */
  end: number;
  runs: number;
  readonly texts: (string | null)[];
}

const LENGTH = 0;
const CHARACTERS = 1;
const FIRST_TEXT = 2;
const FIRST_NUMBER = 3;

const DOUBLE_BYTES = 8;
const LONGEST_RUN = 65_536;
const FIRST_DOUBLES = 4096;
const MOST_DOUBLES = 1024 * 1024;
const MOST_RUNS_PER_ROW = 16;
const PAGE_BITS = 10;
const PAGE = 1 << PAGE_BITS;

export function openRunCache(columns: readonly LayoutColumn[]): RunCache {
  const slotsOf = (kind: LayoutColumn['kind']) =>
    columns.filter((column) => column.kind === kind).map(({ slot }) => slot);
  return {
    numberSlots: slotsOf('number'),
    textSlots: slotsOf('text'),
    places: [],
    memory: new Float64Array(FIRST_DOUBLES),
    end: 1,
    runs: 0,
    texts: [],
  };
}

/**
 * Doubles are eight bytes compared at once; the last eight overlap those before. None that is kept is 0, since no run has
 * a zero byte, and one that is NaN is only read anew.
 */
function isThere(
  memory: Float64Array,
  first: number,
  { view, bytes }: LineBytes,
  start: number,
  length: number,
): boolean {
  const last = start + length - DOUBLE_BYTES;
  if (last + DOUBLE_BYTES > bytes.length) return false;
  let at = start;
  let k = first;
  for (; at < last; at += DOUBLE_BYTES, k++) if (memory[k] !== view.getFloat64(at, true)) return false;
  return memory[k] === view.getFloat64(last, true);
}

/** @returns the place of this pid's run, where the bytes at `start` are the same; 0 where they are not */
export function findRun(cache: RunCache, pid: number, lines: LineBytes, start: number): number {
  const place = cache.places[pid >> PAGE_BITS]?.[pid & (PAGE - 1)] ?? 0;
  if (place === 0) return 0;
  const { memory, numberSlots } = cache;
  const firstWord = place + FIRST_NUMBER + numberSlots.length;
  return isThere(memory, firstWord, lines, start, memory[place + LENGTH] | 0) ? place : 0;
}

/** Writes a run that was found into row `table.count`. @returns how many bytes it has */
export function storeRun(cache: RunCache, place: number, table: TableBuilder): number {
  const { memory, texts, numberSlots, textSlots } = cache;
  const row = table.count;
  const firstNumber = place + FIRST_NUMBER;
  for (let k = 0; k < numberSlots.length; k++) storeNumber(table, numberSlots[k], memory[firstNumber + k]);
  const firstText = memory[place + FIRST_TEXT] | 0;
  for (let k = 0; k < textSlots.length; k++) table.texts[textSlots[k]][row] = texts[firstText + k];
  table.rowCharacters += memory[place + CHARACTERS];
  return memory[place + LENGTH] | 0;
}

function forgetAll(cache: RunCache): void {
  cache.places.length = 0;
  cache.texts.length = 0;
  cache.end = 1;
  cache.runs = 0;
}

/** @returns where an entry of so many doubles may begin */
function makeRoom(cache: RunCache, doubles: number, mostRuns: number): number {
  if (cache.end + doubles > MOST_DOUBLES || cache.runs >= mostRuns) forgetAll(cache);
  const place = cache.end;
  cache.end += doubles;
  cache.runs++;
  if (cache.end > cache.memory.length) {
    const larger = new Float64Array(Math.max(cache.memory.length * 2, cache.end));
    larger.set(cache.memory);
    cache.memory = larger;
  }
  return place;
}

/**
 * Keeps the run from `start` to `end` of this pid, which has just been read into row `table.count`. Where far more are kept
 * than the table has rows, most are of processes that have ended: all are forgotten.
 */
export function keepRun(
  cache: RunCache,
  pid: number,
  { view }: LineBytes,
  start: number,
  end: number,
  table: TableBuilder,
): void {
  const { places, texts, numberSlots, textSlots } = cache;
  const length = end - start;
  if (length < DOUBLE_BYTES || length > LONGEST_RUN) return;
  const words = Math.ceil(length / DOUBLE_BYTES);
  const doubles = FIRST_NUMBER + numberSlots.length + words;
  const place = makeRoom(cache, doubles, table.capacity * MOST_RUNS_PER_ROW);
  places[pid >> PAGE_BITS] ??= new Int32Array(PAGE);
  places[pid >> PAGE_BITS][pid & (PAGE - 1)] = place;
  const cells = textSlots.map((slot) => table.texts[slot][table.count]);
  const { memory } = cache;
  memory[place + LENGTH] = length;
  memory[place + CHARACTERS] = cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
  memory[place + FIRST_TEXT] = texts.length;
  texts.push(...cells);
  let k = place + FIRST_NUMBER;
  for (const slot of numberSlots) memory[k++] = numberIn(table, slot);
  for (let at = start; at < end - DOUBLE_BYTES; at += DOUBLE_BYTES) memory[k++] = view.getFloat64(at, true);
  memory[k] = view.getFloat64(end - DOUBLE_BYTES, true);
}
