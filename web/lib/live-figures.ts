import type { FigureId } from '../../server/domain/concepts/concept.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { AnalyzeAllAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import { formatBytes } from './bytes.ts';
import { countOf, formatCount } from './numbers.ts';

/** The figures that a text about memory holds, out of an analysis of the chosen process. `null` is unknown. */

type Read = (answer: AnalyzeAllAnswer) => string | null;
type RegionClass = AnalyzeAllAnswer['classes'][number]['class'];

const bytes = (value: number | null | undefined) => (value == null ? null : formatBytes(value));
const count = (value: number | null | undefined) => (value == null ? null : formatCount(value));
const percent = (value: number | null) => (value === null ? null : `${value.toFixed(2)} %`);

type Cpu = NonNullable<AnalyzeAllAnswer['cpu']>;

const ofCpu =
  (read: (cpu: Cpu) => string | null): Read =>
  ({ cpu }) =>
    cpu && read(cpu);

const memory =
  (name: Extract<keyof AnalyzeAllAnswer['memory'], `${string}_bytes`>): Read =>
  (answer) =>
    bytes(answer.memory[name]);

/** A class that the process does not have takes nothing. */
const resident =
  (id: RegionClass): Read =>
  ({ classes, totals }) =>
    bytes(classes.find((one) => one.class === id)?.rss_bytes ?? (totals && 0));

const host =
  (name: string): Read =>
  ({ system }) => {
    const line = system.meminfo.find((one) => one.key === name);
    return line === undefined
      ? null
      : line.unit === 'bytes'
        ? formatBytes(line.value)
        : formatCount(line.value);
  };

function largestMapping({ map }: AnalyzeAllAnswer): string | null {
  const size = map.reduce((most, { size_bytes }) => Math.max(most, size_bytes), 0);
  return size > 0 ? formatBytes(size) : null;
}

const OVERCOMMIT_MODES = ['0 (heuristic)', '1 (always)', '2 (never)'];

export const LIVE_FIGURES: Readonly<Record<FigureId, Read>> = {
  pid: ({ process }) => String(process.pid),
  command: ({ process }) => displayText(process.comm),
  rss: memory('rss_bytes'),
  pss: memory('pss_bytes'),
  uss: memory('uss_bytes'),
  vsz: memory('vsz_bytes'),
  shared: memory('shared_bytes'),
  swap: memory('swap_bytes'),
  swap_pss: memory('swap_pss_bytes'),
  peak_rss: memory('rss_peak_bytes'),
  page_tables: memory('page_tables_bytes'),
  text: resident('text'),
  data: resident('data'),
  heap: resident('heap'),
  stack: resident('stack'),
  libraries: resident('library'),
  anonymous: resident('anonymous'),
  thp: memory('anon_huge_bytes'),
  mappings: ({ totals }) => count(totals?.regions),
  largest_mapping: largestMapping,
  minor_faults: (answer) => count(answer.memory.minor_faults),
  major_faults: (answer) => count(answer.memory.major_faults),
  threads: ofCpu((cpu) => countOf(cpu.threads_total, 'thread', 'threads')),
  nice: ofCpu((cpu) => count(cpu.nice)),
  policy: ofCpu((cpu) => cpu.policy),
  cpu_seconds: ofCpu((cpu) => formatDuration(cpu.user_seconds + cpu.system_seconds)),
  voluntary_switches: ofCpu((cpu) => count(cpu.voluntary_switches)),
  involuntary_switches: ofCpu((cpu) => count(cpu.involuntary_switches)),
  oom_score: (answer) => count(answer.memory.oom_score),
  oom_score_adj: (answer) => count(answer.memory.oom_score_adj),
  cgroup_memory: memory('cgroup_memory_bytes'),
  cgroup_limit: ({ memory: { cgroup_is_limited, cgroup_limit_bytes } }) =>
    cgroup_is_limited === false ? 'none' : bytes(cgroup_limit_bytes),
  cgroup: ofCpu(({ quota }) => (quota.cgroup === null ? null : displayText(quota.cgroup))),
  page_size: ({ system }) => formatBytes(system.page_bytes),
  mem_total: host('MemTotal'),
  mem_free: host('MemFree'),
  mem_available: host('MemAvailable'),
  cached: host('Cached'),
  dirty: host('Dirty'),
  shmem: host('Shmem'),
  swap_total: host('SwapTotal'),
  swap_used: ({ system }) => bytes(system.swap.used_bytes),
  committed: host('Committed_AS'),
  commit_limit: host('CommitLimit'),
  overcommit: ({ system }) => OVERCOMMIT_MODES[system.overcommit.mode ?? -1] ?? null,
  host_page_tables: host('PageTables'),
  slab: host('Slab'),
  huge_page_size: host('Hugepagesize'),
  huge_pages: host('HugePages_Total'),
  thp_mode: ({ system }) => system.thp_mode,
  oom_kills: ({ system }) => count(system.oom_kills),
  psi_some: ({ system }) => percent(system.pressure.some_avg10),
  psi_full: ({ system }) => percent(system.pressure.full_avg10),
  cpus: ({ system }) => countOf(system.cpus, 'CPU', 'CPUs'),
  load: ({ system }) =>
    system.load.length === 3 ? system.load.map((one) => one.toFixed(2)).join(', ') : null,
};
