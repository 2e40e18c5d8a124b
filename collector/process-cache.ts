import type { ProcessRecord, RecordLayout } from './record-layout.ts';
import { byRssDescending, emptyRecord } from './record-layout.ts';
import type { StatLine } from './sources/parse-stat.ts';

/** A process that is remembered from sample to sample, with what does not change each time: its texts. */
export interface CachedProcess extends ProcessRecord {
  readonly startTicks: number;
  /** Command, user and cgroup have to be read: it is new, has executed a program or taken a name, or is due. */
  stale: boolean;
  /** Effective user id; -1 until it is known. */
  uid: number;
  /** Its smaps_rollup is another user's: not asked again before it is stale. */
  rollupDenied: boolean;
  image: ProgramImage;
  readonly turn: number;
  seenAt: number;
}

/**
 * execve(2) keeps pid and start time, but loads the code and lays the arguments elsewhere (address space layout
 * randomization). The kernel shows both places as 0 to those who may not trace the process; then its name,
 * which execve changes too, has to do.
 */
interface ProgramImage {
  readonly startCode: number;
  readonly argStart: number;
  readonly comm: Buffer;
}

export interface ProcessCache {
  /** A new sample begins. */
  beginTick(): void;
  /** The process of this stat line. */
  find(pid: number, stat: StatLine, bytes: Uint8Array): CachedProcess;
  /** It ended while it was read. */
  forget(process: CachedProcess): void;
  /** Forgets those that were not found since `beginTick`. @returns the others, by RSS descending */
  endTick(): readonly CachedProcess[];
}

/** setproctitle(3), setuid(2) and a move to another cgroup leave no mark in stat: a tenth is read again each time. */
const TURNS = 10;
const START_TICKS = 22;
const START_CODE = 26;
const ARG_START = 48;

function copyImage({ fields, commStart, commEnd }: StatLine, bytes: Uint8Array): ProgramImage {
  return {
    startCode: fields[START_CODE],
    argStart: fields[ARG_START],
    comm: Buffer.from(bytes.subarray(commStart, commEnd)),
  };
}

function isImage(image: ProgramImage, stat: StatLine, bytes: Uint8Array): boolean {
  const { comm } = image;
  if (!Object.is(image.startCode, stat.fields[START_CODE])) return false;
  if (!Object.is(image.argStart, stat.fields[ARG_START])) return false;
  if (comm.length !== stat.commEnd - stat.commStart) return false;
  for (let k = 0; k < comm.length; k++) if (comm[k] !== bytes[stat.commStart + k]) return false;
  return true;
}

function newProcess(
  layout: RecordLayout,
  pid: number,
  stat: StatLine,
  bytes: Uint8Array,
  turn: number,
): CachedProcess {
  return {
    ...emptyRecord(layout, pid),
    startTicks: stat.fields[START_TICKS],
    stale: true,
    uid: -1,
    rollupDenied: false,
    image: copyImage(stat, bytes),
    turn,
    seenAt: -1,
  };
}

/** Remembers processes by pid; another start time is another process. */
export function openProcessCache(layout: RecordLayout): ProcessCache {
  const byPid = new Map<number, CachedProcess>();
  /** Stays sorted from one sample to the next, so that sorting it again is cheap. */
  const ranked: CachedProcess[] = [];
  let tick = -1;
  let born = 0;

  function isAlive(process: CachedProcess): boolean {
    if (process.seenAt === tick) return true;
    if (byPid.get(process.pid) === process) byPid.delete(process.pid);
    return false;
  }

  return {
    beginTick() {
      tick++;
    },
    find(pid, stat, bytes) {
      let process = byPid.get(pid);
      if (process?.startTicks !== stat.fields[START_TICKS]) {
        process = newProcess(layout, pid, stat, bytes, born++ % TURNS);
        byPid.set(pid, process);
        ranked.push(process);
      } else if (!isImage(process.image, stat, bytes)) {
        process.image = copyImage(stat, bytes);
        process.stale = true;
      } else if (process.turn === tick % TURNS) process.stale = true;
      process.seenAt = tick;
      return process;
    },
    forget(process) {
      process.seenAt = -1;
    },
    endTick() {
      let kept = 0;
      for (const process of ranked) if (isAlive(process)) ranked[kept++] = process;
      ranked.length = kept;
      return ranked.sort(byRssDescending);
    },
  };
}
