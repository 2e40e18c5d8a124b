import type { Keep } from './downsample.ts';
import { keep, peakOf } from './downsample.ts';

/**
 * The peaks of a series by blocks of its samples, each looked for once: a year has half a million samples, and a screen
 * a thousand columns. Samples are looked at again only beside the borders of a column, and only where they may matter:
 * each is elsewhere in memory.
 */

/** Writes the values of samples `first … end − 1` into the beginning of `into`: finite, or `NaN` for unknown. */
export type Fill = (into: Float64Array, first: number, end: number) => void;

/** Samples of a block. */
const BLOCK = 32;
/** In the place of the largest value: the block has not been looked at, or none of its values is known. */
const UNSEEN = Number.POSITIVE_INFINITY;
const NOTHING = Number.NEGATIVE_INFINITY;

/** Of each block the largest value, and the place of the first sample that has it. */
export interface Blocks {
  readonly most: Float64Array;
  readonly place: Uint8Array;
}

/** Of so many samples, none of which has been looked at. */
export function openBlocks(samples: number): Blocks {
  const count = Math.ceil(samples / BLOCK);
  return { most: new Float64Array(count).fill(UNSEEN), place: new Uint8Array(count) };
}

/** Samples on end of a series, told by their places among them; `blocks` may be of more. */
export interface BlockedSeries {
  readonly fill: Fill;
  readonly blocks: Blocks;
  /** The place of the first of them in the blocks. */
  readonly offset: number;
  /** From `first` on, before `end`: whichever samples these are, a value is the same. */
  readonly steady: { readonly first: number; readonly end: number };
}

/** For troughs. */
export function negated(fill: Fill): Fill {
  return (into, first, end) => {
    fill(into, first, end);
    for (let at = 0; at < end - first; at++) into[at] = -into[at];
  };
}

/** Makes the largest sample of each column survive, the first of equal ones: what `peaksOf` does of all values. */
export function peaksInBlocks({ fill, blocks: { most, place }, offset, steady }: BlockedSeries): Keep {
  const values = new Float64Array(BLOCK);
  const best = { at: -1, value: NOTHING };

  /** Of equal ones the first is wanted: `isBefore` tells that the value is of a sample before all that were looked at. */
  function beats(value: number, isBefore: boolean): boolean {
    return value > best.value || (isBefore && value === best.value && value !== NOTHING);
  }

  function take(at: number, value: number): void {
    best.at = at;
    best.value = value;
  }

  function lookAt(first: number, end: number, isBefore: boolean): void {
    fill(values, first, end);
    const at = peakOf(values, 0, end - first);
    if (at >= 0 && beats(values[at], isBefore)) take(first + at, values[at]);
  }

  function see(block: number, start: number): void {
    fill(values, start, start + BLOCK);
    const at = peakOf(values, 0, BLOCK);
    most[block] = at < 0 ? NOTHING : values[at];
    place[block] = Math.max(0, at);
  }

  /** `UNSEEN` where a value may be another in another range. */
  function mostOf(block: number, start: number): number {
    if (start < steady.first || start + BLOCK > steady.end) return UNSEEN;
    if (most[block] === UNSEEN) see(block, start);
    return most[block];
  }

  /** Samples `first … end − 1`, all of one block. */
  function add(block: number, first: number, end: number, isBefore: boolean): void {
    const start = block * BLOCK - offset;
    const value = mostOf(block, start);
    if (!beats(value, isBefore)) return;
    const at = start + place[block];
    if (value !== UNSEEN && first <= at && at < end) take(at, value);
    else lookAt(first, end, isBefore);
  }

  return (kept, first, end) => {
    take(-1, NOTHING);
    const from = Math.ceil((offset + first) / BLOCK);
    const to = Math.floor((offset + end) / BLOCK);
    for (let block = from; block < to; block++)
      add(block, block * BLOCK - offset, (block + 1) * BLOCK - offset, false);
    const [begin, rest] = [from * BLOCK - offset, to * BLOCK - offset];
    if (begin > first) add(from - 1, first, Math.min(begin, end), true);
    if (to >= from && rest < end) add(to, rest, end, false);
    if (best.at >= 0) keep(kept, best.at);
  };
}
