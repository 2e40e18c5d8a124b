import type { Reader } from './connections.ts';
import { partByPart } from './halves.ts';
import { batchesOf } from './load-segments.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { readRollups } from './segment-rollup.ts';

const ROLLUPS_AT_ONCE = 8;

/**
 * Brings the hours of segments into memory, where they stay while somebody asks: while the engine reads some batches, those
 * of others are put into columns.
 */
export async function loadRollups(reader: Reader, segments: readonly LoadedSegment[]): Promise<void> {
  for (const segment of segments) segment.askedAt = performance.now();
  const missing = segments.filter(({ rollup }) => !rollup);
  await partByPart(reader, [...batchesOf(missing, ROLLUPS_AT_ONCE)], async (connection, batch) => {
    const rollups = await readRollups(connection, batch);
    for (const [at, segment] of batch.entries()) segment.rollup = rollups[at];
  });
}
