import { z } from 'zod';
import { USE_STATES } from '../../../domain/use-state.ts';
import { ingestSchema } from '../schemas.ts';

/** GET /api/v1/status: the recorder, the server, and what they hold. */

const iso = z.string().describe('ISO 8601 UTC with milliseconds');
const bytes = z.number();
const seconds = z.number();

const recorder = z.object({
  alive: z.boolean(),
  holder: z.object({ pid: z.number(), since: iso }).nullable().describe('Who holds the lock of the folder'),
  last_sample: iso.nullable(),
  age_seconds: seconds.nullable(),
  interval_seconds: seconds.nullable(),
  cost: z.object({
    cpu_seconds: seconds.nullable().describe('Of the recorder’s own row in the last sample'),
    rss_bytes: bytes.nullable(),
    cpu_share: z.number().nullable().describe('CPU seconds per second of its life'),
    overrun_seconds: seconds.nullable(),
  }),
  gaps: z.array(z.object({ from: iso, to: iso, seconds })).describe('Of the last day'),
  disk: z.object({
    dumps: z.number(),
    bytes,
    bytes_per_day: bytes.nullable(),
    free_bytes: bytes,
    total_bytes: bytes,
  }),
  days_until_full: z.number().nullable().describe('At the rate of the last day, if nothing were removed'),
});

export const useSchema = z.object({
  status: z
    .enum(USE_STATES)
    .describe('active_not_in_use: it ends when countdown_seconds are over; inactive: monitoring was stopped'),
  clients: z.number().describe('Who watch the live feed'),
  idle_seconds: seconds.describe('Since somebody asked for something'),
  countdown_seconds: seconds.nullable().describe('null: the server stays'),
});

const ownMemory = z.object({
  rss_bytes: bytes.describe('What the kernel has given the server'),
  heap_used_bytes: bytes.describe('JavaScript objects, garbage included'),
  external_bytes: bytes.describe('Buffers of JavaScript objects'),
});

export const garbageAnswer = z.object({
  before: ownMemory,
  after: ownMemory,
  freed: ownMemory.describe('Before less after; below 0: it has grown meanwhile'),
  took_ms: z.number(),
});

export type GarbageAnswer = z.infer<typeof garbageAnswer>;

export const statusAnswer = z.object({
  version: z.string(),
  now: iso,
  recorder: recorder.nullable().describe('As pmi status --json tells; null: the folder cannot be read'),
  server: z.object({
    pid: z.number().describe('That of the recorder, too, where it records itself (pmi up)'),
    started: iso,
    uptime_seconds: seconds,
    rss_bytes: bytes,
    node: z.string(),
    sealed_by: z.string().nullable().describe('Another process that seals; null: this one does'),
  }),
  ingest: ingestSchema,
  clients: z.object({ live: z.number() }),
  use: useSchema,
  disk: z
    .object({
      dumps_bytes: bytes.nullable().describe('null: not laid out as by a recorder of this folder'),
      index_bytes: bytes,
      free_bytes: bytes,
      total_bytes: bytes,
    })
    .nullable()
    .describe('Of the file system that holds the dumps'),
  hosts: z.array(z.object({ host: z.string(), samples: z.number(), first: iso, last: iso })),
  index: z.object({ segments: z.number(), bytes }),
  config: z.object({
    trouble: z.string().nullable().describe('Why the configuration cannot be used as it is now'),
  }),
});

export type StatusAnswer = z.infer<typeof statusAnswer>;
