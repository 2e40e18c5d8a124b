import type { ProcFiles } from '../../../collector/sources/proc-files.ts';
import { openProcFiles, readProcText } from '../../../collector/sources/proc-files.ts';
import { rollupBudgetMs } from '../../../collector/sources/rollup-budget.ts';
import { openSampler, sampleOf } from '../../../collector/take-sample.ts';
import type { LiveSampler } from '../../application/live-ports.ts';
import type { CpuTicks, LiveReading } from '../../domain/live-reading.ts';
import { parseLoad } from './parse-host.ts';

/** Reads this host for the live feed, by the recorder's own code: both tell the same figures of an instant. */

/** Most files that stay open; the server needs descriptors for clients and segments too. */
const DESCRIPTORS = 4096;
/** A title that a process gives itself is seen within so many ticks: at ten times the recorder's rate, a minute will do. */
const TURNS = 60;
/** PSS of a process whose sizes do not change stands for so long: who shares its pages may come and go meanwhile. */
const KEEP_PSS_MS = 300_000;
/** The budget for PSS is that of the recorder at the default interval. */
const TICK_MS = 1000;

const CPU_LINE = /^cpu +([\d ]+)$/m;
const IDLE = 3;
const IO_WAIT = 4;
/** Fields after it, guest and guest_nice, are in user and nice already. */
const STEAL = 7;

/** The first line of /proc/stat, proc_stat(5). */
export function parseCpuTicks(text: string): CpuTicks | null {
  const match = CPU_LINE.exec(text);
  if (!match) return null;
  const fields = match[1]
    .split(' ')
    .slice(0, STEAL + 1)
    .map(Number);
  const idle = (fields[IDLE] ?? 0) + (fields[IO_WAIT] ?? 0);
  return { idle, busy: fields.reduce((sum, ticks) => sum + ticks, 0) - idle };
}

function readHost(files: ProcFiles): Pick<LiveReading, 'cpu' | 'load'> {
  return {
    cpu: parseCpuTicks(readProcText(files, 'stat') ?? ''),
    load: parseLoad(readProcText(files, 'loadavg') ?? ''),
  };
}

export interface LiveSamplerOptions {
  readonly procRoot?: string;
  readonly passwdPath?: string;
  /** How long one read may spend on PSS, ms. */
  readonly pssBudgetMs?: number;
  readonly keepPssMs?: number;
}

export function openLiveSampler({
  procRoot = '/proc',
  passwdPath = '/etc/passwd',
  pssBudgetMs = rollupBudgetMs(TICK_MS),
  keepPssMs = KEEP_PSS_MS,
}: LiveSamplerOptions = {}): LiveSampler {
  const files = openProcFiles(procRoot);
  let watched: ReadonlySet<number> = new Set();
  const sampler = openSampler({
    procRoot,
    passwdPath,
    rollupBudgetMs: pssBudgetMs,
    descriptors: DESCRIPTORS,
    turns: TURNS,
    watched: () => watched,
    keepPssMs,
  });
  return {
    async read(pids) {
      watched = pids;
      const host = readHost(files);
      const taken = await sampler.take();
      const at = performance.now();
      const pssAge = taken.processes.records.map(({ pssAt }) => Math.max(0, at - pssAt) / 1000);
      return { ...sampleOf(taken), pssAge, at, ...host };
    },
    close: sampler.close,
  };
}
