import { readdirSync } from 'node:fs';
import { openStatLine, parseStat } from '../../../collector/sources/parse-stat.ts';
import { readProcFile, readProcText } from '../../../collector/sources/proc-files.ts';
import { textOf } from '../../../collector/sources/process-texts.ts';
import { nextTurn } from '../../application/turns.ts';
import type { CpuTimes, Scheduling, ThreadFigures } from '../../domain/process-analysis.ts';
import { escapeText } from '../../domain/text-notation.ts';
import type { Host } from './host.ts';

/** Threads with their times: /proc/PID/task. */

/** Fields of proc_pid_stat(5). */
const STAT = {
  userTime: 14,
  systemTime: 15,
  nice: 19,
  processor: 39,
  realtimePriority: 40,
  policy: 41,
} as const;
/** sched(7); 7 is sched_ext of Linux 6.12. */
const POLICIES = ['other', 'fifo', 'rr', 'batch', null, 'idle', 'deadline', 'ext'] as const;
/** Read in one go: a ms or two. */
const AT_A_TIME = 50;

/** What one line of stat says of a thread. */
export interface ThreadSample {
  readonly tid: number;
  readonly comm: string;
  readonly state: string;
  readonly user_seconds: number;
  readonly system_seconds: number;
  readonly nice: number;
  readonly last_cpu: number;
  readonly realtime_priority: number;
  readonly policy: string | null;
}

/** A line of stat, of a thread or (`PID/stat`) of a process: the sum over its threads, dead ones too. */
export function readThread(
  { files, procRoot, constants }: Host,
  path: string,
  tid: number,
): ThreadSample | null {
  const stat = openStatLine();
  const length = readProcFile(files, `${procRoot}/${path}/stat`);
  if (length < 0 || !parseStat(files.bytes, length, stat)) return null;
  const { fields, commStart, commEnd, state } = stat;
  return {
    tid,
    comm: textOf(files.bytes, commStart, commEnd),
    state: String.fromCharCode(state),
    user_seconds: fields[STAT.userTime] / constants.clockTicks,
    system_seconds: fields[STAT.systemTime] / constants.clockTicks,
    nice: fields[STAT.nice],
    last_cpu: fields[STAT.processor],
    realtime_priority: fields[STAT.realtimePriority],
    policy: POLICIES[fields[STAT.policy]] ?? null,
  };
}

function listThreads(procRoot: string, pid: number): readonly number[] {
  try {
    return readdirSync(`${procRoot}/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** All threads of now, by id. Other work has its turn in between. */
export async function readThreads(host: Host, pid: number): Promise<ReadonlyMap<number, ThreadSample>> {
  const threads = new Map<number, ThreadSample>();
  for (const [at, tid] of listThreads(host.procRoot, pid).entries()) {
    const thread = readThread(host, `${pid}/task/${tid}`, tid);
    if (thread) threads.set(tid, thread);
    if (at % AT_A_TIME === AT_A_TIME - 1) await nextTurn();
  }
  return threads;
}

/** What is not in stat. @param path below /proc */
export function readScheduling(
  { files }: Host,
  path: string,
): Pick<Scheduling, 'affinity' | 'wait_channel' | 'voluntary_switches' | 'involuntary_switches'> {
  const status = readProcText(files, `${path}/status`) ?? '';
  const textOfKey = (key: string) => new RegExp(`^${key}:\\t(.*)$`, 'm').exec(status)?.[1] ?? null;
  const countOf = (key: string) => {
    const value = textOfKey(key);
    return value === null ? null : Number(value);
  };
  const channel = readProcText(files, `${path}/wchan`);
  return {
    affinity: textOfKey('Cpus_allowed_list'),
    // 0: it does not wait, or the kernel does not say where.
    wait_channel: channel === '0' ? '' : channel && escapeText(channel),
    voluntary_switches: countOf('voluntary_ctxt_switches'),
    involuntary_switches: countOf('nonvoluntary_ctxt_switches'),
  };
}

/** Share of one CPU between two samples, 0 … 100 a thread; `null` where there is no sample before. */
export function percentOf(after: number, before: number | undefined, seconds: number): number | null {
  return before === undefined || seconds <= 0 ? null : Math.max(0, (100 * (after - before)) / seconds);
}

function totalOf({
  user_seconds,
  system_seconds,
}: Pick<CpuTimes, 'user_seconds' | 'system_seconds'>): number {
  return user_seconds + system_seconds;
}

export function percentBetween(
  after: ThreadSample,
  before: ThreadSample | undefined,
  seconds: number,
): number | null {
  return percentOf(totalOf(after), before && totalOf(before), seconds);
}

/** Busiest first, then by time used, then by id; `most` of them with all that is told of a thread. */
export async function describeThreads(
  host: Host,
  pid: number,
  samples: {
    readonly before: ReadonlyMap<number, ThreadSample>;
    readonly after: ReadonlyMap<number, ThreadSample>;
    readonly seconds: number;
  },
  most: number,
): Promise<readonly ThreadFigures[]> {
  const timed = Array.from(samples.after.values(), (thread) => ({
    ...thread,
    percent: percentBetween(thread, samples.before.get(thread.tid), samples.seconds),
  })).sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0) || totalOf(b) - totalOf(a) || a.tid - b.tid);
  const described: ThreadFigures[] = [];
  for (const thread of timed.slice(0, most)) {
    described.push({ ...thread, ...readScheduling(host, `${pid}/task/${thread.tid}`) });
    if (described.length % AT_A_TIME === 0) await nextTurn();
  }
  return described;
}
