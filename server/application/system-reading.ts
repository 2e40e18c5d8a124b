import type { MeminfoFigure } from '../domain/meminfo-glossary.ts';
import type { SystemMetricId } from '../domain/system-metrics.ts';

/** What this host tells of itself now, read from /proc and /sys. Bytes, seconds, percent; `null` is unknown. */

/** One line of a pressure file: the share of time in which tasks waited (kernel: accounting/psi). */
export interface StallShare {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
}

/** `full` is `null` where the kernel does not tell it. */
export interface Pressure {
  readonly some: StallShare | null;
  readonly full: StallShare | null;
}

/** A mounted file system whose files lie in memory. */
export interface MemoryFileSystem {
  /** Where it is mounted first, dump notation. */
  readonly path: string;
  readonly type: string;
  readonly size_bytes: number | null;
  readonly used_bytes: number | null;
}

/** A System V shared memory segment (/proc/sysvipc/shm). */
export interface SharedSegment {
  readonly id: number;
  readonly size_bytes: number;
  readonly rss_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly creator_pid: number;
  readonly last_pid: number;
  readonly attached: number;
  readonly user: string;
}

/** A file of /dev/shm: POSIX shared memory. */
export interface SharedFile {
  /** Below /dev/shm, dump notation. */
  readonly name: string;
  readonly user: string;
  /** What it may grow to, and what of it is in memory or swap. */
  readonly size_bytes: number;
  readonly used_bytes: number;
}

/** The largest first; `total`: how many there are. */
export interface Largest<Item> {
  readonly items: Item[];
  readonly total: number;
}

export interface SharedMemory {
  readonly file_systems: MemoryFileSystem[];
  readonly segments: Largest<SharedSegment>;
  /** `null` where /dev/shm cannot be listed. */
  readonly files: Largest<SharedFile> | null;
}

export interface CgroupReading {
  /** Below the root of the hierarchy, dump notation; `/` is the root. */
  readonly path: string;
  /** The root is 0. Rows come depth first. */
  readonly depth: number;
  readonly current_bytes: number | null;
  readonly peak_bytes: number | null;
  readonly swap_bytes: number | null;
  /** `false`: without a limit of its own; `null`: not told. */
  readonly is_limited: boolean | null;
  readonly max_bytes: number | null;
  /** `null`: none, or not told. */
  readonly high_bytes: number | null;
  readonly oom_kills: number | null;
  /** Of memory: percent of the last 10 s. */
  readonly some_avg10: number | null;
  readonly full_avg10: number | null;
}

export interface CgroupTree {
  /** Of the hierarchy that has the memory figures; `null`: none is mounted. */
  readonly version: 1 | 2 | null;
  readonly groups: CgroupReading[];
  /** Some were left out: more than can be shown, too deep, or not to be read. */
  readonly is_cut: boolean;
}

export interface LiveProcess {
  readonly pid: number;
  readonly user: string | null;
  readonly rss_bytes: number;
  readonly swap_bytes: number | null;
  readonly cpu_seconds: number | null;
  /** Dump notation, secrets masked. */
  readonly cmd: string | null;
  readonly comm: string | null;
}

export interface SystemReading {
  /** Epoch ms. */
  readonly t: number;
  readonly host: string;
  readonly uptimeSeconds: number | null;
  /** Those of the catalogue. */
  readonly metrics: Readonly<Partial<Record<SystemMetricId, number>>>;
  readonly meminfo: readonly MeminfoFigure[];
  readonly load: readonly [number, number, number] | null;
  readonly cpus: number | null;
  /** Since boot. */
  readonly counters: {
    readonly context_switches: number | null;
    readonly interrupts: number | null;
    readonly forks: number | null;
  };
  readonly pressure: Readonly<Record<'memory' | 'cpu' | 'io', Pressure | null>>;
  readonly shared: SharedMemory;
  readonly cgroups: CgroupTree;
  readonly processes: Largest<LiveProcess> & { readonly rss_bytes: number };
}
