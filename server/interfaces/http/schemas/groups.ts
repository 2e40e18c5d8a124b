import { z } from 'zod';
import { GROUPINGS } from '../../../domain/process-filter.ts';
import { bytes, comparison, iso, levels, neighbours, totals } from '../schemas.ts';

/** GET /api/v1/groups */

const group = z.object({
  name: z.string().nullable().describe('Dump notation; null: unknown'),
  processes: z.number(),
  rss_bytes: bytes,
  pss_bytes: bytes.nullable().describe('Sum of the known'),
  swap_bytes: bytes.nullable().describe('Sum of the known'),
  known: z.object({ pss: z.number(), swap: z.number() }).describe('Processes whose figure is known'),
  rss_is_upper_bound: z.boolean().describe('More than one process: pages that they share count once each'),
  largest: z
    .object({
      pid: z.number(),
      key: z.string(),
      cmd: z.string().nullable(),
      comm: z.string().nullable(),
      rss_bytes: bytes,
    })
    .describe('Its process with the largest RSS'),
  base_rss_bytes: bytes
    .optional()
    .describe('Of the group at the base instant, 0 where it had no process. Only with base='),
});

export const groupsAnswer = z.object({
  ts: iso,
  ...neighbours,
  host: z.string(),
  levels: levels.describe('Of the whole tree, whatever the filter'),
  by: z.enum(GROUPINGS),
  ...comparison,
  groups: z.array(group).describe('By RSS, ties by name'),
  groups_total: z.number().describe('Groups before the limit'),
  totals: totals.describe('Of all groups'),
});

export type GroupsAnswer = z.infer<typeof groupsAnswer>;
export type ProcessGroup = z.infer<typeof group>;
