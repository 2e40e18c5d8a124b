import type { InstantRange } from '../../application/ports.ts';
import type { Connections } from './connections.ts';
import type { Gate } from './gate.ts';
import type { HostHistory } from './host-history.ts';
import type { MemoryKeeper } from './kept-hours.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { readRollups } from './segment-rollup.ts';

/** Who looks at hours moves along time: hours that nobody has asked for yet come into memory behind the answer. */

/** Days at once: a question that comes while they are put into columns waits for that. */
const BATCH = 4;

export interface ReadAheadBy {
  readonly gate: Gate;
  readonly connections: Connections;
  readonly memory: MemoryKeeper;
}

/** Goes on in the background while there is room; what cannot be read is told by the question that needs it. */
export type ReadAhead = (host: HostHistory, range: InstantRange) => void;

/** Segments without hours in memory, no farther from a range than it is long: the nearest first, of these the newest. */
function nextOf(segments: readonly LoadedSegment[], { from, to }: InstantRange): readonly LoadedSegment[] {
  const distance = ({ manifest }: LoadedSegment) => Math.max(0, from - manifest.to, manifest.from - to);
  return segments
    .filter((segment) => !segment.rollup && distance(segment) <= to - from)
    .sort((a, b) => distance(a) - distance(b) || b.manifest.from - a.manifest.from);
}

/** So many of the next as find room if none is larger than those that are there; in order of time. */
function batchOf({ sealed }: HostHistory, range: InstantRange, room: number): readonly LoadedSegment[] {
  const largest = Math.max(1, ...sealed.segments.map(({ rollup }) => rollup?.life.length ?? 0));
  return nextOf(sealed.segments, range)
    .slice(0, Math.min(BATCH, Math.floor(room / largest)))
    .sort((a, b) => a.manifest.from - b.manifest.from);
}

/** @returns whether there may be room for more */
async function readNext(
  { connections, memory }: ReadAheadBy,
  host: HostHistory,
  range: InstantRange,
): Promise<boolean> {
  const batch = batchOf(host, range, memory.room());
  if (batch.length === 0) return false;
  const rollups = await connections.useSpare((connection) => readRollups(connection, batch));
  for (const [at, rollup] of (rollups ?? []).entries()) {
    if (rollup.life.length > memory.room()) return false;
    // A question may have read the same by itself meanwhile.
    batch[at].rollup ??= rollup;
  }
  return rollups !== null;
}

export function openReadAhead(by: ReadAheadBy): ReadAhead {
  let isReading = false;
  let next: readonly [HostHistory, InstantRange];
  const readAll = async () => {
    while (await by.gate.read(() => readNext(by, ...next)));
  };
  return (host, range) => {
    next = [host, range];
    if (isReading) return;
    isReading = true;
    readAll()
      .catch(() => undefined)
      .finally(() => {
        isReading = false;
      });
  };
}
