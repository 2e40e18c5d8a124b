import type { SystemMetricId } from './system-metrics.ts';

/**
 * Where all of the RAM is: parts of MemTotal that do not overlap and add up to it exactly. The list is the legend of
 * charts, the ledger of the answer and the table of the docs.
 *
 * The kernel keeps these counters one by one, so that their sum may exceed MemTotal by some pages. `unexplained` is
 * never below 0: the excess is taken out of the page cache, whose counter moves most, and where that is not enough out
 * of the parts in their order.
 */
export const LEDGER_PARTS = [
  {
    id: 'processes',
    label: 'Processes',
    help: 'AnonPages: anonymous memory that processes have mapped. Neither PSS nor RSS: files and shared memory that they map are told below.',
  },
  {
    id: 'shmem',
    label: 'Shared memory',
    help: 'Shmem: tmpfs, System V and POSIX shared memory, memfd.',
  },
  {
    id: 'page_cache',
    label: 'Page cache',
    help: 'Cached + Buffers − Shmem: files that were read or written, programs and libraries included. SwapCached is not in it: AnonPages has most of those pages.',
  },
  { id: 'slab', label: 'Slab', help: "Slab: the kernel's objects, such as inodes and dentries." },
  { id: 'page_tables', label: 'Page tables', help: 'PageTables: what maps addresses of processes to pages.' },
  { id: 'kernel_stacks', label: 'Kernel stacks', help: 'KernelStack: one for each thread.' },
  {
    id: 'huge_pages',
    label: 'Huge pages',
    help: 'Hugetlb: set aside for huge pages, used or not. Transparent huge pages count as memory of processes.',
  },
  { id: 'free', label: 'Free', help: 'MemFree: used for nothing.' },
  {
    id: 'unexplained',
    label: 'Unexplained',
    help: 'What of MemTotal is left: memory of drivers, vmalloc, per-CPU data, balloons; and parts that a dump does not tell.',
  },
] as const;

export type LedgerPart = (typeof LEDGER_PARTS)[number]['id'];

/** Bytes of each part. `null`: the dump does not tell it, and it counts into `unexplained`. */
export type Ledger = Readonly<Record<LedgerPart, number | null>>;

/** What a ledger is made of. */
export const LEDGER_FIGURES = [
  ...(['mem_total_bytes', 'mem_free_bytes', 'buffers_bytes', 'cached_bytes', 'anon_pages_bytes'] as const),
  ...(['shmem_bytes', 'slab_bytes', 's_reclaimable_bytes', 's_unreclaim_bytes'] as const),
  ...(['page_tables_bytes', 'kernel_stack_bytes', 'huge_tlb_bytes'] as const),
] satisfies readonly SystemMetricId[];

export type LedgerFigures = Readonly<Record<(typeof LEDGER_FIGURES)[number], number>>;

type Told = Exclude<LedgerPart, 'unexplained'>;

const PARTS = LEDGER_PARTS.map(({ id }) => id);
const TOLD: readonly Told[] = PARTS.filter((id) => id !== 'unexplained');

/** How the API names a part: `page cache`. */
export function ledgerPartName(id: LedgerPart): string {
  return id.replaceAll('_', ' ');
}

function isTold(part: number): boolean {
  return !Number.isNaN(part);
}

function orZero(value: number): number {
  return isTold(value) ? value : 0;
}

/** Slab as a whole, or of its halves: the predecessor told only these. */
function slabOf({ slab_bytes, s_reclaimable_bytes, s_unreclaim_bytes }: LedgerFigures): number {
  return isTold(slab_bytes) ? slab_bytes : s_reclaimable_bytes + s_unreclaim_bytes;
}

function toldParts(figures: LedgerFigures): Record<Told, number> {
  const { cached_bytes, buffers_bytes, shmem_bytes } = figures;
  return {
    processes: figures.anon_pages_bytes,
    shmem: shmem_bytes,
    page_cache: Math.max(0, cached_bytes + orZero(buffers_bytes) - orZero(shmem_bytes)),
    slab: slabOf(figures),
    page_tables: figures.page_tables_bytes,
    kernel_stacks: figures.kernel_stack_bytes,
    huge_pages: figures.huge_tlb_bytes,
    free: figures.mem_free_bytes,
  };
}

/** Takes `excess` bytes out of the parts, of the page cache first. */
function takeOut(parts: Record<Told, number>, excess: number): void {
  let left = excess;
  for (const id of ['page_cache' as const, ...TOLD]) {
    const taken = Math.min(left, orZero(parts[id]));
    parts[id] -= taken;
    left -= taken;
  }
}

/** The ledger of one sample; unknown figures are `NaN`. @returns `null` where MemTotal is unknown */
export function buildLedger(figures: LedgerFigures): Ledger | null {
  const total = figures.mem_total_bytes;
  if (!isTold(total)) return null;
  const parts = toldParts(figures);
  const sum = TOLD.reduce((told, id) => told + orZero(parts[id]), 0);
  if (sum > total) takeOut(parts, sum - total);
  const ledger: Record<LedgerPart, number | null> = { ...parts, unexplained: Math.max(0, total - sum) };
  for (const id of TOLD) if (!isTold(parts[id])) ledger[id] = null;
  return ledger;
}
