import { z } from 'zod';
import { RESOLUTIONS } from '../../../domain/buckets.ts';
import type { ProcessMetricId } from '../../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../../domain/metrics.ts';
import type { FacetId, ThresholdId } from '../../../domain/process-filter.ts';
import { DEFAULT_SORT, FACETS, LIMIT, SEARCH, THRESHOLDS, WATCH } from '../../../domain/process-filter.ts';
import { groupName } from './watch-groups.ts';

/** What query parameters are made of: forms, bounds, texts, and those that many routes share. */

const metricIds = PROCESS_METRICS.map((metric) => metric.id) as [ProcessMetricId, ...ProcessMetricId[]];

export const instant = (meaning: string) =>
  z
    .string()
    .min(1)
    .max(40)
    .describe(
      `${meaning}: YYYYMMDD_HHMMSS[_mmm][Z], ISO 8601, epoch ms, 03:12 (up to the newest sample), -3m (before it) or latest.`,
    );

/** A form sends an empty field for "not given"; so do we read it. */
const given = (value: unknown) => (value === '' ? undefined : value);
export const optional = <T extends z.ZodType>(schema: T) => z.preprocess(given, schema.optional());
export const defaulted = <T extends z.ZodType>(schema: T, value: z.core.util.NoUndefined<z.output<T>>) =>
  z.preprocess(given, schema.default(value));

/** The default stands next to the number: further out, it is lost on the way to OpenAPI (zod 4.6.7). */
export const numeric = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : given(value)),
    schema,
  );
export const integer = (min: number, max: number, meaning: string) => {
  const error = `A whole number, ${min} … ${max}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error }).describe(meaning);
};
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, meaning: string) =>
  z.enum(values, { error: `One of ${values.join(', ')}.` }).describe(meaning);

export const pid = integer(1, 2 ** 31 - 1, 'Process id');
const threshold = (help: string) => {
  const error = 'A number, 0 or more.';
  return numeric(z.number({ error }).min(0, { error }).max(1e15, { error }).describe(help).optional());
};
const thresholds = Object.fromEntries(THRESHOLDS.map(({ id, help }) => [id, threshold(help)])) as Record<
  ThresholdId,
  ReturnType<typeof threshold>
>;

const facet = (help: string) => optional(z.string().max(4096).describe(help));
const facets = Object.fromEntries(FACETS.map(({ id, help }) => [id, facet(help)])) as Record<
  FacetId,
  ReturnType<typeof facet>
>;

const FORMATS = ['json', 'csv', 'ndjson', 'parquet', 'html'] as const;
export const FORMAT_HELP = 'without it, pages are for those who accept text/html.';
export const format = optional(oneOf(FORMATS, `json, csv, ndjson or parquet; ${FORMAT_HELP}`));
/** Spreadsheet formulas in text cells are guarded by an apostrophe unless raw=1. */
export const raw = optional(
  oneOf(['0', '1'], '1: CSV text cells exactly as recorded, formulas not guarded.'),
);
export const host = optional(
  z.string().min(1).max(255).describe('Host, where the folder holds several; default the newest.'),
);
export const width = (pixels: number) =>
  numeric(integer(50, 4000, 'Width in pixels to thin a series for.').default(pixels));
export const px = width(1200);
export const resolution = defaulted(
  oneOf(
    RESOLUTIONS,
    'auto: thinned to px; full: each sample; else mean, smallest and largest of each step. Where that is too many points, the next coarser.',
  ),
  'auto',
);

export const ts = optional(instant('The instant'));
export const range = {
  from: optional(instant('Start of the range')),
  to: optional(instant('End of the range')),
};
export const common = { format, raw, host };

export const base = optional(instant('An instant to compare with'));

export const watch = optional(groupName.describe(WATCH.help));

/** Which processes: the one filter of every list of them. */
export const matching = {
  ...thresholds,
  q: optional(z.string().max(200).describe(SEARCH.help)),
  ...facets,
  watch,
};

export const filter = {
  ...matching,
  window: defaulted(
    oneOf(['upto', 'all'], 'Statistics over the first sample … ts, or over everything.'),
    'upto',
  ),
};

export const rows = {
  ...filter,
  base,
  limit: numeric(integer(LIMIT.min, LIMIT.max, 'Most rows to return, applied last.').default(LIMIT.default)),
  sort: defaulted(oneOf(metricIds, 'Metric to sort by; ties by pid, unknown last.'), DEFAULT_SORT.sort),
  dir: defaulted(oneOf(['asc', 'desc'], 'Direction of the sort.'), DEFAULT_SORT.dir),
};

export const level = integer(0, 1_000_000, 'Level of the tree; 0: the parent is not in the sample.');

export const process = {
  pid: numeric(pid.optional()),
  key: optional(z.string().min(1).max(80).describe('Process key: one life of a pid.')),
};
