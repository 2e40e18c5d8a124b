import type { LoadedSegment } from './loaded-segment.ts';
import { integers, parquet } from './read-chunks.ts';

/**
 * Where rows of processes come from: a segment's file or the tail. Both have the columns of docs/segments.md; a life is
 * a row of the lives file in one, its number in the other.
 */
export interface RowSource {
  /** SQL of a table. */
  readonly relation: string;
  /** `null`: the tail. */
  readonly segment: LoadedSegment | null;
  /** The number of what the source calls `life`. */
  idOf(life: number): number;
  /** What the source calls a life; −1 where it is not there. */
  lifeOf(id: number): number;
  /** Texts are ids of a pool in the tail. */
  textOf(cell: unknown): string | null;
}

/** A source of rows in a segment's file. */
export type SegmentSource = RowSource & { readonly segment: LoadedSegment };

/** SQL of the order of siblings, by pid. A segment's file has the rows of a sample in this order: none need be sorted. */
export function bySibling({ segment }: RowSource): string {
  return segment ? '' : 'ORDER BY pid';
}

/**
 * SQL: the row is of one of these lives, as the source calls them; there is at least one. Of what has the limits, the
 * engine reads no more columns than `life`; a set alone it looks at when it has read all of a row.
 */
export function ofLives(lives: Iterable<number>): string {
  const list = [...lives];
  return `life BETWEEN ${integers([Math.min(...list)])} AND ${integers([Math.max(...list)])} AND life IN (${integers(list)})`;
}

export function openSegmentSource(segment: LoadedSegment, lifeOf: (id: number) => number): SegmentSource {
  return {
    relation: parquet([segment.paths.processes]),
    segment,
    idOf: (life) => segment.lives.id[life],
    lifeOf,
    textOf: (cell) => (cell === null ? null : String(cell)),
  };
}
