import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { viewAnswer } from '../../../application/view-answer.ts';
import { viewComposition } from '../../../application/view-composition.ts';
import { viewEvents } from '../../../application/view-events.ts';
import { viewMinimap } from '../../../application/view-minimap.ts';
import { viewTop } from '../../../application/view-top.ts';
import { withWatchGroup } from '../../../application/watched-processes.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { seriesRows } from '../../csv.ts';
import { answerAnswer, culpritSchema } from '../schemas/answer.ts';
import { compositionAnswer } from '../schemas/composition.ts';
import { eventsAnswer } from '../schemas/events.ts';
import { minimapAnswer } from '../schemas/minimap.ts';
import { answerQuery, compositionQuery, eventsQuery, minimapQuery, topQuery } from '../schemas/queries.ts';
import { topAnswer } from '../schemas/top.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** What explains the memory: who holds it, who grew, what happened when. */

const SUMMARY = {
  answer: 'Who holds the memory at one instant, and what grew since an earlier one',
  top: 'The largest processes over time, and the rest in one sum',
  composition: 'RSS, PSS and swap of one process along time, and statistics of every sample',
  events:
    'Gaps, reboots, processes killed for lack of memory, alerts about the host; start, exec and exit of one process',
  minimap: 'Used memory over the whole recording, at most px points',
} as const;

const EVENT_COLUMNS = ['t', 'to', 'kind', 'reason', 'count', 'pid', 'key', 'cmd', 'rule', 'text'] as const;
const CULPRIT_COLUMNS = Object.keys(culpritSchema.shape);

export function insightRoutes({ history, watchGroups, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const answer = { summary: SUMMARY.answer, querystring: answerQuery, response: { 200: answerAnswer } };
    app.get('/api/v1/answer', { schema: answer }, async (request, reply) => {
      const view = await viewAnswer(history, request.query, zone);
      return sendView(request, reply, history, view, ({ host, ts, largest, culprits }) => ({
        name: ['answer', host, ts],
        columns: ['list', ...CULPRIT_COLUMNS],
        rows: [
          ...largest.map((one) => ({ list: 'largest', ...one })),
          ...culprits.map((one) => ({ list: 'grown', ...one })),
        ],
      }));
    });
    const top = { summary: SUMMARY.top, querystring: topQuery, response: { 200: topAnswer } };
    app.get('/api/v1/top', { schema: top }, async (request, reply) => {
      const view = await viewTop(history, withWatchGroup(request.query, watchGroups.groups), zone);
      return sendView(request, reply, history, view, ({ host, metric, t, series, others, total }) => {
        const lines = Object.fromEntries(series.map(({ key, bytes }) => [key, bytes]));
        const columns = { ...lines, others: others.bytes, total };
        const names = ['t', ...Object.keys(columns)];
        return { name: ['top', metric, host], columns: names, rows: seriesRows(t, columns) };
      });
    });
  };
}

export function compositionRoutes({ history, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const schema = {
      summary: SUMMARY.composition,
      querystring: compositionQuery,
      response: { 200: compositionAnswer },
    };
    app.get('/api/v1/composition', { schema }, async (request, reply) => {
      const view = await viewComposition(history, request.query, zone);
      return sendView(
        request,
        reply,
        history,
        view,
        ({ host, pid, t, rss_bytes, pss_bytes, swap_bytes }) => ({
          name: ['composition', String(pid), host],
          columns: ['t', 'rss_bytes', 'pss_bytes', 'swap_bytes'],
          rows: seriesRows(t, { rss_bytes, pss_bytes, swap_bytes }),
        }),
      );
    });
  };
}

export function eventRoutes({ history, alerts, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const events = { summary: SUMMARY.events, querystring: eventsQuery, response: { 200: eventsAnswer } };
    app.get('/api/v1/events', { schema: events }, async (request, reply) => {
      const view = await viewEvents(history, request.query, zone, alerts.events);
      return sendView(request, reply, history, view, ({ host, events: all }) => ({
        name: ['events', host],
        columns: EVENT_COLUMNS,
        rows: all.map((event) => ({
          ...Object.fromEntries(EVENT_COLUMNS.map((id) => [id, event[id] ?? null])),
          t: formatInstant(event.t),
          to: event.to === undefined ? null : formatInstant(event.to),
        })),
      }));
    });
    const minimap = { summary: SUMMARY.minimap, querystring: minimapQuery, response: { 200: minimapAnswer } };
    app.get('/api/v1/minimap', { schema: minimap }, async (request, reply) => {
      const view = await viewMinimap(history, request.query, zone, alerts.events);
      return sendView(request, reply, history, view, ({ host, to, t, used_bytes, mem_total_bytes }) => ({
        name: ['minimap', host, to],
        columns: ['t', 'used_bytes', 'mem_total_bytes'],
        rows: seriesRows(t, { used_bytes, mem_total_bytes }),
      }));
    });
  };
}
