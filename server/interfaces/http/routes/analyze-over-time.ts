import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { viewRegionChanges, viewTrend } from '../../../application/view-over-time.ts';
import { flatRows } from '../../csv.ts';
import { analyzeCompareAnswer, analyzeTrendsAnswer } from '../schemas/analyze-over-time.ts';
import { analyzeCompareQuery, analyzeTrendsQuery } from '../schemas/analyze-queries.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** One life of a process along what was recorded of it. */

const SUMMARY = {
  compare: 'The regions of a process at two recorded moments: what grew, by class and by mapped file',
  trends: 'Where the recorded RSS of a process is heading, each figure with its rule',
} as const;

const CHANGE_COLUMNS = ['kind', 'name', 'is_deleted', 'a_bytes', 'b_bytes', 'delta_bytes'];

export function analyzeOverTimeRoutes({ history, regionRecords, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const compare = {
      summary: SUMMARY.compare,
      querystring: analyzeCompareQuery,
      response: { 200: analyzeCompareAnswer },
    };
    app.get('/api/v1/analyze/compare', { schema: compare }, async (request, reply) => {
      const view = await viewRegionChanges(regionRecords, request.query, zone);
      return sendView(request, reply, history, view, ({ pid, a, b, classes, files }) => ({
        name: ['analyze', 'compare', String(pid), a, b],
        columns: CHANGE_COLUMNS,
        rows: [
          ...classes.map(({ class: name, ...change }) => ({ kind: 'class', name, ...change })),
          ...files.map(({ path: name, ...change }) => ({ kind: 'file', name, ...change })),
        ],
      }));
    });
    const trends = {
      summary: SUMMARY.trends,
      querystring: analyzeTrendsQuery,
      response: { 200: analyzeTrendsAnswer },
    };
    app.get('/api/v1/analyze/trends', { schema: trends }, async (request, reply) => {
      const view = await viewTrend(history, request.query, zone);
      const rows = flatRows([view]);
      return sendView(request, reply, history, view, ({ pid, to }) => ({
        name: ['analyze', 'trends', String(pid), to],
        columns: Object.keys(rows[0]),
        rows,
      }));
    });
  };
}
