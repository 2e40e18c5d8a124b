import { z } from 'zod';
import { LIVE, parseLivePlace } from '../../../domain/live-point.ts';
import { REGION_CLASS_IDS, REGION_SORTS } from '../../../domain/memory-regions.ts';
import {
  common,
  defaulted,
  format,
  instant,
  integer,
  numeric,
  oneOf,
  optional,
  pid,
  process,
  range,
  raw,
  ts,
} from './parameters.ts';
import { statusQuery } from './queries.ts';

/** Query parameters of what is measured now: the feed, and the inside of a process. */

const PLACE = { error: 'FEED.SEQ.T: feed and seq of a message, and t of its point.' };
export const liveStreamQuery = z.object({
  n: numeric(
    integer(1, LIVE.ring, 'How many of the newest points, where after is not given.').default(LIVE.initial),
  ),
  after: optional(
    z
      .string(PLACE)
      .refine((text) => parseLivePlace(text) !== null, PLACE)
      .describe(`The last point that the client has, ${PLACE.error} It gets all since.`),
  ),
});

export const liveQuery = z.object({ ...statusQuery.shape, ...liveStreamQuery.shape });

const measured = {
  format,
  raw,
  pid: numeric(pid.optional().describe('Process id; default the server itself.')),
  refresh: optional(oneOf(['0', '1'], '1: read anew, not from the last 5 s.')),
};
export const analyzeQuery = z.object(measured);
export const analyzeRegionsQuery = z.object({
  ...measured,
  class: optional(oneOf(REGION_CLASS_IDS, 'Only regions of this class.')),
  sort: defaulted(oneOf(REGION_SORTS, 'address ascends, sizes descend.'), 'address'),
  limit: numeric(integer(1, 100_000, 'Most regions to return, applied last.').default(1000)),
});
export const analyzeCompareQuery = z.object({
  format,
  raw,
  ...process,
  a: instant('A recorded moment'),
  b: optional(instant('A later one; default the newest')),
});
export const analyzeTrendsQuery = z.object({ ...common, ...process, ts, ...range });

export type LiveStreamQuery = z.infer<typeof liveStreamQuery>;
export type AnalyzeQuery = z.infer<typeof analyzeQuery>;
export type AnalyzeRegionsQuery = z.infer<typeof analyzeRegionsQuery>;
export type AnalyzeCompareQuery = z.infer<typeof analyzeCompareQuery>;
export type AnalyzeTrendsQuery = z.infer<typeof analyzeTrendsQuery>;
