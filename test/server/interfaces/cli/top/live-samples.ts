import { openLiveSampler } from '../../../../../server/adapters/procfs/live-sampler.ts';
import type { LiveReading } from '../../../../../server/domain/live-reading.ts';
import type { FakeProcess } from '../../../../collector/fake-proc.ts';
import { fakeProc, putFile } from '../../../../collector/fake-proc.ts';

export const PAGE = 4096;

/** A reading of a host with these processes, read as the product reads it. RSS is in pages. */
export async function sampleOfProcesses(...processes: readonly FakeProcess[]): Promise<LiveReading> {
  const procRoot = fakeProc(...processes);
  const memory = 'MemTotal: 8388608 kB\nMemAvailable: 4194304 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n';
  putFile(procRoot, 'meminfo', memory);
  putFile(procRoot, 'uptime', '100.00 1.00\n');
  const sampler = openLiveSampler({ procRoot, passwdPath: '/nowhere', pssBudgetMs: 50 });
  try {
    return await sampler.read(new Set(processes.map(({ pid }) => pid)));
  } finally {
    sampler.close();
  }
}

/** A tree: 1 → 10 → {11, 12}, 1 → 20. */
export const TREE: readonly FakeProcess[] = [
  { pid: 1, ppid: 0, rss: 1, cmdline: 'init\0' },
  { pid: 20, ppid: 1, rss: 50, cmdline: 'single\0' },
  { pid: 10, ppid: 1, rss: 2, cmdline: 'shell\0' },
  { pid: 11, ppid: 10, rss: 30, cmdline: 'worker\0a\0' },
  { pid: 12, ppid: 10, rss: 40, cmdline: 'worker\0b\0' },
];
