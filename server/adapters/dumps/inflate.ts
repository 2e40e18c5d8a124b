import { createGunzip } from 'node:zlib';
import type { Caps } from './caps.ts';
import { sizeText } from './caps.ts';

const CHUNK_BYTES = 256 * 1024;
/** Below this, a ratio says nothing about a bomb. */
const RATIO_FREE_BYTES = 1024 * 1024;

export interface Inflating {
  /** Resolves when these compressed bytes have been taken in. @returns false where more would be in vain */
  push(bytes: Buffer): Promise<boolean>;
  end(): Promise<InflateEnd>;
}

export interface InflateEnd {
  /** Why the bytes are not all of the text; `null` where they are. */
  readonly cut: string | null;
  /** Bytes of the text that were handed on. */
  readonly taken: number;
  /** Whether more of the text may stand before the damage: a piece in which it is met gives nothing. */
  readonly isDamaged: boolean;
}

const FOREIGN = 'is not a gzip file';
const DAMAGED = 'its gzip stream is damaged';
const FOLLOWED = 'is followed by something that is not gzip';

function reasonOf(error: Error, taken: number): string {
  if (error.message === 'incorrect header check') return taken === 0 ? FOREIGN : FOLLOWED;
  const code = 'code' in error ? error.code : '';
  return code === 'Z_BUF_ERROR' ? 'cut off: the gzip stream does not end' : DAMAGED;
}

/** Text was found before what was taken for a foreign beginning. */
export function reasonWithText(cut: string): string {
  return cut === FOREIGN ? FOLLOWED : cut;
}

/** The most that a file of this size may unpack to. */
export function largestText(fileBytes: number, caps: Caps): number {
  return Math.min(caps.inflatedBytes, Math.max(RATIO_FREE_BYTES, caps.inflateRatio * fileBytes));
}

/** Inflates piece by piece, so that neither a bomb nor a cut stream costs more than the rows it holds. */
export function openInflating(fileBytes: number, caps: Caps, take: (bytes: Buffer) => void): Inflating {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  const largest = largestText(fileBytes, caps);
  let taken = 0;
  let failure: string | null = null;
  const done = new Promise<void>((resolve) => stream.once('close', resolve));

  stream.on('error', (error) => {
    failure ??= reasonOf(error, taken);
  });
  stream.on('data', (bytes: Buffer) => {
    if (failure !== null) return;
    taken += bytes.length;
    if (taken <= largest) take(bytes);
    else {
      failure = `unpacks to more than ${sizeText(largest)}, far more than a dump of ${sizeText(fileBytes)}`;
      stream.destroy();
    }
  });

  return {
    async push(bytes) {
      if (stream.destroyed) return false;
      const written = new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
      await Promise.race([written, done]);
      return failure === null;
    },
    async end() {
      if (!stream.destroyed) stream.end();
      await done;
      const isDamaged = failure !== null && [FOREIGN, DAMAGED, FOLLOWED].includes(failure);
      return { cut: failure, taken, isDamaged };
    },
  };
}
