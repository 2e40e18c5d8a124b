import type { DumpFolder } from '../../../application/dump-ports.ts';
import type { DaySpace } from './day-space.ts';
import type { SegmentWriter } from './write-segment.ts';

/** What one thread seals with. */
export interface SealWorld extends SegmentWriter {
  /** The dump folder. */
  readonly root: string;
  readonly folder: Pick<DumpFolder, 'read'>;
  /** Memory of earlier days, to be filled again. */
  readonly spare: DaySpace[];
  /** About how many rows are held at a time: a stretch of more becomes several segments. */
  readonly mostRows: number;
}

export interface SealControl {
  /** @throws what the sealing is to end with */
  readonly check: () => void;
  readonly onProgress: (pairs: number, rows: number) => void;
}
