import { z } from 'zod';
import { DUMP_FILTERS } from '../../../domain/dump-state.ts';
import type { ProcessMetricId } from '../../../domain/metrics.ts';
import { PROCESS_METRICS } from '../../../domain/metrics.ts';
import type { FacetId, ThresholdId } from '../../../domain/process-filter.ts';
import {
  DEFAULT_SORT,
  FACETS,
  GROUPINGS,
  LIMIT,
  MOST_SPARKLINES,
  SEARCH,
  THRESHOLDS,
  WATCH,
} from '../../../domain/process-filter.ts';
import { TOP_COUNT, TOP_METRICS } from '../../../domain/top-metrics.ts';
import { groupName } from './watch-groups.ts';

/** The only source of query parameters: names, defaults, bounds, types and their OpenAPI text. */

const metricIds = PROCESS_METRICS.map((metric) => metric.id) as [ProcessMetricId, ...ProcessMetricId[]];

const instant = (meaning: string) =>
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
const defaulted = <T extends z.ZodType>(schema: T, value: z.core.util.NoUndefined<z.output<T>>) =>
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
const oneOf = <const T extends readonly [string, ...string[]]>(values: T, meaning: string) =>
  z.enum(values, { error: `One of ${values.join(', ')}.` }).describe(meaning);

const pid = integer(1, 2 ** 31 - 1, 'Process id');
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

export const FORMATS = ['json', 'csv', 'ndjson', 'parquet', 'html'] as const;
const FORMAT_HELP = 'without it, pages are for those who accept text/html.';
const format = optional(oneOf(FORMATS, `json, csv, ndjson or parquet; ${FORMAT_HELP}`));
/** Spreadsheet formulas in text cells are guarded by an apostrophe unless raw=1. */
const raw = optional(oneOf(['0', '1'], '1: CSV text cells exactly as recorded, formulas not guarded.'));
const host = optional(
  z.string().min(1).max(255).describe('Host, where the folder holds several; default the newest.'),
);
export const width = (pixels: number) =>
  numeric(integer(50, 4000, 'Width in pixels to thin a series for.').default(pixels));
const px = width(1200);

const ts = optional(instant('The instant'));
const range = { from: optional(instant('Start of the range')), to: optional(instant('End of the range')) };
export const common = { format, raw, host };

const base = optional(instant('An instant to compare with'));

const watch = optional(groupName.describe(WATCH.help));

/** Which processes: the one filter of every list of them. */
const matching = {
  ...thresholds,
  q: optional(z.string().max(200).describe(SEARCH.help)),
  ...facets,
  watch,
};

const filter = {
  ...matching,
  window: defaulted(
    oneOf(['upto', 'all'], 'Statistics over the first sample … ts, or over everything.'),
    'upto',
  ),
};

const rows = {
  ...filter,
  base,
  limit: numeric(integer(LIMIT.min, LIMIT.max, 'Most rows to return, applied last.').default(LIMIT.default)),
  sort: defaulted(oneOf(metricIds, 'Metric to sort by; ties by pid, unknown last.'), DEFAULT_SORT.sort),
  dir: defaulted(oneOf(['asc', 'desc'], 'Direction of the sort.'), DEFAULT_SORT.dir),
};

const process = {
  pid: numeric(pid.optional()),
  key: optional(z.string().min(1).max(80).describe('Process key: one life of a pid.')),
};

const KEYS = { error: `One to ${MOST_SPARKLINES} process keys, joined by commas.` };
const processKeys = z
  .string(KEYS)
  .max(80 * MOST_SPARKLINES, KEYS)
  .refine((text) => text !== '' && text.split(',').length <= MOST_SPARKLINES, KEYS)
  .describe(KEYS.error);

const WHAT_TO_SEARCH = 'Substring of a command, name or user, or a pid; case is ignored.';

