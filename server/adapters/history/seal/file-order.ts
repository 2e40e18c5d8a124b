import { orderSpace } from './day-space.ts';
import type { DaySample } from './host-day.ts';
import type { SortedDay } from './sort-day.ts';
import { CHUNK_ROWS } from './stream-columns.ts';

/**
 * The order in which a segment's file has the rows of processes: by block of time, then life, then time. A block is a
 * row group, so that an instant is in one of them.
 */
export interface FileOrder {
  readonly order: Int32Array;
  /** Where each block ends. */
  readonly ends: readonly number[];
  /** How many rows each block has at least, all but the last; a row group is to be so large. */
  readonly blockRows: number;
}

/** More take less room, since texts begin anew in each block; fewer spare an instant's reader time. */
const MOST_BLOCK_ROWS = 22 * CHUNK_ROWS;
/** An instant of a block of so many is read in a few milliseconds all the same. */
const MOST_SMALL_ROWS = 64 * CHUNK_ROWS;

/** Whether a segment of so many rows is one that is made to take little room: what that costs is little, too. */
export function isSmall(rows: number): boolean {
  return rows <= MOST_SMALL_ROWS;
}

function blockRowsOf(rows: number): number {
  const blocks = isSmall(rows) ? 1 : Math.ceil(rows / MOST_BLOCK_ROWS);
  return Math.max(1, Math.ceil(rows / blocks / CHUNK_ROWS)) * CHUNK_ROWS;
}

/** Whole samples, until they are enough rows. */
function blocksOf(samples: readonly DaySample[], blockRows: number): DaySample[][] {
  const blocks: DaySample[][] = [];
  let rows = blockRows;
  for (const sample of samples) {
    if (rows >= blockRows) {
      blocks.push([]);
      rows = 0;
    }
    blocks[blocks.length - 1].push(sample);
    rows += sample.count;
  }
  return blocks;
}

/** Where the rows of each life begin, and last where the block ends. */
function placesOf(block: readonly DaySample[], life: Int32Array, next: Uint32Array, begin: number): void {
  next.fill(0);
  for (const { first, count } of block)
    for (let row = first; row < first + count; row++) next[life[row] + 1]++;
  next[0] = begin;
  for (let at = 1; at < next.length; at++) next[at] += next[at - 1];
}

/** A counting sort of each block: samples come in order of time. */
export function orderByBlock({ day, samples, lives }: SortedDay): FileOrder {
  const { life, count: rows } = day.rows;
  const blockRows = blockRowsOf(rows);
  const order = orderSpace(day.space);
  const next = new Uint32Array(lives.length + 1);
  const ends: number[] = [];
  for (const block of blocksOf(samples, blockRows)) {
    placesOf(block, life, next, ends.at(-1) ?? 0);
    for (const { first, count } of block)
      for (let row = first; row < first + count; row++) order[next[life[row]]++] = row;
    ends.push(next[lives.length]);
  }
  return { order, ends, blockRows };
}
