import { z } from 'zod';
import { RESOLUTIONS } from '../../domain/buckets.ts';
import { ERROR_CODES } from '../../domain/errors.ts';
import type { Metric } from '../../domain/metric.ts';
import type { ProcessRow } from '../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../domain/metrics.ts';
import { GAP_REASONS } from '../../domain/timeline.ts';

/** The only source of what the API answers: types, validation and OpenAPI. Parameters: schemas/queries.ts. */

export const iso = z.string().describe('ISO 8601 UTC with milliseconds');
export const bytes = z.number();
export const epochMs = z.array(z.number()).describe('Epoch milliseconds');
export const series = z.array(bytes.nullable()).describe('Bytes; null marks a gap or an unknown value');

export const resolutionTold = z
  .enum(RESOLUTIONS)
  .describe('The one that was asked for, or the next coarser where that has too many points');

function valueSchema(metric: Metric): z.ZodType {
  const plain = metric.unit === 'text' || metric.unit === 'instant' ? z.string() : z.number();
  const schema = metric.unit === 'flag' ? z.boolean() : plain;
  return (metric.nullable ? schema.nullable() : schema).describe(metric.help);
}

const rowShape = Object.fromEntries(PROCESS_METRICS.map((metric) => [metric.id, valueSchema(metric)]));
export const rowSchema = z.object(rowShape) as unknown as z.ZodType<ProcessRow>;

/** What `base=` adds to a row. */
const baseShape = {
  base_rss_bytes: bytes
    .nullable()
    .optional()
    .describe('RSS at the base instant; null: that life was not alive then. Only with base='),
  base_subtree_rss_bytes: bytes
    .nullable()
    .optional()
    .describe('Subtree RSS at the base instant; null as above. Only with base='),
};
export type BaseFields = { base_rss_bytes?: number | null; base_subtree_rss_bytes?: number | null };
export const comparedRow = z.object({ ...rowShape, ...baseShape }) as unknown as z.ZodType<
  ProcessRow & BaseFields
>;
export const treeRow = z.object({
  ...rowShape,
  ...baseShape,
  depth: z.number().describe('Depth below the asked process, or below the root'),
  matched: z.boolean().describe('Passes the filter itself, not only as an ancestor'),
}) as unknown as z.ZodType<ProcessRow & BaseFields & { depth: number; matched: boolean }>;

export const gapSchema = z.object({
  from: iso,
  to: iso,
  reason: z.enum(GAP_REASONS),
});

export const snapshotsAnswer = z.object({ t: epochMs });

export const hidden = z.object({ processes: z.number(), rss_bytes: bytes });
export const totals = z.object({
  processes: z.number(),
  rss_bytes: bytes,
  pss_bytes: bytes.nullable(),
  swap_bytes: bytes.nullable(),
  known: z.object({ pss: z.number(), swap: z.number() }),
});

export const levels = z.array(z.object({ level: z.number(), processes: z.number(), rss_bytes: bytes }));

/** What `base=` adds to an answer; `null` without it. */
export const comparison = {
  base: z
    .object({ ts: iso, used_bytes: bytes.nullable().describe('MemTotal − MemAvailable then') })
    .nullable()
    .describe('The instant that is compared with'),
  gone: hidden
    .nullable()
    .describe('What was there at the base instant, passed the filter then and is not alive any more'),
};

export const neighbours = {
  previous: iso.nullable().describe('Instant of the sample before'),
  next: iso.nullable().describe('Instant of the sample after'),
  incomplete: z.boolean().describe('The pair was not as its commit record says'),
};

export const levelAnswer = z.object({
  ts: iso,
  ...neighbours,
  host: z.string(),
  level: z.number(),
  ...comparison,
  levels,
  rows: z.array(comparedRow),
  totals,
  matched: z.number(),
  shown: z.number(),
  hidden,
});

const instance = z.object({ key: z.string(), cmd: z.string().nullable(), from: iso, to: iso });

export const pidAnswer = z.object({
  ts: iso,
  ...neighbours,
  host: z.string(),
  process: comparedRow,
  ancestors: z.array(comparedRow),
  ...comparison,
  rows: z.array(treeRow),
  instances: z.array(instance),
  totals,
  matched: z.number(),
  shown: z.number(),
  hidden,
});

const childSeries = z.object({
  key: z.string(),
  pid: z.number(),
  cmd: z.string().nullable(),
  t: epochMs,
  rss_bytes: series,
  subtree_rss_bytes: series,
});

const plotLine = z.object({
  t: epochMs,
  rss_bytes: series.describe('Samples, or the mean of each step'),
  rss_min_bytes: series.optional().describe('The smallest sample of each step, where steps are told'),
  rss_max_bytes: series.optional().describe('The largest'),
});

export const plotAnswer = z.object({
  ts: iso,
  host: z.string(),
  range: z.object({ from: iso, to: iso }),
  process: rowSchema,
  instances: z.array(instance),
  peak: z.object({ t: z.number(), rss_bytes: bytes }),
  own: plotLine,
  subtree: plotLine,
  children: z.array(childSeries),
  children_summary: z
    .array(rowSchema)
    .describe('The 200 with the largest subtrees, 32 where the method is rollup'),
  children_total: z.number(),
  others: z
    .object({ processes: z.number(), t: epochMs, rss_bytes: series, subtree_rss_bytes: series })
    .nullable()
    .describe('The rest, when there are more than 12 children'),
  gaps: z.array(gapSchema),
  resolution: resolutionTold,
  step_ms: z.number().nullable(),
  method: z
    .enum(['raw', 'm4', 'buckets', 'rollup'])
    .describe(
      'Thinning: none; four samples a pixel; the mean of each step; the smallest and largest sample of each hour',
    ),
  raw_points: z.number(),
});

export const ingestSchema = z.object({
  state: z.enum(['scanning', 'ingesting', 'idle']),
  pending: z.number().nullable(),
  read: z.number(),
  rows: z.number(),
  seconds_left: z.number().nullable(),
  rejected_files: z.number(),
  rejected_rows: z.number(),
  sealed_by: z.string().nullable(),
});

export const healthAnswer = z.object({
  ok: z.boolean(),
  version: z.string(),
  samples: z.number(),
  last_sample: iso.nullable(),
  ingest: ingestSchema,
  alerts: z
    .object({ host: z.string(), firing: z.number() })
    .nullable()
    .describe('At the newest sample of the newest host; null: not looked at yet'),
  sessions: z
    .array(
      z.object({
        name: z.string(),
        seconds_left: z.number(),
        interval_seconds: z.number(),
        next_sample_seconds: z.number().nullable().describe('null: none was written yet'),
      }),
    )
    .describe('Sessions that are being recorded, the one that ends next first'),
});

export const problemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.enum(ERROR_CODES),
  field: z.string().optional(),
  next: z.string().optional(),
  instances: z.array(instance).optional().describe('The lives of the pid that was asked for, nearest first'),
});

export type SnapshotsAnswer = z.infer<typeof snapshotsAnswer>;
export type LevelAnswer = z.infer<typeof levelAnswer>;
export type PidAnswer = z.infer<typeof pidAnswer>;
export type PlotAnswer = z.infer<typeof plotAnswer>;
export type HealthAnswer = z.infer<typeof healthAnswer>;
export type Problem = z.infer<typeof problemAnswer>;
