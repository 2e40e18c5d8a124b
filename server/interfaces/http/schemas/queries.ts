import { z } from 'zod';
import { DUMP_FILTERS } from '../../../domain/dump-state.ts';
import { GROUPINGS, LIMIT, MOST_SPARKLINES } from '../../../domain/process-filter.ts';
import { TOP_COUNT, TOP_METRICS } from '../../../domain/top-metrics.ts';
import { TREE_PICTURES } from '../../../domain/tree-pictures.ts';
import {
  base,
  common,
  defaulted,
  FORMAT_HELP,
  filter,
  format,
  host,
  instant,
  integer,
  level,
  matching,
  numeric,
  oneOf,
  optional,
  process,
  px,
  range,
  raw,
  resolution,
  rows,
  ts,
  watch,
  width,
} from './parameters.ts';

/** The query parameters of each route that reads the recording. */

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
  resolution,
  cols: numeric(integer(1, 4, 'Charts side by side on the page.').optional()),
  height: numeric(integer(200, 2000, 'Height of a chart on the page, px.').optional()),
});
export const snapshotsQuery = z.object({ ...common, ...range });
export const levelQuery = z.object({
  ...common,
  ts,
  lvl: numeric(level.default(0)),
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
export const plotQuery = z.object({ ...common, ...process, ts, ...range, px, resolution });

export const compositionQuery = z.object({ ...common, ...range, ...process, px });
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
  base,
  lvl: numeric(level.optional()),
  group: optional(oneOf(GROUPINGS, 'The processes put together, not as a tree.')),
  view: optional(oneOf(TREE_PICTURES, 'A picture of the tree above its table.')),
  limit: numeric(integer(1, 1000, 'How many of the largest processes or groups.').default(40)),
});

/** The last day where nothing is asked. */
export const alertsQuery = z.object({ ...common, ...range });

export const watchGroupsQuery = z.object({ ...common, ts });
export const watchTimelineQuery = z.object({ ...common, ...range, px });
/** Of a view that takes nothing but its form. */
export const figuresQuery = z.object({ format, raw });
/** Of one that no table could tell. */
export const pageQuery = z.object({ format: optional(oneOf(['json', 'html'], `json; ${FORMAT_HELP}`)) });

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
