import type { ProcFiles } from '../../../collector/sources/proc-files.ts';
import { openProcFiles, readProcText } from '../../../collector/sources/proc-files.ts';
import { systemRowOf } from '../../../collector/sources/system.ts';
import { openUserNames } from '../../../collector/sources/user-names.ts';
import type { TakenSample } from '../../../collector/take-sample.ts';
import { openSampler, sampleOf } from '../../../collector/take-sample.ts';
import type { LiveProcess, SystemReading } from '../../application/system-reading.ts';
import type { MeminfoFigure } from '../../domain/meminfo-glossary.ts';
import type { ProcessTable } from '../../domain/sample.ts';
import { readCgroupTree } from './cgroup-tree.ts';
import { readMounts } from './mounts.ts';
import { listMeminfo, parseLoad } from './parse-host.ts';
import { parsePressure } from './pressure.ts';
import { readSharedMemory } from './shared-memory.ts';

/** What this host tells of itself now. It is for a page that somebody looks at: it is not read on its own. */

const MOST_PROCESSES = 20;
const KIB = 1024;

export interface SystemRoots {
  readonly procRoot?: string;
  readonly sysRoot?: string;
  readonly shmRoot?: string;
  readonly passwdPath?: string;
}

/** The sampler has what other files say among them. */
function meminfoOf({ system }: TakenSample): readonly MeminfoFigure[] {
  const isOfMeminfo = ([name]: readonly [string, string]) =>
    name.endsWith('_KB') || name.startsWith('HugePages_');
  return listMeminfo([...system.figures].filter(isOfMeminfo));
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

const SWAP = /^VmSwap:\s+(\d+) kB$/m;

/** proc_pid_status(5); kernel threads have no such line. */
function swapOf(files: ProcFiles, pid: number): number | null {
  const match = SWAP.exec(readProcText(files, `${pid}/status`) ?? '');
  return match ? Number(match[1]) * KIB : null;
}

function processAt({ numbers, texts }: ProcessTable, row: number, files: ProcFiles): LiveProcess {
  const pid = numbers.pid[row];
  return {
    pid,
    user: texts.user[row],
    rss_bytes: numbers.rss_bytes[row],
    swap_bytes: swapOf(files, pid),
    cpu_seconds: known(numbers.cpu_seconds[row]),
    cmd: texts.cmd[row],
    comm: texts.comm[row],
  };
}

/** The sampler gives processes by their RSS. PSS would cost milliseconds a GiB: the recording has it. */
function processesOf(taken: TakenSample, files: ProcFiles): SystemReading['processes'] {
  const { processes } = sampleOf(taken);
  const shown = Math.min(MOST_PROCESSES, processes.count);
  return {
    items: Array.from({ length: shown }, (_, row) => processAt(processes, row, files)),
    total: processes.count,
    rss_bytes: processes.numbers.rss_bytes.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** /proc/stat, proc_stat(5): the counters, and how many CPUs there are. */
function statOf(text: string | null): Pick<SystemReading, 'counters' | 'cpus'> {
  const lines = new Map((text ?? '').split('\n').map((line) => [line.split(' ', 1)[0], line]));
  const first = (key: string) => {
    const value = Number(lines.get(key)?.split(' ', 2)[1] ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const cpus = [...lines.keys()].filter((key) => /^cpu\d+$/.test(key)).length;
  return {
    counters: { context_switches: first('ctxt'), interrupts: first('intr'), forks: first('processes') },
    cpus: cpus > 0 ? cpus : null,
  };
}

function pressureOf(files: ProcFiles): SystemReading['pressure'] {
  const of = (resource: string) => parsePressure(readProcText(files, `pressure/${resource}`));
  return { memory: of('memory'), cpu: of('cpu'), io: of('io') };
}

/** @returns what reads it, one at a time; keep it, as it remembers what need not be read each time */
export function openSystemReader({
  procRoot = '/proc',
  sysRoot = '/sys',
  shmRoot = '/dev/shm',
  passwdPath = '/etc/passwd',
}: SystemRoots = {}): () => Promise<SystemReading> {
  /** Those that were shown last: the CPU time of the others need not be of now. */
  let shown: ReadonlySet<number> = new Set();
  const sampler = openSampler({
    ...{ procRoot, passwdPath, rollupBudgetMs: 0, descriptors: 0 },
    watched: () => shown,
  });
  const files = openProcFiles(procRoot);
  const users = openUserNames(passwdPath);
  return async () => {
    users.refresh();
    const taken = await sampler.take();
    const mounts = readMounts(files);
    const processes = processesOf(taken, files);
    shown = new Set(processes.items.map(({ pid }) => pid));
    return {
      t: taken.system.t,
      host: taken.system.host,
      uptimeSeconds: taken.system.uptimeSeconds,
      metrics: systemRowOf(taken.system, null, null).values,
      meminfo: meminfoOf(taken),
      load: parseLoad(readProcText(files, 'loadavg') ?? ''),
      ...statOf(readProcText(files, 'stat')),
      pressure: pressureOf(files),
      shared: readSharedMemory(files, mounts, shmRoot, users),
      cgroups: await readCgroupTree(mounts, sysRoot),
      processes,
    };
  };
}
