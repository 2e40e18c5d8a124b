import { join } from 'node:path';
import { readProcText } from '../../../collector/sources/proc-files.ts';
import type { MemoryFigures } from '../../domain/process-analysis.ts';
import { limitIn, numberIn } from './cgroup-tree.ts';
import type { Host } from './host.ts';
import { lineage, parseProcessCgroup } from './process-cgroup.ts';
import { readText } from './read-text.ts';

/** The memory of the control group that a process is in: kernel docs cgroup-v2 and cgroup-v1/memory. */

const HIERARCHIES = {
  1: { folder: 'memory', current: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes' },
  2: { folder: '', current: 'memory.current', limit: 'memory.max' },
} as const;

type CgroupFigures = Pick<MemoryFigures, 'cgroup_memory_bytes' | 'cgroup_limit_bytes' | 'cgroup_is_limited'>;

/** The tightest of the group and those above it. */
function limitOf(texts: readonly (string | null)[]): Omit<CgroupFigures, 'cgroup_memory_bytes'> {
  const limits = texts.map(limitIn);
  const known = limits.flatMap(({ max_bytes }) => (max_bytes === null ? [] : [max_bytes]));
  if (known.length > 0) return { cgroup_limit_bytes: Math.min(...known), cgroup_is_limited: true };
  const isTold = limits.some(({ is_limited }) => is_limited === false);
  return { cgroup_limit_bytes: null, cgroup_is_limited: isTold ? false : null };
}

export function readCgroupMemory({ files, cgroupRoot }: Host, pid: number): CgroupFigures {
  const group = parseProcessCgroup(readProcText(files, `${pid}/cgroup`) ?? '', 'memory');
  if (!group) return { cgroup_memory_bytes: null, cgroup_limit_bytes: null, cgroup_is_limited: null };
  const { folder, current, limit } = HIERARCHIES[group.version];
  const read = (path: string, name: string) => readText(join(cgroupRoot, folder, path, name));
  return {
    cgroup_memory_bytes: numberIn(read(group.path, current)),
    ...limitOf(lineage(group.path).map((path) => read(path, limit))),
  };
}
