import type { LifeSpan } from '../../application/ports.ts';
import { lastAtOrBefore } from '../../domain/timeline.ts';
import type { LifeNames } from './life-names.ts';
import type { SegmentFiles } from './segment-files.ts';
import type { SegmentLives } from './segment-lives.ts';

/** Which segments a life is in: chains of entries (a life in a segment), in order of time. Never changed once built. */
export interface SealedLives {
  /** Calls back for each segment (by its place) that the life is in, first to last; `row` is its row there. */
  eachOf(id: number, visit: (segment: number, row: number) => void): void;
  /** `null` where no segment holds it. */
  spanOf(id: number): LifeSpan | null;
  /** Where it was last seen, as [segment, row]; `null` where no segment holds it. */
  lastOf(id: number): readonly [segment: number, row: number] | null;
  /** Row of a life in one segment, by its place; −1 where it is not there. */
  rowIn(id: number, segment: number): number;
  isOfOneSegment(id: number): boolean;
  idsOfPid(pid: number): readonly number[];
}

type Lived = SegmentFiles & { readonly lives: SegmentLives };

const NONE = -1;

interface Chains {
  /** The number of each segment's first entry. */
  readonly base: readonly number[];
  /** First and last entry of each life. */
  readonly head: Int32Array;
  readonly last: Int32Array;
  /** The life's entry after this one. */
  readonly next: Int32Array;
}

function buildChains(segments: readonly Lived[]): Chains {
  const base: number[] = [];
  let entries = 0;
  let ids = 0;
  for (const { lives } of segments) {
    base.push(entries);
    entries += lives.id.length;
    for (const id of lives.id) ids = Math.max(ids, id + 1);
  }
  const head = new Int32Array(ids).fill(NONE);
  const last = new Int32Array(ids).fill(NONE);
  const next = new Int32Array(entries).fill(NONE);
  for (const [at, { lives }] of segments.entries())
    for (const [row, id] of lives.id.entries()) {
      const entry = base[at] + row;
      if (last[id] === NONE) head[id] = entry;
      else next[last[id]] = entry;
      last[id] = entry;
    }
  return { base, head, last, next };
}

/** Lives are in order of pid: the first row of a pid. */
function firstRowOfPid({ id }: SegmentLives, names: LifeNames, pid: number): number {
  let low = 0;
  let high = id.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names.pidOf(id[middle]) < pid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function idsOfPid(segments: readonly Lived[], names: LifeNames, pid: number): readonly number[] {
  const found = new Set<number>();
  for (const { lives } of segments)
    for (let row = firstRowOfPid(lives, names, pid); row < lives.id.length; row++) {
      if (names.pidOf(lives.id[row]) !== pid) break;
      found.add(lives.id[row]);
    }
  return [...found];
}

/** `segments` in order of time. */
export function buildSealedLives(segments: readonly Lived[], names: LifeNames): SealedLives {
  const { base, head, last, next } = buildChains(segments);
  const entryOf = (column: Int32Array, id: number) => (id < column.length ? column[id] : NONE);

  function placeOf(entry: number): readonly [segment: number, row: number] {
    const segment = lastAtOrBefore(base, entry);
    return [segment, entry - base[segment]];
  }

  return {
    eachOf(id, visit) {
      for (let entry = entryOf(head, id); entry !== NONE; entry = next[entry]) {
        // As `placeOf`, without an array for each entry.
        const segment = lastAtOrBefore(base, entry);
        visit(segment, entry - base[segment]);
      }
    },
    spanOf(id) {
      if (entryOf(head, id) === NONE) return null;
      const [firstSegment, firstRow] = placeOf(head[id]);
      const [lastSegment, lastRow] = placeOf(last[id]);
      const first = segments[firstSegment].lives;
      return {
        id,
        key: names.keyOf(id),
        pid: names.pidOf(id),
        weak: names.isWeak(id),
        firstSeen: first.firstT[firstRow],
        lastSeen: segments[lastSegment].lives.lastT[lastRow],
        started: first.started[firstRow],
      };
    },
    lastOf: (id) => (entryOf(last, id) === NONE ? null : placeOf(last[id])),
    rowIn(id, segment) {
      const end = base[segment] + segments[segment].lives.id.length;
      let entry = entryOf(head, id);
      while (entry !== NONE && entry < base[segment]) entry = next[entry];
      return entry !== NONE && entry < end ? entry - base[segment] : NONE;
    },
    isOfOneSegment: (id) => entryOf(head, id) === entryOf(last, id),
    idsOfPid: (pid) => idsOfPid(segments, names, pid),
  };
}
