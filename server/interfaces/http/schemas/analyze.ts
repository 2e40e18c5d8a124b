import { z } from 'zod';
import { BASIC_FIGURES, LATER_FIGURES, REGION_CLASS_IDS } from '../../../domain/memory-regions.ts';
import { MISSING_REASONS, PROCESS_KINDS } from '../../../domain/process-analysis.ts';
import { bytes, iso } from '../schemas.ts';
import { meminfoSchema } from './system.ts';

/** GET /api/v1/analyze/…: one process of this host, looked into. Texts of processes are in dump notation. */

const known = bytes.nullable();
const count = z.number();
const text = z.string();

const head = {
  process: z.object({
    pid: count,
    key: text,
    ppid: count,
    kind: z.enum(PROCESS_KINDS),
    comm: text,
    cmd: text.nullable().describe('Secrets masked; null: not permitted'),
    state: text,
    user: text.nullable(),
    started: iso,
  }),
  measured_at: iso,
  age_seconds: count.describe('How long ago that was: answers are kept for 5 s, refresh=1 reads anew'),
  read_seconds: count.describe('What it cost to read'),
  missing: z
    .array(z.object({ what: text, reason: z.enum(MISSING_REASONS), text }))
    .describe('What could not be read, why, and what helps'),
};

const memory = z.object({
  rss_bytes: known,
  rss_percent: count.nullable().describe('Of MemTotal, 0 … 100'),
  pss_bytes: known,
  uss_bytes: known.describe('Private pages: what would be free if it ended'),
  shared_bytes: known,
  private_clean_bytes: known,
  private_dirty_bytes: known,
  swap_bytes: known,
  swap_pss_bytes: known,
  locked_bytes: known,
  rss_peak_bytes: known,
  vsz_bytes: known,
  vsz_peak_bytes: known,
  text_bytes: known,
  data_bytes: known,
  stack_bytes: known,
  library_text_bytes: known,
  rss_anonymous_bytes: known,
  rss_file_bytes: known,
  rss_shmem_bytes: known,
  anon_huge_bytes: known,
  hugetlb_bytes: known,
  page_tables_bytes: known,
  minor_faults: count.nullable(),
  major_faults: count.nullable(),
  oom_score: count.nullable().describe('Whom the OOM killer takes first'),
  oom_score_adj: count.nullable(),
  cgroup_memory_bytes: known.describe('Of its control group, page cache included'),
  cgroup_limit_bytes: known.describe('The tightest of its group and those above it'),
  cgroup_is_limited: z.boolean().nullable().describe('false: none of them has a limit'),
});

const totalsShape = {
  regions: count,
  size_bytes: bytes,
  rss_bytes: bytes,
  pss_bytes: bytes,
  shared_bytes: bytes,
  private_bytes: bytes,
  swap_bytes: bytes,
  locked_bytes: known,
  huge_bytes: known.describe('In transparent huge pages'),
  hugetlb_bytes: known.describe('In hugetlbfs, which is not part of RSS'),
};
const regionClass = z.enum(REGION_CLASS_IDS);
const classTotals = z.object({ class: regionClass, ...totalsShape });
const fileTotals = z.object({ path: text, is_deleted: z.boolean(), ...totalsShape });

const address = text.describe('Hexadecimal, as /proc/PID/maps has it');

const basicShape = Object.fromEntries(BASIC_FIGURES.map(({ id, help }) => [id, bytes.describe(help)]));
const laterShape = Object.fromEntries(LATER_FIGURES.map(({ id, help }) => [id, known.describe(help)]));
export const regionRow = z.object({
  start: address,
  end: address,
  class: regionClass,
  permissions: text.describe('r-xp: read, write, execute; private or shared'),
  offset: bytes,
  device: text,
  inode: count,
  path: text,
  is_deleted: z.boolean(),
  ...(basicShape as Record<(typeof BASIC_FIGURES)[number]['id'], typeof bytes>),
  ...(laterShape as Record<(typeof LATER_FIGURES)[number]['id'], typeof known>),
  flags: text.describe('VmFlags, two letters each'),
});

const stretch = z.object({
  start: address,
  end: address,
  class: regionClass,
  regions: count,
  size_bytes: bytes,
  rss_bytes: bytes,
  swap_bytes: bytes,
});

const totals = z.object(totalsShape).nullable();
const regionsShape = {
  totals: totals.describe('null: could not be read, see missing'),
  classes: z.array(classTotals).describe('Only classes that it has, in their fixed order'),
  files: z.array(fileTotals).describe('By mapped file, largest RSS first; the 1000 largest'),
  files_total: count,
  map: z.array(stretch).describe('The address space from low to high; holes are left out'),
};