export const overviewQuery = z.object({
  ...common,
  ...range,
  px,
  cols: numeric(integer(1, 4, 'Charts side by side on the page.').optional()),
  height: numeric(integer(200, 2000, 'Height of a chart on the page, px.').optional()),
});
export const snapshotsQuery = z.object({ ...common, ...range });
export const levelQuery = z.object({
  ...common,
  ts,
  lvl: numeric(integer(0, 1_000_000, 'Level of the tree; 0: the parent is not in the sample.').default(0)),
  ...rows,
});
export const pidQuery = z.object({ ...common, ...process, ts, ...rows });
export const snapshotQuery = z.object({ ...common, ts, ...rows });
export const facetsQuery = z.object({ ...common, ts, ...filter });
export const groupsQuery = z.object({
  ...common,
  ts,
  by: oneOf(GROUPINGS, 'What makes a group'),
  ...filter,
  base,
  limit: numeric(integer(LIMIT.min, LIMIT.max, 'Most groups to return, the largest.').default(LIMIT.default)),
});
export const sparklinesQuery = z.object({
  ...common,
  ts,
  seconds: numeric(integer(1, 400 * 86_400, 'How far back from ts.').default(3600)),
  keys: processKeys,
});
export const searchQuery = z.object({
  ...common,
  q: z.string({ error: WHAT_TO_SEARCH }).min(1, { error: WHAT_TO_SEARCH }).max(200).describe(WHAT_TO_SEARCH),
  limit: numeric(integer(1, 200, 'Most results.').default(20)),
});
export const plotQuery = z.object({ ...common, ...process, ts, ...range, px });

export const eventsQuery = z.object({ ...common, ...range, ...process });
export const minimapQuery = z.object({ ...common, px: width(600) });
export const topQuery = z.object({
  ...common,
  ...range,
  metric: defaulted(oneOf(TOP_METRICS, 'What the processes are told by.'), 'rss'),
  watch,
  n: numeric(integer(TOP_COUNT.min, TOP_COUNT.max, 'How many processes.').default(TOP_COUNT.default)),
  px,
});
export const answerQuery = z.object({
  ...common,
  ts,
  from: optional(instant('What grew since this instant; default one hour before ts')),
});

export const filesQuery = z.object({
  format,
  raw,
  state: optional(oneOf(DUMP_FILTERS, 'Only dumps of this state; damaged: incomplete or rejected.')),
  limit: rows.limit,
});
export const reportQuery = z.object({
  host,
  ...process,
  ...matching,
  ts: optional(instant('The moment; default the end of the range')),
  ...range,
  limit: numeric(integer(1, 1000, 'How many of the largest processes.').default(40)),
});
export const watchGroupsQuery = z.object({ ...common, ts });
export const watchTimelineQuery = z.object({ ...common, ...range, px });
export const statusQuery = z.object({ format: optional(oneOf(['json', 'html'], `json; ${FORMAT_HELP}`)) });

export type OverviewQuery = z.infer<typeof overviewQuery>;
export type SnapshotsQuery = z.infer<typeof snapshotsQuery>;
export type LevelQuery = z.infer<typeof levelQuery>;
export type PidQuery = z.infer<typeof pidQuery>;
export type SnapshotQuery = z.infer<typeof snapshotQuery>;
export type FacetsQuery = z.infer<typeof facetsQuery>;
export type GroupsQuery = z.infer<typeof groupsQuery>;
export type SparklinesQuery = z.infer<typeof sparklinesQuery>;
export type SearchQuery = z.infer<typeof searchQuery>;
export type PlotQuery = z.infer<typeof plotQuery>;
export type EventsQuery = z.infer<typeof eventsQuery>;
export type MinimapQuery = z.infer<typeof minimapQuery>;
export type TopQuery = z.infer<typeof topQuery>;
export type AnswerQuery = z.infer<typeof answerQuery>;
export type FilesQuery = z.infer<typeof filesQuery>;
