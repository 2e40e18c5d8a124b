import { z } from 'zod';
import { REGION_CLASS_IDS } from '../../../domain/memory-regions.ts';
import { TREND_DIRECTIONS } from '../../../domain/trend.ts';
import { bytes, iso } from '../schemas.ts';

/** GET /api/v1/analyze/compare, /moments and /trends: one life of a process along what was recorded of it. */

const count = z.number();
const text = z.string();

const change = { a_bytes: bytes, b_bytes: bytes, delta_bytes: bytes };
export const analyzeCompareAnswer = z.object({
  pid: count,
  key: text,
  a: iso.describe('The recorded moment at or before the one that was asked for'),
  b: iso,
  metric: z.literal('rss'),
  delta_bytes: bytes,
  text: text.describe('What it means, in a sentence'),
  classes: z.array(z.object({ class: z.enum(REGION_CLASS_IDS), ...change })).describe('Grown first'),
  files: z.array(z.object({ path: text, is_deleted: z.boolean(), ...change })).describe('Grown first'),
});

export const analyzeMomentsAnswer = z.object({
  pid: count.nullable(),
  key: text.nullable().describe('The life that was seen last; null: nothing is recorded'),
  moments: z
    .array(z.object({ ts: iso, rss_bytes: bytes, regions: count }))
    .describe('In order of time; at most 200, evenly spread'),
  moments_total: count,
  can_record: z.boolean().describe('Whether this server takes one now, by POST'),
});

export const recordedMomentAnswer = z.object({ pid: count, key: text, ts: iso, read_seconds: count });

const rule = text.describe('By which rule');
export const analyzeTrendsAnswer = z.object({
  pid: count,
  key: text,
  cmd: text.nullable(),
  from: iso,
  to: iso,
  samples: count,
  covered_ratio: count,
  metric: z.literal('rss'),
  current_bytes: bytes,
  direction: z.object({ value: z.enum(TREND_DIRECTIONS), rule }),
  rate: z.object({ bytes_per_hour: count.nullable(), percent_per_minute: count.nullable(), rule }),
  peak: z.object({ bytes, at: iso, rule }),
  near_peak: z.object({ seconds: count.nullable(), ratio: count.nullable(), rule }),
});

export type AnalyzeCompareAnswer = z.infer<typeof analyzeCompareAnswer>;
export type AnalyzeMomentsAnswer = z.infer<typeof analyzeMomentsAnswer>;
export type AnalyzeTrendsAnswer = z.infer<typeof analyzeTrendsAnswer>;
