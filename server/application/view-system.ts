import { describeMeminfo } from '../domain/meminfo-glossary.ts';
import { formatInstant } from '../domain/stamp.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../domain/used-memory.ts';
import type { Surroundings } from './surroundings.ts';
import type { MemoryFileSystem, SystemReading } from './system-reading.ts';

/** This host now: where its memory is and who holds it, whether anything is recorded or not. */

function memoryOf({ metrics: known }: SystemReading) {
  const total = known.mem_total_bytes;
  return {
    total_bytes: total ?? null,
    used_bytes: usedBytes(total, known.mem_available_bytes),
    used_htop_bytes: usedHtopBytes({
      total,
      free: known.mem_free_bytes,
      buffers: known.buffers_bytes,
      cached: known.cached_bytes,
      sReclaimable: known.s_reclaimable_bytes,
    }),
    available_bytes: known.mem_available_bytes ?? null,
    free_bytes: known.mem_free_bytes ?? null,
    shmem_bytes: known.shmem_bytes ?? null,
    oom_kills: known.oom_kill ?? null,
  };
}

function swapOf({ metrics: known }: SystemReading) {
  return {
    total_bytes: known.swap_total_bytes ?? null,
    used_bytes: swapUsedBytes(known.swap_total_bytes, known.swap_free_bytes),
    cached_bytes: known.swap_cached_bytes ?? null,
  };
}

/** Shmem counts the pages of these two, System V segments, and what has no name here (kernel: filesystems/tmpfs). */
function isOfShmem({ type }: MemoryFileSystem): boolean {
  return type === 'tmpfs' || type === 'devtmpfs';
}

/**
 * What Shmem counts and no list here shows: memfd, files that were deleted and are still open, shared anonymous
 * memory, file systems of other mount name spaces. `null` where a part is not known.
 */
function unlistedBytes({ metrics, shared }: SystemReading): number | null {
  const { file_systems, segments } = shared;
  const parts = [
    ...file_systems.filter(isOfShmem).map(({ used_bytes }) => used_bytes),
    ...segments.items.map(({ rss_bytes }) => rss_bytes),
  ];
  const isWhole = segments.items.length === segments.total;
  if (metrics.shmem_bytes === undefined || !isWhole || parts.includes(null)) return null;
  return Math.max(
    0,
    parts.reduce<number>((rest, part) => rest - (part ?? 0), metrics.shmem_bytes),
  );
}

function bootOf({ t, uptimeSeconds }: SystemReading): string | null {
  return uptimeSeconds === null ? null : formatInstant(Math.round(t - uptimeSeconds * 1000));
}

async function overheadOf(surroundings: Surroundings) {
  const recorder = await surroundings.recorder();
  const { now, startedAt, rssBytes, cpuSeconds } = surroundings.server();
  const seconds = (now - startedAt) / 1000;
  return {
    recorder: recorder && {
      alive: recorder.alive,
      interval_seconds: recorder.interval_seconds,
      ...recorder.cost,
    },
    server: {
      rss_bytes: rssBytes,
      cpu_seconds: cpuSeconds,
      cpu_share: seconds > 0 ? cpuSeconds / seconds : null,
    },
  };
}

/** @throws MemoryInspectorError `source_unavailable` where there is no /proc */
export async function viewSystem(surroundings: Surroundings) {
  const reading = await surroundings.system();
  const { t, host, uptimeSeconds, load, cpus, counters, pressure, shared, cgroups, processes } = reading;
  return {
    ts: formatInstant(t),
    host,
    uptime_seconds: uptimeSeconds,
    boot: bootOf(reading),
    cpus,
    load: load && { load1: load[0], load5: load[1], load15: load[2] },
    counters,
    memory: memoryOf(reading),
    swap: swapOf(reading),
    pressure,
    meminfo: describeMeminfo(reading.meminfo),
    shared: { ...shared, unlisted_bytes: unlistedBytes(reading) },
    cgroups,
    processes,
    overhead: await overheadOf(surroundings),
  };
}
