import type { DuckDBConnection } from '@duckdb/node-api';
import type { Reader } from './connections.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { readRollups } from './segment-rollup.ts';

const ROLLUPS_AT_ONCE = 8;

async function loadInBatches(connection: DuckDBConnection, missing: readonly LoadedSegment[]): Promise<void> {
  for (let first = 0; first < missing.length; first += ROLLUPS_AT_ONCE) {
    const batch = missing.slice(first, first + ROLLUPS_AT_ONCE);
    const rollups = await readRollups(connection, batch);
    for (const [at, segment] of batch.entries()) segment.rollup = rollups[at];
  }
}

/**
 * Brings the hours of segments into memory, where they stay while somebody asks. Of many one half and the other at the
 * same time: while the engine reads those of one, those of the other are put into columns.
 */
export async function loadRollups(
  { connection, beside }: Reader,
  segments: readonly LoadedSegment[],
): Promise<void> {
  for (const segment of segments) segment.askedAt = performance.now();
  const missing = segments.filter(({ rollup }) => !rollup);
  const half = missing.length > ROLLUPS_AT_ONCE ? Math.ceil(missing.length / 2) : missing.length;
  await Promise.all([
    loadInBatches(connection, missing.slice(0, half)),
    ...(half < missing.length ? [beside((free) => loadInBatches(free, missing.slice(half)))] : []),
  ]);
}
