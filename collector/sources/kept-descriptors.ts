import { closeSync, openSync } from 'node:fs';
import { systemErrorCode } from '../system-error.ts';
import type { ProcFiles } from './proc-files.ts';
import { failureOf, readProcText } from './proc-files.ts';

/**
 * Descriptors that stay open from sample to sample: reading one again costs a third of opening, reading and
 * closing. Each takes about 4.3 kB of kernel memory and one of the descriptors that `ulimit -n` allows.
 */
export interface KeptDescriptors {
  /** @returns a descriptor; `NOT_KEPT` when there are enough of them; or `VANISHED` or `UNREADABLE` */
  open(path: string): number;
  close(fd: number): void;
  /** How many are open. */
  readonly count: number;
  /** How many of them have to be closed, because this process has run out of descriptors. */
  readonly excess: number;
}

export const NOT_KEPT = -3;

/** 35 MB of kernel memory. */
const MOST = 8192;
/** For everything else that this process opens: files, sockets, libraries. */
const HEAD_ROOM = 256;
const LIMIT_LINE = /^Max open files\s+(\d+|unlimited)/m;
const USUAL_LIMIT = 1024;

/** How many descriptors may be kept under this soft limit: a quarter of it, or 256, are left for other uses. */
export function descriptorBudget(softLimit: number): number {
  return Math.min(MOST, Math.max(0, softLimit - Math.min(HEAD_ROOM, Math.ceil(softLimit / 4))));
}

/** The soft limit of open files, getrlimit(2). Node raises it to the hard one when it starts. */
export function readDescriptorLimit(files: ProcFiles): number {
  const word = LIMIT_LINE.exec(readProcText(files, 'self/limits') ?? '')?.[1];
  if (word === 'unlimited') return Number.MAX_SAFE_INTEGER;
  return word === undefined ? USUAL_LIMIT : Number(word);
}

const NO_MORE = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** @returns a descriptor; `NOT_KEPT` where the system has no more of them; or `VANISHED` or `UNREADABLE` */
function tryOpen(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return NO_MORE.has(systemErrorCode(error)) ? NOT_KEPT : failureOf(path, error);
  }
}

/** @param budget how many may be open at a time */
export function openKeptDescriptors(budget: number): KeptDescriptors {
  let allowed = budget;
  let count = 0;
  return {
    open(path) {
      if (count >= allowed) return NOT_KEPT;
      const fd = tryOpen(path);
      if (fd >= 0) count++;
      // Somebody else needed more than the head room.
      else if (fd === NOT_KEPT) allowed = Math.max(0, count - HEAD_ROOM);
      return fd;
    },
    close(fd) {
      count--;
      closeSync(fd);
    },
    get count() {
      return count;
    },
    get excess() {
      return count - allowed;
    },
  };
}
