import type { DescribedFigure } from './meminfo-glossary.ts';
import type { ClassTotals, FileTotals, RegionTotals, Stretch } from './memory-regions.ts';
import type { RegionTable } from './region-table.ts';

/** What an analysis of one process of this host tells. Unknown is `null`; `missing` says why and what helps. */

export const PROCESS_KINDS = ['program', 'kernel_thread', 'zombie'] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** Which life of which pid. Texts are in dump notation. */
export interface AnalysedProcess {
  readonly pid: number;
  readonly key: string;
  readonly ppid: number;
  readonly kind: ProcessKind;
  readonly comm: string;
  /** Secrets masked; `null`: not permitted. '' for kernel threads and zombies. */
  readonly cmd: string | null;
  /** One letter, proc_pid_stat(5). */
  readonly state: string;
  readonly user: string | null;
  /** Epoch ms. */
  readonly started: number;
}

export const MISSING_REASONS = [
  'permission',
  'kernel_thread',
  'zombie',
  'not_in_kernel',
  'no_answer',
  'too_many',
] as const;
export type MissingReason = (typeof MISSING_REASONS)[number];

export interface Missing {
  /** File of /proc/PID that could not be had. */
  readonly what: string;
  readonly reason: MissingReason;
  /** One sentence: why, and what helps. */
  readonly text: string;
}

/** Bytes, but for counts, scores and the share. */
export interface MemoryFigures {
  readonly rss_bytes: number | null;
  /** Of MemTotal, 0 … 100. */
  readonly rss_percent: number | null;
  readonly pss_bytes: number | null;
  /** Private pages: what would be free if it ended. */
  readonly uss_bytes: number | null;
  readonly shared_bytes: number | null;
  readonly private_clean_bytes: number | null;
  readonly private_dirty_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly swap_pss_bytes: number | null;
  readonly locked_bytes: number | null;
  readonly rss_peak_bytes: number | null;
  readonly vsz_bytes: number | null;
  readonly vsz_peak_bytes: number | null;
  readonly text_bytes: number | null;
  readonly data_bytes: number | null;
  readonly stack_bytes: number | null;
  readonly library_text_bytes: number | null;
  readonly rss_anonymous_bytes: number | null;
  readonly rss_file_bytes: number | null;
  readonly rss_shmem_bytes: number | null;
  readonly anon_huge_bytes: number | null;
  readonly hugetlb_bytes: number | null;
  readonly page_tables_bytes: number | null;
  readonly minor_faults: number | null;
  readonly major_faults: number | null;
  /** proc_pid_oom_score(5): whom the OOM killer takes first. */
  readonly oom_score: number | null;
  readonly oom_score_adj: number | null;
  /** Of its control group, page cache included. */
  readonly cgroup_memory_bytes: number | null;
  /** The tightest of its group and those above it. */
  readonly cgroup_limit_bytes: number | null;
  /** `false`: none of them has one. */
  readonly cgroup_is_limited: boolean | null;
}

/** All regions of an address space, read once. */
export interface RegionReading {
  readonly regions: RegionTable;
  readonly totals: RegionTotals;
  readonly classes: readonly ClassTotals[];
  /** Largest RSS first. */
  readonly files: readonly FileTotals[];
  readonly map: readonly Stretch[];
  readonly layout: LayoutFigures;
}

export interface PageSizeFigures {
  readonly page_bytes: number;
  readonly regions: number;
  readonly size_bytes: number;
  readonly resident_bytes: number;
}

/** How the address space is laid out, each as bytes; pages = bytes ÷ `page_bytes`. */
export interface LayoutFigures {
  /** The usual page size of this host. */
  readonly page_bytes: number;
  readonly virtual_bytes: number;
  /** In RAM, hugetlbfs included. */
  readonly resident_bytes: number;
  readonly shared_bytes: number;
  readonly private_bytes: number;
  readonly swapped_bytes: number;
  readonly readable_bytes: number;
  readonly writable_bytes: number;
  readonly executable_bytes: number;
  /** In transparent huge pages. */
  readonly huge_bytes: number | null;
  readonly hugetlb_bytes: number | null;
  /** By the size of pages that regions are made of, smallest first. */
  readonly page_sizes: readonly PageSizeFigures[];
}

/** Times are seconds since the start of the process or thread; percent is of one CPU, over the interval. */
export interface CpuTimes {
  readonly user_seconds: number;
  readonly system_seconds: number;
  readonly percent: number | null;
}

export interface Scheduling {
  /** sched(7): other, fifo, rr, batch, idle, deadline, ext. */
  readonly policy: string | null;
  readonly nice: number | null;
  /** 1 … 99 of real-time policies, else 0. */
  readonly realtime_priority: number | null;
  /** CPUs it may run on, `0-3,8`. */
  readonly affinity: string | null;
  readonly last_cpu: number | null;
  /** Kernel function it waits in; '' where it does not wait. */
  readonly wait_channel: string | null;
  readonly voluntary_switches: number | null;
  readonly involuntary_switches: number | null;
}

export interface ThreadFigures extends CpuTimes, Scheduling {
  readonly tid: number;
  /** Dump notation. */
  readonly comm: string;
  readonly state: string;
}

/** What the process's control group may use of the CPU. */
export interface CpuQuota {
  readonly cgroup: string | null;
  /** CPUs' worth of time; `null`: no limit, or not known. */
  readonly quota_cpus: number | null;
  readonly period_seconds: number | null;
  readonly weight: number | null;
  readonly throttled_periods: number | null;
  readonly throttled_seconds: number | null;
}

export interface CpuFigures extends CpuTimes, Scheduling {
  /** Between the two samples. */
  readonly interval_seconds: number;
  readonly user_percent: number | null;
  readonly system_percent: number | null;
  /** Of children that have been waited for. */
  readonly children_user_seconds: number;
  readonly children_system_seconds: number;
  readonly cpus: number;
  readonly quota: CpuQuota;
  readonly threads_total: number;
  /** Busiest first. */
  readonly threads: readonly ThreadFigures[];
}

/** The host around the process. Bytes. */
export interface SystemContext {
  readonly memory: {
    readonly total_bytes: number | null;
    readonly available_bytes: number | null;
    readonly used_bytes: number | null;
    readonly free_bytes: number | null;
    readonly used_percent: number | null;
    readonly buffers_bytes: number | null;
    readonly cached_bytes: number | null;
  };
  readonly swap: {
    readonly total_bytes: number | null;
    readonly used_bytes: number | null;
    readonly free_bytes: number | null;
    readonly used_percent: number | null;
  };
  /** Every line of /proc/meminfo: bytes where the kernel says kB, else the count. */
  readonly meminfo: readonly DescribedFigure[];
  readonly uptime_seconds: number | null;
  readonly load: readonly number[];
  readonly cpus: number;
  readonly page_bytes: number;
  readonly overcommit: { readonly mode: number | null; readonly ratio: number | null };
  readonly max_regions: number | null;
  readonly pressure: {
    readonly some_avg10: number | null;
    readonly full_avg10: number | null;
  };
  /** Transparent huge pages: always, madvise or never. */
  readonly thp_mode: string | null;
  /** Since boot. */
  readonly oom_kills: number | null;
}

/** One reading of a process, and what it cost. */
export interface Reading<Figures> {
  readonly process: AnalysedProcess;
  readonly figures: Figures;
  readonly missing: readonly Missing[];
  /** Epoch ms. */
  readonly measuredAt: number;
  readonly readSeconds: number;
}
