import { close, open, read } from 'node:fs';
import { failureOf, LARGEST_CAPACITY, UNREADABLE } from './proc-files.ts';

/**
 * cmdline and smaps_rollup are read through the address space of the process they tell of. Somebody may hold it
 * for ever (a page fault that waits for a dead file server), and then the read never returns and cannot be
 * interrupted. Such reads are made here by threads that can be left behind.
 */
export interface GuardedReads {
  /** A new sample begins, and with it its patience. */
  beginTick(): void;
  /**
   * Starts to read a whole file. `then` is called with its length, `VANISHED` or `UNREADABLE`; with `BLOCKED`
   * when it has not come back in time, and again when it does; with `SKIPPED` where it was not tried: no thread
   * was free, or the sample's patience was spent.
   * The bytes are valid during the call.
   */
  start(path: string, then: Done): void;
  /**
   * Resolves when all that was started has been told of.
   * @throws MemoryInspectorError `source_unavailable` when this process is out of descriptors or memory
   */
  settle(): Promise<void>;
  /** Nothing that was started is still to be told of. */
  readonly isIdle: boolean;
  /** The sample has waited as long as it may: nothing more is tried in it. */
  readonly isSpent: boolean;
  /** Reads that have been left behind and have not come back yet. */
  readonly stuck: number;
}

/** Instead of a length: the read did not come back in time. */
export const BLOCKED = -4;
/** Instead of a length: it was not tried. */
export const SKIPPED = -5;

/** How long one sample waits for such reads, in all. */
export const PATIENCE_MS = 5000;
/** It is waited in so many turns: what came while this process itself was held is looked at before it is given up. */
const TURNS = 10;
/** A left-behind read keeps one of the four threads that Node has; the others are needed. */
const MOST_STUCK = 2;
const AT_A_TIME = 8;
const FIRST_CAPACITY = 64 * 1024;

type Done = (length: number, bytes: Buffer) => void;
type Failed = (error: unknown, bytes: Buffer) => void;

interface Job {
  readonly path: string;
  readonly then: Done;
  isLeft: boolean;
}

const NOTHING = Buffer.alloc(0);

function readOn(fd: number, bytes: Buffer, at: number, done: Done, failed: Failed): void {
  read(fd, bytes, at, bytes.length - at, null, (error, count) => {
    if (error) return failed(error, bytes);
    const length = at + count;
    if (length < bytes.length || bytes.length >= LARGEST_CAPACITY) return done(length, bytes);
    readOn(fd, Buffer.concat([bytes], bytes.length * 2), length, done, failed);
  });
}

/** Opening waits, too, where `path` is a FIFO of a made-up proc root: it is done by a thread as well. */
function readWhole(path: string, bytes: Buffer, done: Done, failed: Failed): void {
  open(path, 'r', (error, fd) => {
    if (error) return failed(error, bytes);
    const release = () => close(fd, () => undefined);
    readOn(
      fd,
      bytes,
      0,
      (length, filled) => {
        release();
        done(length, filled);
      },
      (reason, filled) => {
        release();
        failed(reason, filled);
      },
    );
  });
}

interface Crew {
  /** Buffers that are not in use. */
  readonly buffers: Buffer[];
  readonly waiting: Job[];
  readonly running: Set<Job>;
  stuck: number;
  /** Ms that this sample may still wait. */
  patience: number;
  isSpent: boolean;
  /** This process was out of means. */
  failure: unknown;
  onIdle: (() => void) | undefined;
}

function finish(crew: Crew, job: Job, length: number, bytes: Buffer): void {
  crew.buffers.push(bytes);
  if (job.isLeft) crew.stuck--;
  crew.running.delete(job);
  job.then(length, bytes);
  startWaiting(crew);
  if (crew.running.size === 0) crew.onIdle?.();
}

function fail(crew: Crew, job: Job, error: unknown, bytes: Buffer): void {
  let length = UNREADABLE;
  try {
    length = failureOf(job.path, error);
  } catch (outOfMeans) {
    crew.failure ??= outOfMeans;
  }
  finish(crew, job, length, bytes);
}

function startWaiting(crew: Crew): void {
  while (crew.running.size < AT_A_TIME) {
    const job = crew.waiting.shift();
    if (!job) return;
    crew.running.add(job);
    readWhole(
      job.path,
      crew.buffers.pop() ?? Buffer.allocUnsafe(FIRST_CAPACITY),
      (length, bytes) => finish(crew, job, length, bytes),
      (error, bytes) => fail(crew, job, error, bytes),
    );
  }
}

function leaveBehind(crew: Crew): void {
  const left = [...crew.running];
  crew.running.clear();
  crew.stuck += left.length;
  crew.isSpent = true;
  for (const job of left) {
    job.isLeft = true;
    job.then(BLOCKED, NOTHING);
  }
  for (const job of crew.waiting.splice(0)) job.then(SKIPPED, NOTHING);
  crew.onIdle?.();
}

/** A turn counts for no longer than it was meant to last: this process may have been held meanwhile. */
async function untilIdle(crew: Crew): Promise<void> {
  const turnMs = crew.patience / TURNS;
  let turns = 0;
  const since = performance.now();
  const timer = setInterval(() => {
    if (++turns === TURNS) leaveBehind(crew);
  }, turnMs);
  await new Promise<void>((resolve) => {
    crew.onIdle = resolve;
  });
  crew.onIdle = undefined;
  clearInterval(timer);
  crew.patience -= Math.min(performance.now() - since, (turns + 1) * turnMs);
}

/** @param patienceMs how long one sample waits in all */
export function openGuardedReads(patienceMs = PATIENCE_MS): GuardedReads {
  const crew: Crew = {
    buffers: [],
    waiting: [],
    running: new Set(),
    stuck: 0,
    patience: patienceMs,
    isSpent: false,
    failure: undefined,
    onIdle: undefined,
  };
  return {
    get isIdle() {
      return crew.running.size === 0 && crew.failure === undefined;
    },
    get isSpent() {
      return crew.isSpent;
    },
    get stuck() {
      return crew.stuck;
    },
    beginTick() {
      crew.patience = patienceMs;
      crew.isSpent = false;
    },
    start(path, then) {
      if (crew.isSpent || crew.stuck >= MOST_STUCK) return then(SKIPPED, NOTHING);
      crew.waiting.push({ path, then, isLeft: false });
      startWaiting(crew);
    },
    async settle() {
      if (crew.running.size > 0) await untilIdle(crew);
      const { failure } = crew;
      crew.failure = undefined;
      if (failure !== undefined) throw failure;
    },
  };
}
