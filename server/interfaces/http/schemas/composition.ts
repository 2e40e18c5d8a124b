import { z } from 'zod';
import { bytes, epochMs, gapSchema, iso, series } from '../schemas.ts';

/** GET /api/v1/composition */

const statistics = z
  .object({
    count: z.number().describe('Samples in which it is known'),
    min: bytes.nullable(),
    mean: bytes.nullable(),
    p95: bytes.nullable().describe('By linear interpolation between neighbours'),
    max: bytes.nullable(),
  })
  .describe('Of every sample of the range');

export const compositionAnswer = z.object({
  host: z.string(),
  pid: z.number(),
  key: z.string(),
  range: z.object({ from: iso, to: iso }).describe('The newest 50000 samples of what was asked for'),
  samples: z.number().describe('In which the process was seen'),
  statistics: z.object({
    rss_bytes: statistics,
    subtree_rss_bytes: statistics,
    pss_bytes: statistics,
    swap_bytes: statistics,
  }),
  t: epochMs.describe('Samples whose PSS is known, and those of long stretches in which it is not'),
  rss_bytes: series,
  pss_bytes: series.describe('null: a gap, or unknown where rss_bytes is not null'),
  swap_bytes: series.describe('null: a gap, or unknown where rss_bytes is not null'),
  gaps: z.array(gapSchema),
});

export type CompositionAnswer = z.infer<typeof compositionAnswer>;
