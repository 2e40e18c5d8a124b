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

type Figure = (typeof LEDGER_FIGURES)[number];

export type LedgerFigures = Readonly<Record<Figure, number>>;

/** Figures of samples on end. */
export type LedgerSeries = Readonly<Record<Figure, ArrayLike<number>>>;

type Told = Exclude<LedgerPart, 'unexplained'>;

const PARTS = LEDGER_PARTS.map(({ id }) => id);
/** The last part is what these leave. */
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

type PartBytes = (series: LedgerSeries, at: number) => number;

const BYTES: Readonly<Record<Told, PartBytes>> = {
  processes: ({ anon_pages_bytes }, at) => anon_pages_bytes[at],
  shmem: ({ shmem_bytes }, at) => shmem_bytes[at],
  page_cache: ({ cached_bytes, buffers_bytes, shmem_bytes }, at) =>
    Math.max(0, cached_bytes[at] + orZero(buffers_bytes[at]) - orZero(shmem_bytes[at])),
  // As a whole, or of its halves: the predecessor told only these.
  slab: ({ slab_bytes, s_reclaimable_bytes, s_unreclaim_bytes }, at) =>
    isTold(slab_bytes[at]) ? slab_bytes[at] : s_reclaimable_bytes[at] + s_unreclaim_bytes[at],
  page_tables: ({ page_tables_bytes }, at) => page_tables_bytes[at],
  kernel_stacks: ({ kernel_stack_bytes }, at) => kernel_stack_bytes[at],
  huge_pages: ({ huge_tlb_bytes }, at) => huge_tlb_bytes[at],
  free: ({ mem_free_bytes }, at) => mem_free_bytes[at],
};

const BYTES_OF_TOLD: readonly PartBytes[] = TOLD.map((id) => BYTES[id]);
const PAGE_CACHE = TOLD.indexOf('page_cache');
const EXCESS_FROM: readonly number[] = [PAGE_CACHE, ...TOLD.keys()];

/** Takes `excess` bytes out of the parts, of the page cache first. */
function takeOut(parts: Float64Array, excess: number): void {
  let left = excess;
  for (const part of EXCESS_FROM) {
    const taken = Math.min(left, orZero(parts[part]));
    parts[part] -= taken;
    left -= taken;
  }
}

/**
 * The ledger of sample `at`: charts have thousands, so that none of them is an object. Unknown figures are `NaN`.
 * @param parts bytes of each part, in the order of the list; `NaN`: the dump does not tell it
 * @returns whether MemTotal is known: else the parts say nothing
 */
export function fillLedger(series: LedgerSeries, at: number, parts: Float64Array): boolean {
  const total = series.mem_total_bytes[at];
  let sum = 0;
  for (let part = 0; part < BYTES_OF_TOLD.length; part++) {
    parts[part] = BYTES_OF_TOLD[part](series, at);
    sum += orZero(parts[part]);
  }
  if (sum > total) takeOut(parts, sum - total);
  parts[BYTES_OF_TOLD.length] = Math.max(0, total - sum);
  return isTold(total);
}

/** The ledger of one sample; unknown figures are `NaN`. @returns `null` where MemTotal is unknown */
export function buildLedger(figures: LedgerFigures): Ledger | null {
  const series = Object.fromEntries(
    LEDGER_FIGURES.map((id) => [id, [figures[id]]]),
  ) as unknown as LedgerSeries;
  const parts = new Float64Array(PARTS.length);
  if (!fillLedger(series, 0, parts)) return null;
  return Object.fromEntries(PARTS.map((id, at) => [id, isTold(parts[at]) ? parts[at] : null])) as Ledger;
}
