import type { Numbers, SegmentFiles } from './segment-files.ts';
import type { SegmentLives } from './segment-lives.ts';
import type { SegmentRollup } from './segment-rollup.ts';
import type { SegmentSpine } from './segment-spine.ts';

/** Rows of processes; `parent` is −1 for none. */
export type LifeRows = Readonly<Record<'life' | 'parent' | 't' | 'rss' | 'subtreeRss', Float64Array>>;

/** All rows of these lives at these instants, in no order. */
export interface KeptEnds {
  /** SQL. */
  readonly instants: string;
  readonly lives: ReadonlySet<number>;
  readonly rows: readonly LifeRows[];
}

/** A segment with what of it is kept in memory. */
export interface LoadedSegment extends SegmentFiles {
  readonly spine: SegmentSpine;
  readonly lives: SegmentLives;
  /** System figures that somebody asked for, by id. */
  figures: Numbers;
  /** `null` until somebody asks, and again when nobody has for long. */
  rollup: SegmentRollup | null;
  /** Rows at the ends of the range that was asked for last. */
  ends: KeptEnds | null;
  /** By life, as far as somebody asked for them; empty until somebody does. */
  readonly commands: (string | null | undefined)[];
  /** Stored metrics that came into the catalogue after it was sealed; `null` until somebody asks. */
  lacks: readonly string[] | null;
  /** When somebody asked for the hours last, as performance.now(). */
  askedAt: number;
}
