import { z } from 'zod';
import type { InitialData } from '../../../domain/live-point.ts';
import { bytes } from '../schemas.ts';

/** GET /live, /api/v1/live: what a client of the feed gets first. */

const instant = z.number().describe('Epoch milliseconds');
const known = bytes.nullable();
const percent = z.number().nullable();

const figures = {
  processes: z.number(),
  zombies: z.number().describe('Of these: have ended, and wait for their parents to take the exit codes'),
  rss_bytes: known.describe('Shared pages count once for each process'),
  pss_bytes: known.describe('Sum of the known values'),
  pss_known: z.number().describe('Of how many processes PSS is known'),
  pss_age_seconds: z
    .number()
    .nullable()
    .describe('Of the oldest reading of PSS in the sum; null: none is known'),
  vsz_bytes: known,
  swap_bytes: known.describe('Sum of the known values'),
  cpu_percent: percent.describe('Of one CPU since the point before; null at the first'),
};

const departure = z
  .object({
    pid: z.number(),
    comm: z.string().nullable(),
    cmd: z.string().nullable().describe('Its beginning, secrets masked'),
    seen: instant.describe('When it was seen last'),
    gone: instant.describe('When it was first not there: it left in between'),
    exited: z.boolean().describe('It ended, with an exit code that only its parent is told; else it runs on'),
  })
  .nullable();

const group = z.object({
  name: z.string(),
  total: z.object(figures).describe('Each process counts once'),
  members: z.array(
    z.object({
      name: z.string(),
      ...figures,
      pids: z.array(z.number()).describe('With the most RSS, at most 5'),
      departure: departure.describe('The last process that was seen to leave; null: none was'),
    }),
  ),
  ambiguous: z.number().describe('Processes that several members match; they count for the first'),
});

const point = z.object({
  t: instant,
  seq: z.number().describe('Grows by one with each point of this feed'),
  host: z.string(),
  system: z.object({
    uptime_seconds: z.number().nullable(),
    used_bytes: known,
    used_htop_bytes: known,
    swap_used_bytes: known,
    cpu_percent: percent.describe('Of all CPUs since the point before; null at the first'),
    load1: z.number().nullable(),
    load5: z.number().nullable(),
    load15: z.number().nullable(),
    processes: z.number(),
    process_rss_bytes: bytes,
    metrics: z.record(z.string(), z.number()).describe('By id, those that the kernel has'),
  }),
  groups: z.array(group).describe('Watch groups'),
});

export const liveAnswer = z.object({
  type: z.literal('initial_data'),
  feed: z.string().describe('Of this server’s feed: a seq means nothing in another one'),
  interval_seconds: z.number(),
  gaps: z.array(
    z.object({ from: instant, to: instant, reason: z.enum(['idle', 'suspend', 'slow', 'restart']) }),
  ),
  seq: z.number().describe('Of the newest point; 0 before the first'),
  history: z.array(point).describe('Oldest first'),
}) as unknown as z.ZodType<InitialData>;
