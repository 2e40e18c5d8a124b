import type { Numbers, SegmentFiles } from './segment-files.ts';
import type { SegmentLives } from './segment-lives.ts';
import type { SegmentRollup } from './segment-rollup.ts';
import type { SegmentSpine } from './segment-spine.ts';

/** A segment with what of it is kept in memory. */
export interface LoadedSegment extends SegmentFiles {
  readonly spine: SegmentSpine;
  readonly lives: SegmentLives;
  /** System figures that somebody asked for, by id. */
  figures: Numbers;
  /** `null` until somebody asks. */
  rollup: SegmentRollup | null;
  /** Stored metrics that came into the catalogue after it was sealed; `null` until somebody asks. */
  lacks: readonly string[] | null;
}
