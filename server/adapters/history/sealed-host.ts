import type { LifeNames } from './life-names.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import type { SegmentSource } from './row-source.ts';
import { openSegmentSource } from './row-source.ts';
import type { SealedLives } from './sealed-lives.ts';
import { buildSealedLives } from './sealed-lives.ts';

/** What is sealed of one host. It is replaced as a whole when the index changes. */
export interface SealedHost {
  /** In order of time; they do not overlap. */
  readonly segments: readonly LoadedSegment[];
  /** Of the segments' rows. */
  readonly sources: readonly SegmentSource[];
  readonly lives: SealedLives;
}

export function buildSealedHost(segments: readonly LoadedSegment[], names: LifeNames): SealedHost {
  const inOrder = [...segments].sort((a, b) => a.manifest.from - b.manifest.from);
  const lives = buildSealedLives(inOrder, names);
  const sources = inOrder.map((segment, at) => openSegmentSource(segment, (id) => lives.rowIn(id, at)));
  return { segments: inOrder, sources, lives };
}

/** Place of the segment that spans `t`; −1 where none does. */
export function placeOfInstant({ segments }: SealedHost, t: number): number {
  return segments.findIndex(({ manifest }) => manifest.from <= t && t <= manifest.to);
}
