import { z } from 'zod';
import { bytes, iso } from '../schemas.ts';

/** GET /api/v1/search */

const result = z.object({
  kind: z.literal('process'),
  key: z.string(),
  pid: z.number(),
  cmd: z.string().nullable().describe('As last seen'),
  comm: z.string().nullable().describe('As last seen'),
  user: z.string().nullable().describe('As last seen'),
  first_seen: iso,
  last_seen: iso,
  rss_max_bytes: bytes.describe('Largest RSS of its whole life'),
});

export const searchAnswer = z.object({
  q: z.string(),
  host: z.string(),
  results: z
    .array(result)
    .describe('Lives of processes: those of exactly this pid, then the newest, then the largest'),
  total: z.number().describe('All that match'),
});

export type SearchAnswer = z.infer<typeof searchAnswer>;
export type SearchResult = z.infer<typeof result>;
