import type { ProcessProbe } from '../../application/analysis-ports.ts';
import { openHost } from './host.ts';
import { identify } from './identify.ts';
import { readCpu } from './read-cpu.ts';
import { readMemory } from './read-memory.ts';
import { readRegions } from './read-regions.ts';
import { readSystem } from './read-system.ts';

/** Looks at the processes of this host, read only. */
export function openProcessProbe(procRoot?: string, sysRoot?: string): ProcessProbe {
  const host = openHost(procRoot, sysRoot);
  return {
    identify: (pid, signal) => identify(host, pid, signal),
    readMemory: (process, signal) => readMemory(host, process, signal),
    readRegions: (process, signal) => readRegions(host, process, signal),
    readCpu: (process, signal) => readCpu(host, process, signal),
    readSystem: () => readSystem(host),
  };
}
