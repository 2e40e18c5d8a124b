import { INTS, LIFE } from './day-rows.ts';
import type { DaySample } from './host-day.ts';
import type { SortedDay } from './sort-day.ts';

/** The order in which a segment's file has the rows of processes. */

const DAY_MS = 86_400_000;
/** More of them spare an instant's reader little, and take more room: texts begin anew in each. */
const BLOCKS = 4;

export interface FileOrder {
  /** Rows by block of hours, then life, then time: an instant is to be found in one block. */
  readonly order: Uint32Array;
  /** The life of each. */
  readonly lifeOf: Uint32Array;
}

/** A counting sort: samples come in order of time. */
export function orderByBlock({ day, samples, lives }: SortedDay): FileOrder {
  const { ints, count } = day.rows;
  const firstOf = ({ system }: DaySample) =>
    Math.floor((system.t % DAY_MS) / (DAY_MS / BLOCKS)) * lives.length;
  const next = new Uint32Array(BLOCKS * lives.length + 1);
  for (const sample of samples) {
    const first = firstOf(sample) + 1;
    const end = sample.first + sample.count;
    for (let row = sample.first; row < end; row++) next[first + ints[row * INTS + LIFE]]++;
  }
  for (let at = 1; at < next.length; at++) next[at] += next[at - 1];
  const sorted = { order: new Uint32Array(count), lifeOf: new Uint32Array(count) };
  for (const sample of samples) {
    const first = firstOf(sample);
    const end = sample.first + sample.count;
    for (let row = sample.first; row < end; row++) {
      const life = ints[row * INTS + LIFE];
      const at = next[first + life]++;
      sorted.order[at] = row;
      sorted.lifeOf[at] = life;
    }
  }
  return sorted;
}
