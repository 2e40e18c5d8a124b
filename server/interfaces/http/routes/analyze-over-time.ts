import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ProcessRequest } from '../../../application/choose-process.ts';
import { recordMoment } from '../../../application/record-regions.ts';
import { viewMoments, viewRegionChanges } from '../../../application/view-moments.ts';
import { viewTrend } from '../../../application/view-trend.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { flatRows } from '../../csv.ts';
import { signalOfClient } from '../client-signal.ts';
import {
  analyzeCompareAnswer,
  analyzeMomentsAnswer,
  analyzeTrendsAnswer,
  recordedMomentAnswer,
} from '../schemas/analyze-over-time.ts';
import {
  analyzeCompareQuery,
  analyzeMomentsQuery,
  analyzeTrendsQuery,
  recordMomentBody,
} from '../schemas/analyze-queries.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';
import { requireAnalysis } from './analyze.ts';

/** One life of a process along what was recorded of it. */

const SUMMARY = {
  moments: 'The moments at which the regions of a process were recorded',
  record: 'Reads the regions of a process of this host, and keeps their sums as a moment',
  compare:
    'The regions of a process at two recorded moments, or at one and now: what grew, by class and by mapped file',
  trends: 'Where the recorded RSS of a process is heading, each figure with its rule',
} as const;

const CHANGE_COLUMNS = ['kind', 'name', 'is_deleted', 'a_bytes', 'b_bytes', 'delta_bytes'];

function momentRoutes(services: Services): FastifyPluginAsyncZod {
  const { history, regionRecords } = services;
  return async (app) => {
    const moments = {
      summary: SUMMARY.moments,
      querystring: analyzeMomentsQuery,
      response: { 200: analyzeMomentsAnswer },
    };
    app.get('/api/v1/analyze/moments', { schema: moments }, async (request, reply) => {
      const view = await viewMoments(regionRecords, ofSomeProcess(request.query));
      const can_record = services.analysis !== null;
      return sendView(request, reply, history, { ...view, can_record }, (shown) => ({
        name: ['analyze', 'moments', String(shown.pid)],
        columns: ['ts', 'rss_bytes', 'regions'],
        rows: shown.moments,
      }));
    });
    const record = {
      summary: SUMMARY.record,
      body: recordMomentBody,
      response: { 200: recordedMomentAnswer },
    };
    app.post('/api/v1/analyze/moments', { schema: record }, async (request, reply) => {
      const { pid } = request.body;
      const asked = { pid, signal: signalOfClient(reply) };
      const { key, t, readSeconds } = await recordMoment(requireAnalysis(services), regionRecords, asked);
      return reply.send({ pid, key, ts: formatInstant(t), read_seconds: readSeconds });
    });
  };
}

/** As of all analyses: the server itself where none is named. */
function ofSomeProcess<Query extends ProcessRequest>(query: Query): Query {
  return query.pid === undefined && query.key === undefined ? { ...query, pid: process.pid } : query;
}

export function analyzeOverTimeRoutes(services: Services): FastifyPluginAsyncZod {
  const { history, regionRecords: records, zone } = services;
  return async (app) => {
    await app.register(momentRoutes(services));
    const compare = {
      summary: SUMMARY.compare,
      querystring: analyzeCompareQuery,
      response: { 200: analyzeCompareAnswer },
    };
    app.get('/api/v1/analyze/compare', { schema: compare }, async (request, reply) => {
      const analysis = () => requireAnalysis(services);
      const sources = { records, analysis, signal: signalOfClient(reply) };
      const view = await viewRegionChanges(sources, ofSomeProcess(request.query), zone);
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
      const view = await viewTrend(history, ofSomeProcess(request.query), zone);
      const rows = flatRows([view]);
      return sendView(request, reply, history, view, ({ pid, to }) => ({
        name: ['analyze', 'trends', String(pid), to],
        columns: Object.keys(rows[0]),
        rows,
      }));
    });
  };
}