const layout = z.object({
  page_bytes: bytes,
  virtual_bytes: bytes,
  resident_bytes: bytes.describe('In RAM, hugetlbfs included'),
  shared_bytes: bytes,
  private_bytes: bytes,
  swapped_bytes: bytes,
  readable_bytes: bytes,
  writable_bytes: bytes,
  executable_bytes: bytes,
  huge_bytes: known,
  hugetlb_bytes: known,
  page_sizes: z.array(
    z.object({ page_bytes: bytes, regions: count, size_bytes: bytes, resident_bytes: bytes }),
  ),
});

const timesShape = { user_seconds: count, system_seconds: count, percent: count.nullable() };
const schedulingShape = {
  policy: text.nullable().describe('sched(7): other, fifo, rr, batch, idle, deadline, ext'),
  nice: count.nullable(),
  realtime_priority: count.nullable(),
  affinity: text.nullable().describe('CPUs it may run on: 0-3,8'),
  last_cpu: count.nullable(),
  wait_channel: text.nullable().describe('Kernel function it waits in; empty where it does not wait'),
  voluntary_switches: count.nullable(),
  involuntary_switches: count.nullable(),
};

const cpu = z.object({
  ...timesShape,
  interval_seconds: count.describe('Between the two samples'),
  user_percent: count.nullable().describe('Of one CPU'),
  system_percent: count.nullable().describe('Of one CPU'),
  children_user_seconds: count.describe('Of children that have been waited for'),
  children_system_seconds: count,
  ...schedulingShape,
  cpus: count.describe('Of this host'),
  quota: z.object({
    cgroup: text.nullable(),
    quota_cpus: count.nullable().describe('null: no limit, or not known'),
    period_seconds: count.nullable(),
    weight: count.nullable(),
    throttled_periods: count.nullable(),
    throttled_seconds: count.nullable(),
  }),
  threads_total: count,
  threads: z
    .array(z.object({ tid: count, comm: text, state: text, ...timesShape, ...schedulingShape }))
    .describe('Busiest first; the 1000 busiest'),
});

const system = z.object({
  memory: z.object({
    total_bytes: known,
    available_bytes: known,
    used_bytes: known,
    free_bytes: known,
    used_percent: count.nullable(),
    buffers_bytes: known,
    cached_bytes: known,
  }),
  swap: z.object({
    total_bytes: known,
    used_bytes: known,
    free_bytes: known,
    used_percent: count.nullable(),
  }),
  meminfo: z.array(meminfoSchema).describe('Every line of /proc/meminfo: bytes, or a count'),
  uptime_seconds: count.nullable(),
  load: z.array(count).describe('Over 1, 5 and 15 minutes'),
  cpus: count,
  page_bytes: bytes,
  overcommit: z.object({ mode: count.nullable(), ratio: count.nullable() }),
  max_regions: count.nullable().describe('vm.max_map_count: regions that a process may have'),
  pressure: z.object({ some_avg10: count.nullable(), full_avg10: count.nullable() }),
  thp_mode: text.nullable().describe('Transparent huge pages: always, madvise, never'),
  oom_kills: count.nullable().describe('Since boot'),
});

export const analyzeMemoryAnswer = z.object({ ...head, memory });
export const analyzeRegionsAnswer = z.object({
  ...head,
  ...regionsShape,
  rows: z.array(regionRow).describe('In the order of `sort`, at most `limit`'),
  matched: count,
  shown: count,
});
export const analyzeCpuAnswer = z.object({ ...head, cpu: cpu.nullable() });
export const analyzeLayoutAnswer = z.object({ ...head, layout: layout.nullable() });
export const analyzeSystemAnswer = z.object({ ...head, system });
export const analyzeSummaryAnswer = z.object({
  ...head,
  memory,
  totals,
  classes: z.array(classTotals),
  text: text.describe('What it is made of, in sentences'),
});
export const analyzeAllAnswer = z.object({
  ...head,
  memory,
  ...regionsShape,
  layout: layout.nullable(),
  cpu: cpu.nullable(),
  system,
});

export type AnalyzeMemoryAnswer = z.infer<typeof analyzeMemoryAnswer>;
export type AnalyzeRegionsAnswer = z.infer<typeof analyzeRegionsAnswer>;
export type AnalyzeCpuAnswer = z.infer<typeof analyzeCpuAnswer>;
export type AnalyzeLayoutAnswer = z.infer<typeof analyzeLayoutAnswer>;
export type AnalyzeSystemAnswer = z.infer<typeof analyzeSystemAnswer>;
export type AnalyzeSummaryAnswer = z.infer<typeof analyzeSummaryAnswer>;
export type AnalyzeAllAnswer = z.infer<typeof analyzeAllAnswer>;
