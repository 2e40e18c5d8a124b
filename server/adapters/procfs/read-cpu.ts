import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../application/analysis-ports.ts';
import type { AnalysedProcess, CpuFigures } from '../../domain/process-analysis.ts';
import type { Host } from './host.ts';
import { readStatLine } from './identify.ts';
import { readQuota } from './read-quota.ts';
import {
  describeThreads,
  percentBetween,
  percentOf,
  readScheduling,
  readThread,
  readThreads,
} from './read-threads.ts';
import { givenUp, missingOf } from './read-through-memory.ts';

/**
 * CPU from two samples of its own. Recorded samples cannot serve here: the recorder reads the times of a process that
 * does not change its size only every tenth time.
 */

const INTERVAL_MS = 1000;
const MOST_THREADS = 1000;
/** Fields of proc_pid_stat(5): times of children that have been waited for. */
const CHILDREN_USER = 16;
const CHILDREN_SYSTEM = 17;

async function takeSample(host: Host, pid: number) {
  return {
    at: performance.now(),
    process: readThread(host, `${pid}`, pid),
    threads: await readThreads(host, pid),
  };
}

async function wait(signal: AbortSignal): Promise<void> {
  await sleep(INTERVAL_MS, undefined, { signal }).catch(() => {
    throw givenUp();
  });
}

/** Takes a second. A process that ends meanwhile is told of by whoever looks at its identity again. */
export async function readCpu(
  host: Host,
  { pid, kind }: AnalysedProcess,
  signal: AbortSignal,
): Promise<Outcome<CpuFigures | null>> {
  const before = await takeSample(host, pid);
  await wait(signal);
  const after = await takeSample(host, pid);
  if (!before.process || !after.process)
    return { figures: null, missing: [missingOf('stat', 'zombie', pid)] };
  const seconds = (after.at - before.at) / 1000;
  const { fields } = readStatLine(host, pid);
  const { tid: _, comm: _comm, state: _state, ...times } = after.process;
  const ticks = host.constants.clockTicks;
  const threads = { before: before.threads, after: after.threads, seconds };
  return {
    figures: {
      ...times,
      ...readScheduling(host, `${pid}`),
      interval_seconds: seconds,
      percent: percentBetween(after.process, before.process, seconds),
      user_percent: percentOf(after.process.user_seconds, before.process.user_seconds, seconds),
      system_percent: percentOf(after.process.system_seconds, before.process.system_seconds, seconds),
      children_user_seconds: fields[CHILDREN_USER] / ticks,
      children_system_seconds: fields[CHILDREN_SYSTEM] / ticks,
      cpus: availableParallelism(),
      quota: readQuota(host, pid),
      threads_total: after.threads.size,
      threads: await describeThreads(host, pid, threads, MOST_THREADS),
    },
    missing: kind === 'zombie' ? [missingOf('task', 'zombie', pid)] : [],
  };
}
