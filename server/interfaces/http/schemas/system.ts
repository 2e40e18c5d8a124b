import { z } from 'zod';
import { bytes, iso } from '../schemas.ts';

/** GET /api/v1/system: this host now. Names are in dump notation. */

const known = bytes.nullable();
const count = z.number().nullable();

const stallShare = z
  .object({ avg10: z.number(), avg60: z.number(), avg300: z.number() })
  .nullable()
  .describe('Percent of the last 10, 60 and 300 s');
const pressure = z
  .object({
    some: stallShare.describe('Some tasks waited'),
    full: stallShare.describe('All tasks waited; null: the kernel does not tell'),
  })
  .nullable()
  .describe('null: this kernel does not measure it');

function largest<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), total: z.number().describe('How many there are') });
}

const fileSystem = z.object({
  path: z.string().describe('Where it is mounted first'),
  type: z.string(),
  size_bytes: known,
  used_bytes: known,
});

const segment = z.object({
  id: z.number(),
  size_bytes: bytes,
  rss_bytes: known,
  swap_bytes: known,
  creator_pid: z.number(),
  last_pid: z.number().describe('Attached or detached it last; 0: nobody'),
  attached: z.number().describe('By how many processes; 0: it stays until somebody removes it'),
  user: z.string(),
});

const sharedFile = z.object({
  name: z.string(),
  user: z.string(),
  size_bytes: bytes,
  used_bytes: bytes.describe('In memory or swap'),
});

const cgroup = z.object({
  path: z.string(),
  depth: z.number().describe('The root is 0; rows come depth first, siblings by memory'),
  current_bytes: known,
  peak_bytes: known,
  swap_bytes: known,
  is_limited: z.boolean().nullable().describe('By a limit of its own; null: not told'),
  max_bytes: known,
  high_bytes: known.describe('null: none, or not told'),
  oom_kills: count,
  some_avg10: count.describe('Memory pressure, percent of the last 10 s'),
  full_avg10: count,
});

const liveProcess = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  rss_bytes: bytes,
  swap_bytes: known,
  cpu_seconds: count,
  cmd: z.string().nullable().describe('Secrets masked'),
  comm: z.string().nullable(),
});

export const meminfoSchema = z.object({
  key: z.string(),
  value: z.number(),
  unit: z.enum(['bytes', 'count']),
  help: z.string().nullable().describe('null: nobody has described it'),
});

const recorder = z.object({
  alive: z.boolean(),
  interval_seconds: count,
  cpu_seconds: count,
  cpu_share: count.describe('CPU seconds per second of its life'),
  rss_bytes: known,
  overrun_seconds: count,
});

export const systemAnswer = z.object({
  ts: iso,
  host: z.string(),
  uptime_seconds: count,
  boot: iso.nullable(),
  cpus: count,
  load: z.object({ load1: z.number(), load5: z.number(), load15: z.number() }).nullable(),
  counters: z.object({ context_switches: count, interrupts: count, forks: count }).describe('Since boot'),
  memory: z.object({
    total_bytes: known,
    used_bytes: known.describe('MemTotal − MemAvailable'),
    used_htop_bytes: known.describe('MemTotal − MemFree − Buffers − Cached − SReclaimable'),
    available_bytes: known,
    free_bytes: known,
    shmem_bytes: known,
    oom_kills: count.describe('Since boot'),
  }),
  swap: z.object({ total_bytes: known, used_bytes: known, cached_bytes: known }),
  pressure: z.object({ memory: pressure, cpu: pressure, io: pressure }),
  meminfo: z.array(meminfoSchema).describe('Every key of /proc/meminfo'),
  shared: z.object({
    file_systems: z.array(fileSystem).describe('tmpfs, devtmpfs, ramfs, hugetlbfs that the server sees'),
    segments: largest(segment).describe('System V shared memory'),
    files: largest(sharedFile).nullable().describe('Of /dev/shm; null: it cannot be listed'),
    unlisted_bytes: known.describe(
      'Shmem that none of these lists shows: memfd, deleted files, other name spaces',
    ),
  }),
  cgroups: z.object({
    version: z.number().nullable().describe('Of the hierarchy with the memory figures, 1 or 2; null: none'),
    groups: z.array(cgroup),
    is_cut: z.boolean().describe('Some were left out: too many, too deep, or not to be read'),
  }),
  processes: largest(liveProcess).extend({ rss_bytes: bytes.describe('Of all, an upper bound') }),
  overhead: z.object({
    recorder: recorder.nullable().describe('Of the dump folder; null: it cannot be looked at'),
    server: z.object({ rss_bytes: bytes, cpu_seconds: z.number(), cpu_share: count }),
  }),
});

export type SystemAnswer = z.infer<typeof systemAnswer>;
