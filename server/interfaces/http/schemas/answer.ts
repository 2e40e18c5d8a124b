import { z } from 'zod';
import { bytes, iso } from '../schemas.ts';

/** GET /api/v1/answer: who holds the memory at an instant, and what grew since an earlier one. */

export const culpritSchema = z.object({
  key: z.string(),
  pid: z.number(),
  cmd: z.string().nullable().describe('Dump notation'),
  comm: z.string().nullable(),
  user: z.string().nullable(),
  started: iso,
  is_new: z
    .boolean()
    .describe('Was not there at the earlier instant: its memory counts as growth as a whole'),
  subtree_processes: z.number().describe('The process and all its descendants'),
  bytes: bytes.describe('Memory of the subtree: PSS where it is known, else RSS; what text tells'),
  rss_is_upper_bound: z
    .boolean()
    .describe('Of some process of the subtree only RSS is known, which counts shared pages in full: at most'),
  subtree_rss_bytes: bytes,
  subtree_pss_bytes: bytes.nullable().describe('null where a process of the subtree has no known PSS'),
  delta_bytes: bytes
    .nullable()
    .describe('Growth of the subtree since the earlier instant; null: there is no earlier sample'),
  share_of_growth: z
    .number()
    .nullable()
    .describe('delta ÷ growth of used; above 1 where others shrank; null where used did not grow'),
});

export const answerAnswer = z.object({
  host: z.string(),
  asked: iso.describe('The instant that was asked for'),
  ts: iso.describe('The sample that is told: the nearest at or before'),
  distance_seconds: z.number().describe('From that sample to the asked instant'),
  is_far: z.boolean().describe('By more than three usual spacings'),
  nearest_before: iso.describe('As ts'),
  nearest_after: iso.nullable().describe('The next sample'),
  from_asked: iso.describe('The earlier instant that was asked for'),
  from: iso.nullable().describe('The nearest sample at or before it; null: there is none'),
  from_distance_seconds: z.number().nullable(),
  from_is_far: z.boolean().describe('As is_far'),
  rebooted: z.boolean().describe('Another boot than that of the earlier sample: every process is new'),
  used_is: z.literal('total − available'),
  mem_total_bytes: bytes.nullable(),
  used_bytes: bytes.nullable(),
  used_delta_bytes: bytes.nullable().describe('Growth of used; null where either is unknown'),
  largest: z.array(culpritSchema).describe('Who holds the memory: at most 5 subtrees that do not overlap'),
  culprits: z.array(culpritSchema).describe('Who grew: at most 5 subtrees that do not overlap'),
  ledger: z
    .array(
      z.object({ part: z.string(), bytes: bytes.nullable().describe('null: the dump does not tell it') }),
    )
    .describe('Parts of MemTotal, which add up to it; empty where MemTotal is unknown'),
  text: z.string().describe('The answer in plain words; names are made safe to show'),
});

export type AnswerAnswer = z.infer<typeof answerAnswer>;
export type CulpritView = z.infer<typeof culpritSchema>;
