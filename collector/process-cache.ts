import type { ProcessRecord, RecordLayout } from './record-layout.ts';
import { byRssDescending } from './record-layout.ts';
import { hashBytes } from './sources/hash-bytes.ts';
import type { StatLine } from './sources/parse-stat.ts';

/** A process that is remembered from sample to sample, with what does not change each time. */
export interface CachedProcess extends ProcessRecord {
  readonly startTicks: number;
  /** Its statm, which is kept open; negative where it is opened each time. */
  fd: number;
  /** Its schedstat, kept open while it is watched; negative where it is not. */
  runFd: number;
  /** Hash of what that said last. */
  runMark: number;
  /** Shared pages of statm. */
  sharedPages: number;
  /** Command, user and cgroup have to be read: it is new, has executed a program or taken a name, or is due. */
  isStale: boolean;
  /** Effective user id; -1 until it is known. */
  uid: number;
  /** Its smaps_rollup is another user's: not asked again before it is stale. */
  isRollupDenied: boolean;
  /** How many threads it had when stat was read. */
  threads: number;
  /** The ticks in which status was read, and PSS asked for; -1 before the first time. */
  statusTick: number;
  rollupTick: number;
  /** When the PSS that it has was read, ms of the reader's clock; -Infinity where it has none. */
  pssAt: number;
  /** What asking for PSS cost last, in ms per MiB. */
  rollupMsPerMib: number;
  /** Its place in the queue for PSS: the larger, the sooner. */
  rollupScore: number;
  /** A read of its memory has not come back. */
  isBlocked: boolean;
  readonly image: ProgramImage;
  /** Hashes of the command line and the cgroup as the kernel told them; NaN until they were read. */
  commandHash: number;
  groupHash: number;
  readonly turn: number;
  seenAt: number;
}

/**
 * execve(2) keeps pid and start time, but loads the code and lays the arguments elsewhere (address space layout
 * randomization). The kernel shows both places as 0 to those who may not trace the process; then its name,
 * which execve changes too, has to do.
 */
export interface ProgramImage {
  startCode: number;
  argStart: number;
  commHash: number;
}

export interface ProcessCache {
  /** Counts samples from 0. */
  readonly tick: number;
  beginTick(): void;
  /** The process that had this pid in the last sample. It may have ended, and the pid be another's. */
  find(pid: number): CachedProcess | undefined;
  /** A process that was not there before, of this stat line. */
  add(pid: number, stat: StatLine, fd: number): CachedProcess;
  /** Whether what stat does not show is read again in this sample. */
  isDue(process: CachedProcess): boolean;
  /** It ended. */
  drop(process: CachedProcess): void;
  /** Forgets those that were not seen since `beginTick`, or dropped; they are given to `onEnd`. */
  sweep(onEnd: (process: CachedProcess) => void): void;
  /** Puts `all` in the order of a process file. */
  rank(): void;
  /** Those that were there at the last `sweep`, and new ones since. */
  readonly all: readonly CachedProcess[];
}

/** setproctitle(3), setuid(2) and a move to another cgroup leave no mark in stat: a tenth is read again each time. */
export const USUAL_TURNS = 10;
const START_TICKS = 22;
const START_CODE = 26;
const ARG_START = 48;
/** No tick, no user. */
const NONE = -1;

/** Takes what tells one program from another. @returns whether it is another one than before */
export function putImage(
  image: ProgramImage,
  { fields, commStart, commEnd }: StatLine,
  bytes: Uint8Array,
): boolean {
  const commHash = hashBytes(bytes, commStart, commEnd);
  const isSame =
    Object.is(image.startCode, fields[START_CODE]) &&
    Object.is(image.argStart, fields[ARG_START]) &&
    image.commHash === commHash;
  if (isSame) return false;
  image.startCode = fields[START_CODE];
  image.argStart = fields[ARG_START];
  image.commHash = commHash;
  return true;
}

export function isSameLife(process: CachedProcess, stat: StatLine): boolean {
  return process.startTicks === stat.fields[START_TICKS];
}

/** One literal, so that all have one shape. */
function newProcess(
  { unknownNumbers, unknownTexts }: RecordLayout,
  pid: number,
  stat: StatLine,
  fd: number,
  turn: number,
): CachedProcess {
  return {
    pid,
    rss: 0,
    numbers: unknownNumbers.slice(),
    texts: unknownTexts.slice(),
    isChanged: true,
    line: { file: 0, start: 0, end: 0 },
    startTicks: stat.fields[START_TICKS],
    fd,
    runFd: NONE,
    runMark: Number.NaN,
    sharedPages: Number.NaN,
    isStale: true,
    uid: NONE,
    isRollupDenied: false,
    threads: 0,
    statusTick: NONE,
    rollupTick: NONE,
    pssAt: Number.NEGATIVE_INFINITY,
    rollupMsPerMib: Number.NaN,
    rollupScore: 0,
    isBlocked: false,
    image: { startCode: Number.NaN, argStart: Number.NaN, commHash: Number.NaN },
    commandHash: Number.NaN,
    groupHash: Number.NaN,
    turn,
    seenAt: NONE,
  };
}

/** Whether each has at most the RSS of the one before: then there is nothing to sort. */
function isRanked(processes: readonly CachedProcess[]): boolean {
  for (let k = 1; k < processes.length; k++)
    if (byRssDescending(processes[k - 1], processes[k]) > 0) return false;
  return true;
}

/**
 * Remembers processes by pid; another start time is another process.
 * @param turns in how many samples each of them is due
 */
export function openProcessCache(layout: RecordLayout, turns: number): ProcessCache {
  const byPid = new Map<number, CachedProcess>();
  /** Stays sorted from one sample to the next, so that sorting it again is cheap. */
  const ranked: CachedProcess[] = [];
  let tick = -1;
  let born = 0;
  return {
    get tick() {
      return tick;
    },
    all: ranked,
    beginTick() {
      tick++;
    },
    find: (pid) => byPid.get(pid),
    add(pid, stat, fd) {
      const process = newProcess(layout, pid, stat, fd, born++ % turns);
      byPid.set(pid, process);
      ranked.push(process);
      return process;
    },
    isDue: ({ turn }) => turn === tick % turns,
    drop(process) {
      process.seenAt = NONE;
      if (byPid.get(process.pid) === process) byPid.delete(process.pid);
    },
    sweep(onEnd) {
      let kept = 0;
      for (const process of ranked)
        if (process.seenAt === tick) ranked[kept++] = process;
        else {
          if (byPid.get(process.pid) === process) byPid.delete(process.pid);
          onEnd(process);
        }
      ranked.length = kept;
    },
    rank() {
      if (!isRanked(ranked)) ranked.sort(byRssDescending);
    },
  };
}
