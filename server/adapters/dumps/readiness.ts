import { lstatSync } from 'node:fs';
import type { StampNames } from './scan-directory.ts';

/** Half a pair is taken in when its other half has had this long to come. */
const ALONE_MS = 10_000;
/** The predecessor's recorder writes in place: a file is whole when it has rested this long. */
const SEED_MS = 2_000;

function writtenAt(path: string): number | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    // Not for us to see. Reading will say why.
    return 0;
  }
}

/**
 * How long ago a file was last written, by the dump folder's clock; where that runs ahead of ours, since we
 * saw it first. `null`: it is gone.
 */
export function restedMs(path: string, now: number, seenAt: number): number | null {
  const written = writtenAt(path);
  if (written === null) return null;
  return written > now ? now - seenAt : now - written;
}

/**
 * Whether a pair is as complete as it will be. Our recorder renames finished files and writes the system file
 * last, so that both are there or something is wrong.
 */
export function isReady(names: StampNames, isUtc: boolean, rested: (name: string) => number | null): boolean {
  const { process, system } = names;
  if (process !== null && system !== null)
    return isUtc || [process, system].every((name) => (rested(name) ?? -1) >= SEED_MS);
  const only = process ?? system;
  return only !== null && (rested(only) ?? -1) >= ALONE_MS;
}
