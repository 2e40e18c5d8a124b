import { DAY_MS } from '../../domain/durations.ts';
import type { StampNames } from './scan-directory.ts';

/** A pair that is not ready yet. */
export interface WaitingPair {
  readonly names: StampNames;
  /** When this half was first seen, by our clock. */
  readonly seenAt: number;
}

/** What is known of one directory of dumps between two listings. */
export interface DirectoryState {
  /** Relative to the dump folder; '' is the folder itself. */
  readonly path: string;
  /** The sub-folder that names a host; '' at the top. */
  readonly host: string;
  /** Of the directory when its entries were last read. */
  mtime: number | null;
  /** When this mtime was first seen, by our clock. */
  mtimeSeenAt: number;
  /** Its entries were read long enough after its last change to be all of them. */
  isSettled: boolean;
  days: readonly string[];
  others: readonly string[];
  /** Stamps that were listed as ready. Only those that are still there are remembered. */
  listed: Set<string>;
  waiting: Map<string, WaitingPair>;
  /** Names that were listed as rejects. */
  readonly refused: Set<string>;
}

/** Coarser than any file system's time stamps: FAT counts in 2 s. */
const SETTLING_MS = 3_000;
/** Clocks of file servers are not so far off. */
const LONG_AGO_MS = DAY_MS;

export function openDirectoryState(path: string, host: string): DirectoryState {
  return {
    path,
    host,
    mtime: null,
    mtimeSeenAt: 0,
    isSettled: false,
    days: [],
    others: [],
    listed: new Set(),
    waiting: new Map(),
    refused: new Set(),
  };
}

/**
 * Whether a directory's entries have to be read again. Every new name changes its mtime, but a second one
 * within the same tick of the file system's clock does not: it is read until it was quiet for a while by our own clock.
 */
export function needsReading(state: DirectoryState, mtime: number, now: number): boolean {
  if (state.mtime === mtime && state.isSettled) return false;
  if (state.mtime !== mtime) {
    state.mtime = mtime;
    state.mtimeSeenAt = now;
  }
  state.isSettled = now - state.mtimeSeenAt >= SETTLING_MS || now - mtime >= LONG_AGO_MS;
  return true;
}

/** Takes in what a directory holds now: what is new waits, what is gone is forgotten. */
export function updateStamps(
  state: DirectoryState,
  stamps: ReadonlyMap<string, StampNames>,
  now: number,
): void {
  const listed = new Set<string>();
  const waiting = new Map<string, WaitingPair>();
  for (const [stamp, names] of stamps) {
    if (state.listed.has(stamp)) listed.add(stamp);
    else waiting.set(stamp, { names, seenAt: state.waiting.get(stamp)?.seenAt ?? now });
  }
  state.listed = listed;
  state.waiting = waiting;
}
