import type { Damage } from '../../application/dump-damage.ts';
import type { WeakProcess } from '../../domain/process-lives.ts';
import type { SystemRow } from '../../domain/sample.ts';

/**
 * A segment: what is kept of a stretch of one host's dumps (a UTC day, or whole hours of the day that is not over), as
 * Parquet. docs/segments.md has the columns.
 */

export const SEGMENT_KINDS = ['processes', 'lives', 'rollup', 'system'] as const;

export type SegmentKind = (typeof SEGMENT_KINDS)[number];

/** What of a sample decides whether a gap lies before it. */
export type EdgeSample = Pick<SystemRow, 't' | 'uptimeSeconds' | 'intervalSeconds' | 'bootId'>;

/** One of several segments that were made at once, since a day has more rows than memory: it counts where all are there. */
export interface SegmentPart {
  /** Of all of them. */
  readonly set: string;
  /** From 0, in order of time. */
  readonly place: number;
  readonly of: number;
}

/** The commit record: a segment without one does not exist. */
export interface SegmentManifest {
  /**
   * 1: with the depth-first position of each row, and tree figures of every life and hour. 3: with each life's last row.
   * 4: lives and rollup do not repeat each other; keys in parts. 5: nor when a life was first seen; when it began follows.
   */
  readonly version: 1 | 2 | 3 | 4 | 5;
  readonly id: string;
  readonly host: string;
  /** UTC day, `YYYY-MM-DD`. */
  readonly date: string;
  /** First and last sample, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  readonly rows: number;
  readonly lives: number;
  /** Of all its files. */
  readonly bytes: number;
  /** Ids of segments of the same host and date that this one stands for. */
  readonly replaces: readonly string[];
  /** ISO 8601. */
  readonly sealedAt: string;
  /** The weakly identified processes of the last sample with processes, so that their lives go on in the next segment. */
  readonly weak: readonly WeakProcess[];
  /** For sealing what lies around: its first and last samples, a few each, in order of time. */
  readonly first?: readonly EdgeSample[];
  readonly last?: readonly EdgeSample[];
  /** A mark of what lives without start ticks were told by; absent where none hangs on what lies around. */
  readonly context?: string;
  readonly part?: SegmentPart;
}

/** A dump that a segment was made of. Paths are relative to the dump folder. */
export interface SegmentSource {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Epoch ms of the sample that it gave; `null` where it gave none. */
  readonly t: number | null;
  /** Process rows that it gave; absent where it gave none, or where that was not kept. */
  readonly rows?: number;
  /** What of it could not be used; absent where all could. */
  readonly damage?: Damage;
}
