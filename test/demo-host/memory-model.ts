import { memoryAt, workload } from './curve.ts';
import type { RunningProcess } from './population.ts';
import type { Random } from './random.ts';

/** How a kernel with little room behaves, in outline: it drops cache, swaps, stalls, and in the end kills. KiB. */

const MIB = 1024;
const PAGE = 4;
const WOBBLE_KEPT = 0.92;
const WOBBLE_STEP = 0.0025;
const DEFAULT_FILES_MIB = 5;
const DEFAULT_CPU = 0.002;
/** Per minute, what was swapped out and is used again comes back. */
const SWAP_RETURNS_PER_MINUTE = 0.012;

export const KERNEL = {
  unreclaimableSlab: 190 * MIB,
  reclaimableSlab: 70 * MIB,
  tmpfs: 90 * MIB,
  /** Per-CPU areas, vmalloc, drivers: what no line of meminfo tells. */
  unlisted: 120 * MIB,
  leastCache: 380 * MIB,
  leastFree: 70 * MIB,
  stackOfThread: 16,
} as const;

export interface MachineSize {
  readonly totalKib: number;
  readonly swapKib: number;
}

/** What all processes want, against what is there. */
export interface Demand {
  readonly privateKib: number;
  readonly segmentKib: number;
  readonly threads: number;
  readonly pageTablesKib: number;
  /** RAM left for private memory when the cache is at its least. */
  readonly roomKib: number;
}

export function isKernelThread(process: RunningProcess): boolean {
  return process.plan.cmd === '';
}

function wholePages(kib: number): number {
  return Math.max(0, Math.round(kib / PAGE) * PAGE);
}

/** What each process would hold if there were room for all. */
export function followCurves(
  processes: Iterable<RunningProcess>,
  t: number,
  elapsedSeconds: number,
  random: Random,
): void {
  for (const process of processes) {
    if (isKernelThread(process)) continue;
    const { plan } = process;
    const age = Math.max(0, t - process.startedAt) / 1000;
    process.wobble = process.wobble * WOBBLE_KEPT + random.bell() * WOBBLE_STEP;
    process.privateKib = wholePages(memoryAt(plan.memory, age, t) * MIB * (1 + process.wobble));
    process.sharedKib = plan.shared ? wholePages(memoryAt(plan.shared, age, t) * MIB) : 0;
    process.filesKib = wholePages((plan.filesMib ?? DEFAULT_FILES_MIB) * MIB);
    const busy = (plan.cpu ?? DEFAULT_CPU) * (0.3 + 0.7 * workload(t));
    process.cpuSeconds += busy * Math.min(age, elapsedSeconds);
  }
}

export function measureDemand(processes: Iterable<RunningProcess>, size: MachineSize): Demand {
  const sum = { privateKib: 0, segmentKib: 0, threads: 0, pageTablesKib: 0 };
  for (const process of processes) {
    const held = process.privateKib + process.sharedKib + process.filesKib;
    sum.privateKib += process.privateKib;
    sum.segmentKib = Math.max(sum.segmentKib, process.sharedKib);
    sum.threads += process.plan.threads ?? 1;
    sum.pageTablesKib += isKernelThread(process) ? 0 : wholePages(56 + held / 480);
  }
  const { unreclaimableSlab, reclaimableSlab, tmpfs, unlisted, leastCache, leastFree, stackOfThread } =
    KERNEL;
  const kernel = unreclaimableSlab + reclaimableSlab + tmpfs + unlisted + sum.threads * stackOfThread;
  const pinned = kernel + leastCache + leastFree + sum.segmentKib + sum.pageTablesKib;
  return { ...sum, roomKib: size.totalKib - pinned };
}

/** Neither RAM nor swap can take what is asked for. */
export function isOutOfMemory(demand: Demand, size: MachineSize): boolean {
  return demand.privateKib - demand.roomKib > size.swapKib * 0.96;
}

/** The share of all private memory that must be in swap, or still is from earlier. */
export function swapShare(demand: Demand, before: number, elapsedSeconds: number): number {
  const needed = Math.max(0, 1 - demand.roomKib / Math.max(1, demand.privateKib));
  return Math.max(needed, before * Math.max(0, 1 - (SWAP_RETURNS_PER_MINUTE * elapsedSeconds) / 60));
}

/** Divides each process's private memory between RAM and swap. */
export function placePages(processes: Iterable<RunningProcess>, share: number): void {
  for (const process of processes) {
    process.swapKib = wholePages(process.privateKib * share);
    process.rssKib = process.privateKib - process.swapKib + process.sharedKib + process.filesKib;
    process.peakKib = Math.max(process.peakKib, process.rssKib);
  }
}
