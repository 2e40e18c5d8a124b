import type { SystemRow } from '../../server/domain/sample.ts';
import type { Demand, MachineSize } from './memory-model.ts';
import { KERNEL } from './memory-model.ts';

/** The kernel's counters since boot. */
export interface Counters {
  oomKills: number;
  /** Pages. */
  swappedIn: number;
  swappedOut: number;
  majorFaults: number;
  /** Microseconds in which some, all tasks waited for memory. */
  someStalled: number;
  fullStalled: number;
  /** Percent, smoothed over a minute. */
  someAverage60: number;
  fullAverage60: number;
}

/** Where all RAM is, in KiB: the parts and `unlisted` add up to the total. */
export interface Ledger {
  readonly anon: number;
  readonly fileCache: number;
  readonly buffers: number;
  readonly reclaimableSlab: number;
  readonly free: number;
  readonly available: number;
  readonly swapUsed: number;
}

const KIB = 1024;
const PAGE = 4;
const TIGHT_SHARE = 0.05;
const FULL_OF_SOME = 0.55;

export function newCounters(): Counters {
  return {
    oomKills: 0,
    swappedIn: 0,
    swappedOut: 0,
    majorFaults: 0,
    someStalled: 0,
    fullStalled: 0,
    someAverage60: 0,
    fullAverage60: 0,
  };
}

/** The cache takes what nobody needs, up to what has been read since boot, and leaves some free. */
export function balance(demand: Demand, size: MachineSize, swapUsed: number, uptimeSeconds: number): Ledger {
  const anon = demand.privateKib - swapUsed;
  const spare = demand.roomKib - anon;
  const hours = uptimeSeconds / 3600;
  const wanted = (size.totalKib * 0.45 * hours) / (hours + 2.5);
  const extra = wholePages(Math.min(wanted, Math.max(0, spare * 0.88)));
  const fileCache = KERNEL.leastCache + wholePages(extra * 0.9);
  const buffers = wholePages(extra * 0.04);
  const reclaimableSlab = KERNEL.reclaimableSlab + extra - wholePages(extra * 0.9) - buffers;
  const free = KERNEL.leastFree + spare - extra;
  const reclaimable = extra + KERNEL.leastCache * 0.25 + KERNEL.reclaimableSlab * 0.3;
  const available = wholePages(Math.max(0, free - KERNEL.leastFree + reclaimable * 0.93));
  return { anon, fileCache, buffers, reclaimableSlab, free, available, swapUsed };
}

function wholePages(kib: number): number {
  return Math.round(kib / PAGE) * PAGE;
}

/** Percent of the time in which tasks waited: none until memory is tight, then steeply more. */
export function stallPercent(ledger: Ledger, size: MachineSize): number {
  const tight = size.totalKib * TIGHT_SHARE;
  const shortage = Math.max(0, tight - ledger.available) / tight;
  const swapFull = ledger.swapUsed / size.swapKib;
  return 40 * shortage ** 3 * swapFull + 3 * shortage ** 2;
}

export function countStalls(counters: Counters, some: number, elapsedSeconds: number): void {
  const kept = Math.max(0, 1 - elapsedSeconds / 90);
  counters.someAverage60 = counters.someAverage60 * kept + some * (1 - kept);
  counters.fullAverage60 = counters.someAverage60 * FULL_OF_SOME;
  counters.someStalled += Math.round(some * 10_000 * elapsedSeconds);
  counters.fullStalled += Math.round(some * FULL_OF_SOME * 10_000 * elapsedSeconds);
  counters.majorFaults += Math.round((0.2 + some * 40) * elapsedSeconds);
}

export function countSwapping(counters: Counters, before: number, after: number): void {
  const pages = Math.round((after - before) / PAGE);
  if (pages > 0) counters.swappedOut += pages;
  else counters.swappedIn -= pages;
}

export function systemFigures(
  ledger: Ledger,
  demand: Demand,
  size: MachineSize,
  counters: Counters,
  some: number,
): SystemRow['values'] {
  const shmem = demand.segmentKib + KERNEL.tmpfs;
  const kib = {
    mem_total_bytes: size.totalKib,
    mem_free_bytes: ledger.free,
    mem_available_bytes: ledger.available,
    buffers_bytes: ledger.buffers,
    cached_bytes: ledger.fileCache + shmem,
    swap_cached_bytes: wholePages(ledger.swapUsed * 0.02),
    active_anon_bytes: wholePages(ledger.anon * 0.64) + demand.segmentKib,
    inactive_anon_bytes: ledger.anon - wholePages(ledger.anon * 0.64) + KERNEL.tmpfs,
    swap_total_bytes: size.swapKib,
    swap_free_bytes: size.swapKib - ledger.swapUsed,
    anon_pages_bytes: ledger.anon,
    shmem_bytes: shmem,
    slab_bytes: ledger.reclaimableSlab + KERNEL.unreclaimableSlab,
    s_reclaimable_bytes: ledger.reclaimableSlab,
    s_unreclaim_bytes: KERNEL.unreclaimableSlab,
    kernel_stack_bytes: demand.threads * KERNEL.stackOfThread,
    page_tables_bytes: demand.pageTablesKib,
    commit_limit_bytes: size.totalKib / 2 + size.swapKib,
    committed_bytes: wholePages(demand.privateKib * 1.4 + shmem),
    anon_huge_pages_bytes: Math.floor((ledger.anon * 0.12) / 2048) * 2048,
    huge_tlb_bytes: 0,
  };
  const bytes = Object.fromEntries(Object.entries(kib).map(([id, value]) => [id, value * KIB]));
  return {
    ...bytes,
    psi_some_avg10: some,
    psi_some_avg60: counters.someAverage60,
    psi_some_total: counters.someStalled,
    psi_full_avg10: some * FULL_OF_SOME,
    psi_full_avg60: counters.fullAverage60,
    psi_full_total: counters.fullStalled,
    oom_kill: counters.oomKills,
    pswpin: counters.swappedIn,
    pswpout: counters.swappedOut,
    pgmajfault: counters.majorFaults,
  };
}
