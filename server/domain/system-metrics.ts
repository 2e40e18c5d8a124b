import type { Metric, MetricSource, StoredColumn } from './metric.ts';

/**
 * The system's side of the catalogue: what the overview, the ledger and the gaps are computed from.
 * A dump holds every /proc/meminfo key; those that are listed here are also kept in the history.
 */
type SystemMetric = Metric & { readonly stored: StoredColumn };

const KIB = 1024;
const MIB = 1024 * 1024;

function meminfo<const Id extends string>(id: Id, key: string, help: string, seed = false) {
  const source: MetricSource = { file: 'meminfo', key };
  const stored: StoredColumn = {
    column: `${key}_KB`,
    scale: KIB,
    decimals: 0,
    required: false,
    source,
    ...(seed ? { seed: { column: `${key}_MB`, scale: MIB } } : {}),
  };
  return { id, label: key, unit: 'bytes', addable: false, nullable: true, help, stored } as const;
}

function counter<const Id extends string>(id: Id, column: string, key: string, help: string) {
  const source: MetricSource = { file: 'vmstat', key };
  const stored: StoredColumn = { column, scale: 1, decimals: 0, required: false, source };
  return { id, label: key, unit: 'count', addable: false, nullable: true, help, stored } as const;
}

function pressure<const Id extends string>(id: Id, line: 'some' | 'full', key: 'avg10' | 'avg60' | 'total') {
  const column = `PSI_${line.toUpperCase()}_${key === 'total' ? 'TOTAL_US' : key.toUpperCase()}`;
  const source: MetricSource = { file: 'pressure', line, key };
  const stored: StoredColumn = {
    column,
    scale: 1,
    decimals: key === 'total' ? 0 : 2,
    required: false,
    source,
  };
  const unit = key === 'total' ? 'microseconds' : 'percent';
  const help = `Time in which ${line === 'some' ? 'some' : 'all'} tasks waited for memory (PSI ${line} ${key}).`;
  return { id, label: `PSI ${line} ${key}`, unit, addable: false, nullable: true, help, stored } as const;
}

export const SYSTEM_METRICS = [
  meminfo('mem_total_bytes', 'MemTotal', 'All RAM that the kernel can use.', true),
  meminfo('mem_free_bytes', 'MemFree', 'RAM that nothing uses.', true),
  meminfo(
    'mem_available_bytes',
    'MemAvailable',
    'Estimate of what a new program can get without swapping.',
    true,
  ),
  meminfo('buffers_bytes', 'Buffers', 'Cache of raw block devices.', true),
  meminfo('cached_bytes', 'Cached', 'Page cache, tmpfs and shared memory included.', true),
  meminfo('swap_cached_bytes', 'SwapCached', 'Swapped-out pages that are also in RAM.', true),
  meminfo('active_anon_bytes', 'Active(anon)', 'Anonymous pages used recently.', true),
  meminfo('inactive_anon_bytes', 'Inactive(anon)', 'Anonymous pages not used recently.', true),
  meminfo('swap_total_bytes', 'SwapTotal', 'Size of all swap.', true),
  meminfo('swap_free_bytes', 'SwapFree', 'Swap that nothing uses.', true),
  meminfo('anon_pages_bytes', 'AnonPages', 'Anonymous pages mapped by processes.', true),
  meminfo('shmem_bytes', 'Shmem', 'tmpfs and shared memory.'),
  meminfo('slab_bytes', 'Slab', "The kernel's object caches."),
  meminfo('s_reclaimable_bytes', 'SReclaimable', 'Slab that can be given back.', true),
  meminfo('s_unreclaim_bytes', 'SUnreclaim', 'Slab that cannot be given back.', true),
  meminfo('kernel_stack_bytes', 'KernelStack', 'Kernel stacks of all tasks.'),
  meminfo('page_tables_bytes', 'PageTables', 'Page tables of all processes.', true),
  meminfo('commit_limit_bytes', 'CommitLimit', 'How much may be promised under strict overcommit.', true),
  meminfo('committed_bytes', 'Committed_AS', 'How much has been promised to processes.', true),
  meminfo('anon_huge_pages_bytes', 'AnonHugePages', 'Anonymous memory in transparent huge pages.', true),
  meminfo('huge_tlb_bytes', 'Hugetlb', 'RAM set aside for huge pages.'),
  pressure('psi_some_avg10', 'some', 'avg10'),
  pressure('psi_some_avg60', 'some', 'avg60'),
  pressure('psi_some_total', 'some', 'total'),
  pressure('psi_full_avg10', 'full', 'avg10'),
  pressure('psi_full_avg60', 'full', 'avg60'),
  pressure('psi_full_total', 'full', 'total'),
  counter('oom_kill', 'OOM_KILL', 'oom_kill', 'Processes killed for lack of memory since boot.'),
  counter('pswpin', 'PSWPIN', 'pswpin', 'Pages swapped in since boot.'),
  counter('pswpout', 'PSWPOUT', 'pswpout', 'Pages swapped out since boot.'),
  counter('pgmajfault', 'PGMAJFAULT', 'pgmajfault', 'Faults that had to read from disk since boot.'),
] as const satisfies readonly SystemMetric[];

export type SystemMetricId = (typeof SYSTEM_METRICS)[number]['id'];

/** /proc/meminfo keys that are counts of pages, not kB: no `_KB` in the dump. */
export function isMeminfoCount(key: string): boolean {
  return key.startsWith('HugePages_');
}
