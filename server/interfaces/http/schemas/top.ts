import { z } from 'zod';
import { TOP_METRICS } from '../../../domain/top-metrics.ts';
import { epochMs, series } from '../schemas.ts';

/** GET /api/v1/top */

const counts = z.array(z.number().int().nullable());

const topSeries = z.object({
  key: z.string(),
  pid: z.number(),
  cmd: z.string().nullable().describe('As last seen, dump notation'),
  comm: z.string().nullable(),
  user: z.string().nullable(),
  bytes: series.describe('null: a gap, not alive then, or unknown'),
  unknown: counts.describe('1: alive then, and its figure unknown; 0: known, or not alive; null: a gap'),
});

export const topAnswer = z.object({
  host: z.string(),
  metric: z.enum(TOP_METRICS),
  t: epochMs.describe('Instants of samples; shared by all series'),
  series: z.array(topSeries).describe('The lives with the largest maximum of the metric, largest first'),
  others: z.object({
    processes: z.number().describe('All other lives that were seen at these instants'),
    bytes: series.describe('Sum of the known values of all others; null: a gap, or known of none of them'),
    unknown: counts.describe('Of how many of them that hold memory the figure is unknown; null: a gap'),
  }),
  total: series.describe('Sum of the known values of all processes'),
  known_ratio: z
    .array(z.number().nullable())
    .optional()
    .describe('pss only: of the processes that hold memory the share whose PSS is known, 0 … 1; null: a gap'),
  step_ms: z.number().nullable().describe('Usual time between two drawn points'),
  raw_points: z.number().describe('Samples with processes in the range'),
  method: z
    .enum(['raw', 'largest'])
    .describe('Every sample; of each step the sample in which the RSS of all processes is largest'),
});

export type TopAnswer = z.infer<typeof topAnswer>;
