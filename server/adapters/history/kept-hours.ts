import { letHeapDouble, openCollection } from './heap.ts';
import type { LoadedSegment } from './loaded-segment.ts';

/** Hours in memory cost 66 bytes a row; a day of 300 processes has 15 000. They are let go of, never for good. */

export interface MemoryLimits {
  /** Rows of hours that are kept between questions: 300 days, 285 MiB. */
  readonly busyRows: number;
  /** And when nobody has asked for a while: a month, 33 MiB. */
  readonly idleRows: number;
  readonly idleMs: number;
}

export const MEMORY_LIMITS: MemoryLimits = { busyRows: 4_500_000, idleRows: 1 << 19, idleMs: 5000 };

function countRows(segments: readonly LoadedSegment[]): number {
  return segments.reduce((sum, { rollup }) => sum + (rollup?.life.length ?? 0), 0);
}

/** Lets go of the hours that were not asked for longest, until at most so many rows are left. */
export function trimHours(segments: readonly LoadedSegment[], mostRows: number): void {
  // Asked after each page: mostly nothing is to be sorted.
  if (countRows(segments) <= mostRows) return;
  const kept = segments.filter(({ rollup }) => rollup).sort((a, b) => b.askedAt - a.askedAt);
  let rows = 0;
  for (const segment of kept) {
    rows += segment.rollup?.life.length ?? 0;
    if (rows > mostRows) segment.rollup = null;
  }
}

/** A range has two ends, and a few questions may be asked at once. */
const BUSY_ENDS = 8;

function trimEnds(segments: readonly LoadedSegment[], most: number): void {
  const kept = segments.filter(({ ends }) => ends).sort((a, b) => b.askedAt - a.askedAt);
  for (const segment of kept.slice(most)) segment.ends = null;
}

/** The engine gives its young space back (31 MiB) only if little was allocated in the seconds before a collection. */
const IDLE_COLLECTIONS = 2;

/** Keeps memory within limits while questions come and go. */
export interface MemoryKeeper {
  /** Hours are let go of only while nobody asks: a question finds what it has loaded. */
  during<T>(ask: () => Promise<T>): Promise<T>;
  /** Rows of hours that may come into memory without being asked for: none when nobody has asked for a while. */
  room(): number;
  close(): void;
}

/** @param giveBack returns what is free to the kernel; what V8 lets go of comes free soon after a collection */
export function openMemoryKeeper(
  segments: () => readonly LoadedSegment[],
  { busyRows, idleRows, idleMs }: MemoryLimits,
  giveBack: () => void,
): MemoryKeeper {
  let asking = 0;
  let isIdle = true;
  let collections = 0;
  let collect: (() => void) | null = null;
  let isToTrim = false;
  letHeapDouble();
  /** Behind the answer, and once: a page asks several questions in a row, and each would look at all segments. */
  const trimSoon = () => {
    if (isToTrim) return;
    isToTrim = true;
    setImmediate(() => {
      isToTrim = false;
      if (asking > 0) return;
      trimHours(segments(), busyRows);
      trimEnds(segments(), BUSY_ENDS);
    });
  };
  const timer = setTimeout(() => {
    if (asking > 0) return;
    isIdle = true;
    trimHours(segments(), idleRows);
    trimEnds(segments(), 0);
    giveBack();
    if (collections === IDLE_COLLECTIONS) return;
    collect ??= openCollection();
    collect();
    collections++;
    timer.refresh();
  }, idleMs);
  timer.unref();
  return {
    async during(ask) {
      asking++;
      isIdle = false;
      try {
        return await ask();
      } finally {
        asking--;
        if (asking === 0) trimSoon();
        collections = 0;
        timer.refresh();
      }
    },
    room: () => (isIdle ? 0 : busyRows - countRows(segments())),
    close() {
      isIdle = true;
      clearTimeout(timer);
    },
  };
}
