import { z } from 'zod';
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

/** Query parameters of the inside of a process. */

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
  a: optional(instant('A recorded moment; default the first')),
  b: optional(instant('A later one, or now; default the newest')),
});
export const analyzeMomentsQuery = z.object({ format, raw, ...process });
export const recordMomentBody = z.object({ pid });
export const analyzeTrendsQuery = z.object({ ...common, ...process, ts, ...range });

export type AnalyzeQuery = z.infer<typeof analyzeQuery>;
export type AnalyzeRegionsQuery = z.infer<typeof analyzeRegionsQuery>;
export type AnalyzeCompareQuery = z.infer<typeof analyzeCompareQuery>;
export type AnalyzeTrendsQuery = z.infer<typeof analyzeTrendsQuery>;
