/** The meanings of "used", each under its own name (htop LinuxMachine.c, procps free ≥ 4.0.1). `null`: unknown. */

type Known = number | null | undefined;

/** MemTotal − MemAvailable: procps, sar, psutil, Cockpit. Never below 0 (in LXC available can exceed total). */
export function usedBytes(total: Known, available: Known): number | null {
  if (total == null || available == null) return null;
  return Math.max(0, total - available);
}

/** The predecessor's figure: MemTotal − MemFree − Buffers − Cached − SReclaimable. Shared memory is not in it. */
export function usedHtopBytes(parts: {
  readonly total: Known;
  readonly free: Known;
  readonly buffers: Known;
  readonly cached: Known;
  readonly sReclaimable: Known;
}): number | null {
  const { total, free, buffers, cached, sReclaimable } = parts;
  if (total == null || free == null || buffers == null || cached == null || sReclaimable == null) return null;
  return Math.max(0, total - free - buffers - cached - sReclaimable);
}

/** SwapTotal − SwapFree. */
export function swapUsedBytes(total: Known, free: Known): number | null {
  if (total == null || free == null) return null;
  return Math.max(0, total - free);
}
