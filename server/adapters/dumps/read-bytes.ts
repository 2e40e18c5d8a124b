import type { Stats } from 'node:fs';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Caps } from './caps.ts';
import { sizeText } from './caps.ts';
import { largestText, openInflating, reasonWithText } from './inflate.ts';
import { openRegularFile } from './open-regular-file.ts';
import { salvage } from './salvage.ts';

/** How the reading of a file ended. */
export interface ReadEnd {
  /** Why the file was not opened or not read at all. */
  readonly refusal: string | null;
  /** Why what was handed on is only the beginning. */
  readonly cut: string | null;
  /** Whether the file became another while it was read. */
  readonly changed: boolean;
  /** How it was when it was opened; `null` where it was not. */
  readonly stats: Pick<Stats, 'size' | 'mtimeMs'> | null;
}

/** Where bytes go. With each call comes what they belong to: one sink serves all files, and stays compiled. */
export interface ReadingSink<Owner> {
  /** The file's size on disk is known, before its first bytes. */
  begin(owner: Owner, fileBytes: number): void;
  /** Bytes of the text, unpacked. Valid only during the call. */
  take(owner: Owner, bytes: Buffer): void;
  /** Whether what was taken is what once was written, all of it: then it does not matter what the file is now. */
  isProven(owner: Owner): boolean;
}

interface Reading<Owner> {
  readonly fd: number;
  readonly stats: Stats;
  readonly sink: ReadingSink<Owner>;
  readonly owner: Owner;
}

/** Others wait while one is decoded: of the most costly damage for a tenth of a second. */
const CHUNK_BYTES = 256 * 1024;
/** A bomb is stopped, and a damaged stream has given what it could, after so many bytes. */
const PACKED_CHUNK_BYTES = 16 * 1024;
/** One for all files: it is read and consumed within one turn of the event loop. */
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/** @returns how many bytes were read, or the name of the error */
function readSome(fd: number, into: Buffer, wanted: number, position: number | null = null): number | string {
  try {
    return readSync(fd, into, 0, Math.min(into.length, wanted), position);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function cutBy(outcome: number | string): string | null {
  return typeof outcome === 'string' ? `cannot be read further: ${outcome}` : null;
}

/** Synchronous reads are many times cheaper than promises for files of this size; large ones let others in. */
async function readPlain<Owner>({ fd, stats, sink, owner }: Reading<Owner>): Promise<string | null> {
  const fileBytes = stats.size;
  let total = 0;
  while (total < fileBytes) {
    const count = readSome(fd, chunk, fileBytes - total);
    if (typeof count === 'string' || count === 0) return cutBy(count);
    total += count;
    sink.take(owner, chunk.subarray(0, count));
    if (total < fileBytes) await nextTurn();
  }
  return null;
}

/** Larger files are read as far as their stream goes: to search in them would take long. */
const MOST_SALVAGED_BYTES = 256 * 1024;

/** Hands on what else stands before the damage. @returns whether there was anything */
function salvageRest<Owner>({ fd, stats, sink, owner }: Reading<Owner>, caps: Caps, taken: number): boolean {
  const fileBytes = stats.size;
  if (fileBytes > MOST_SALVAGED_BYTES) return false;
  const packed = Buffer.alloc(fileBytes);
  const count = readSome(fd, packed, fileBytes, 0);
  if (typeof count === 'string') return false;
  const text = salvage(packed.subarray(0, count), largestText(fileBytes, caps));
  if (text.length <= taken) return false;
  sink.take(owner, text.subarray(taken));
  return true;
}

async function readPacked<Owner>(reading: Reading<Owner>, caps: Caps): Promise<string | null> {
  const { fd, sink, owner } = reading;
  const fileBytes = reading.stats.size;
  const inflating = openInflating(fileBytes, caps, (bytes) => sink.take(owner, bytes));
  const packed = Buffer.allocUnsafe(PACKED_CHUNK_BYTES);
  let total = 0;
  let goesOn = true;
  let cut: string | null = null;
  while (goesOn && total < fileBytes) {
    const count = readSome(fd, packed, fileBytes - total);
    cut = cutBy(count);
    goesOn = typeof count === 'number' && count > 0 && (await inflating.push(packed.subarray(0, count)));
    total += typeof count === 'number' ? count : 0;
  }
  const unpacked = await inflating.end();
  if (cut !== null || unpacked.cut === null || !unpacked.isDamaged) return cut ?? unpacked.cut;
  const isMore = salvageRest(reading, caps, unpacked.taken);
  return isMore ? reasonWithText(unpacked.cut) : unpacked.cut;
}

function isOther(before: Stats, after: Stats): boolean {
  return before.size !== after.size || before.mtimeMs !== after.mtimeMs;
}

/** Hands on the bytes of a regular file, unpacked, in pieces. Does not throw for anything that the file is. */
export async function readBytes<Owner>(
  path: string,
  caps: Caps,
  sink: ReadingSink<Owner>,
  owner: Owner,
): Promise<ReadEnd> {
  const opened = openRegularFile(path);
  if ('refusal' in opened) return { refusal: opened.refusal, cut: null, changed: false, stats: null };
  const { fd, stats } = opened;
  try {
    if (stats.size > caps.fileBytes)
      return { refusal: `is larger than ${sizeText(caps.fileBytes)}`, cut: null, changed: false, stats };
    sink.begin(owner, stats.size);
    const reading = { fd, stats, sink, owner };
    const cut = await (path.endsWith('.gz') ? readPacked(reading, caps) : readPlain(reading));
    const changed = !sink.isProven(owner) && isOther(stats, fstatSync(fd));
    return { refusal: null, cut, changed, stats };
  } finally {
    closeSync(fd);
  }
}
