import { gzipSync } from 'node:zlib';
import type { DumpPlace } from './dump-writer.ts';

/** Level 6 is half as slow as 9, for files that are hardly larger. */
const LEVEL = 6;

/** A process file on its way to disk. The system file counts its bytes as they were before they were packed. */
export interface PackedDump {
  readonly place: DumpPlace;
  readonly processFile: Uint8Array;
}

/** `.csv` → `.csv.gz`, where that is wanted. */
export function packDump(place: DumpPlace, processFile: Uint8Array, isWanted: boolean): PackedDump {
  if (!isWanted) return { place, processFile };
  return {
    place: { ...place, processFile: `${place.processFile}.gz` },
    processFile: gzipSync(processFile, { level: LEVEL }),
  };
}
