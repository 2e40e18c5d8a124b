/**
 * The meanings of "used", each under its own name (htop LinuxMachine.c, procps free ≥ 4.0.1). `null`: unknown; where
 * that is `NaN`, as along time, so is what is computed of it.
 */

type Known = number | null | undefined;

interface HtopParts<Bytes> {
  readonly total: Bytes;
  readonly free: Bytes;
  readonly buffers: Bytes;
  readonly cached: Bytes;
  readonly sReclaimable: Bytes;
}

/** MemTotal − MemAvailable: procps, sar, psutil, Cockpit. Never below 0 (in LXC available can exceed total). */
export function usedBytes(total: number, available: number): number;
export function usedBytes(total: Known, available: Known): number | null;
export function usedBytes(total: Known, available: Known): number | null {
  if (total == null || available == null) return null;
  return Math.max(0, total - available);
}

/** The predecessor's figure: MemTotal − MemFree − Buffers − Cached − SReclaimable. Shared memory is not in it. */
export function usedHtopBytes(parts: HtopParts<number>): number;
export function usedHtopBytes(parts: HtopParts<Known>): number | null;
export function usedHtopBytes(parts: HtopParts<Known>): number | null {
  const { total, free, buffers, cached, sReclaimable } = parts;
  if (total == null || free == null || buffers == null || cached == null || sReclaimable == null) return null;
  return Math.max(0, total - free - buffers - cached - sReclaimable);
}

/** SwapTotal − SwapFree. */
export function swapUsedBytes(total: number, free: number): number;
export function swapUsedBytes(total: Known, free: Known): number | null;
export function swapUsedBytes(total: Known, free: Known): number | null {
  if (total == null || free == null) return null;
  return Math.max(0, total - free);
}
