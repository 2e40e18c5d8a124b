import { emptyProcessTable } from '../../server/domain/dump-format.ts';
import type { ProcessTable } from '../../server/domain/sample.ts';
import { escapeText } from '../../server/domain/text-notation.ts';
import { isKernelThread } from './memory-model.ts';
import type { RunningProcess } from './population.ts';

const KIB = 1024;
const LIBRARY_SHARERS = 16;
const THREAD_KIB = 8192;
/** Below this RSS a recorder reads PSS only every few samples: unknown in between. */
const SMALL_KIB = 16 * 1024;
const SMALL_READ_EVERY = 5;

export interface TableContext {
  readonly bootedAt: number;
  readonly clockTicks: number;
  /** Counts the samples; staggers what is not read each time. */
  readonly sampleNumber: number;
}

/** Running processes → the process table that a recorder would write. */
export function buildProcessTable(processes: readonly RunningProcess[], context: TableContext): ProcessTable {
  const table = emptyProcessTable(processes.length);
  const segmentSharers = processes.filter(({ sharedKib }) => sharedKib > 0).length;
  for (const [row, process] of processes.entries()) {
    fillIdentity(table, row, process, context);
    if (isKernelThread(process)) fillNoMemory(table, row);
    else fillMemory(table, row, process);
    if (!isKernelThread(process) && isPssRead(process, context.sampleNumber))
      table.numbers.pss_bytes[row] = pssKib(process, segmentSharers) * KIB;
  }
  const text = (cell: (process: RunningProcess) => string) => processes.map(cell);
  return {
    ...table,
    texts: {
      user: text(({ user }) => user),
      state: text((process) => (isKernelThread(process) ? 'I' : stateOf(process))),
      cgroup: text(({ cgroup }) => cgroup),
      comm: text(({ comm }) => comm),
      cmd: processes.map(({ cmd }) => (cmd === '' ? null : escapeText(cmd))),
    },
  };
}

function fillIdentity(
  table: ProcessTable,
  row: number,
  process: RunningProcess,
  context: TableContext,
): void {
  const { pid, ppid, start_ticks, threads, cpu_seconds } = table.numbers;
  pid[row] = process.pid;
  ppid[row] = process.ppid;
  start_ticks[row] = Math.floor(((process.startedAt - context.bootedAt) / 1000) * context.clockTicks);
  threads[row] = process.plan.threads ?? 1;
  cpu_seconds[row] = process.cpuSeconds;
}

/** A kernel thread has no address space: nothing but RSS and VSZ is told of it. */
function fillNoMemory(table: ProcessTable, row: number): void {
  table.numbers.rss_bytes[row] = 0;
  table.numbers.vsz_bytes[row] = 0;
}

function fillMemory(table: ProcessTable, row: number, process: RunningProcess): void {
  const { rss_bytes, vsz_bytes, hwm_bytes, swap_bytes } = table.numbers;
  const { privateKib, sharedKib, filesKib, plan } = process;
  const reserved = (plan.threads ?? 1) * THREAD_KIB + filesKib * 4 + sharedKib * 2;
  rss_bytes[row] = process.rssKib * KIB;
  hwm_bytes[row] = process.peakKib * KIB;
  swap_bytes[row] = process.swapKib * KIB;
  vsz_bytes[row] = (privateKib * 1.25 + reserved) * KIB;
}

function isPssRead({ pid, rssKib }: RunningProcess, sampleNumber: number): boolean {
  return rssKib >= SMALL_KIB || (sampleNumber + pid) % SMALL_READ_EVERY === 0;
}

function pssKib(process: RunningProcess, segmentSharers: number): number {
  const own = process.privateKib - process.swapKib;
  const libraries = process.filesKib / LIBRARY_SHARERS;
  return Math.round(own + libraries + process.sharedKib / Math.max(1, segmentSharers));
}

function stateOf({ plan, pid, cpuSeconds }: RunningProcess): string {
  const busy = plan.cpu ?? 0;
  return busy > 0.5 || (busy > 0.1 && (Math.floor(cpuSeconds) + pid) % 4 === 0) ? 'R' : 'S';
}
