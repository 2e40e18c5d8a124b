import { constants, gunzipSync } from 'node:zlib';

/** Unpacks what comes before `size`; `null` where damage is met by then. */
function unpackBefore(packed: Buffer, size: number, mostBytes: number): Buffer | null {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes };
  try {
    return gunzipSync(packed.subarray(0, size), options);
  } catch {
    return null;
  }
}

/**
 * The text before the damage of a gzip stream. A stream gives nothing of the piece in which it meets damage, and
 * most dumps are one piece: the longest beginning without damage is searched for.
 */
export function salvage(packed: Buffer, mostBytes: number): Buffer {
  let text = Buffer.alloc(0);
  let good = 0;
  let bad = packed.length;
  while (bad - good > 1) {
    const size = (good + bad) >> 1;
    const unpacked = unpackBefore(packed, size, mostBytes);
    if (unpacked) {
      text = Buffer.from(unpacked);
      good = size;
    } else bad = size;
  }
  return text;
}
