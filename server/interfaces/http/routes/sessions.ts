import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { SessionSummaryView } from '../../../application/view-session.ts';
import { viewSession } from '../../../application/view-session.ts';
import type { ComparisonView } from '../../../application/view-session-comparison.ts';
import { viewSessionComparison } from '../../../application/view-session-comparison.ts';
import type { SessionsView } from '../../../application/view-sessions.ts';
import { sessionView, viewSessions } from '../../../application/view-sessions.ts';
import { comparisonTable, sessionSeriesTable, sessionsTable, summaryTable } from '../../csv.ts';
import { signalOfClient } from '../client-signal.ts';
import { formOf } from '../negotiate.ts';
import {
  comparisonQuery,
  sessionBody,
  sessionParams,
  sessionQuery,
  sessionsPageQuery,
  sessionsQuery,
} from '../schemas/session-queries.ts';
import {
  comparisonAnswer,
  removedAnswer,
  sessionAnswer,
  sessionSchema,
  sessionSeriesAnswer,
  sessionsAnswer,
  sessionsPageAnswer,
} from '../schemas/sessions.ts';
import type { Sheet } from '../send-view.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

const SUMMARY = {
  list: 'Named recordings at a finer interval, and how they are',
  show: 'What a session held: host, watch group, programs, processes',
  series: 'Used memory and each member of the watch group along a session; as a table every sample',
  compare: 'Two sessions side by side; B held against thresholds',
  page: 'All sessions; with name= one of them, with a= and b= two side by side',
  start: 'Records a session; answers when its first sample is on disk',
  stop: 'Ends a session that is being recorded',
  remove: 'Removes a session with its dumps',
} as const;

/** Whether a form holds all samples; pages and JSON are as wide as a screen. */
function widthFor(form: string, px: number): number {
  return form === 'html' || form === 'json' ? px : Number.MAX_SAFE_INTEGER;
}

/** The dashboards' words for their exports, with session and host. */
function summaryName({ session, host }: SessionSummaryView): readonly string[] {
  return ['aggregated', session.name, host ?? '', session.started];
}

function comparisonName({ a, b }: ComparisonView): readonly string[] {
  return ['compare', a.name, b.name];
}

export function sessionRoutes(services: Services): FastifyPluginAsyncZod {
  const { history, sessions: sources } = services;
  return async (app) => {
    await app.register(oneSessionRoutes(services));
    const list = { summary: SUMMARY.list, querystring: sessionsQuery, response: { 200: sessionsAnswer } };
    app.get('/api/v1/sessions', { schema: list }, async (request, reply) => {
      const view = await viewSessions(sources.sessions, Date.now());
      return sendView(request, reply, history, view, (shown) => ({
        name: ['sessions'],
        ...sessionsTable(shown),
      }));
    });
    const compare = {
      summary: SUMMARY.compare,
      querystring: comparisonQuery,
      response: { 200: comparisonAnswer },
    };
    app.get('/api/v1/sessions/compare', { schema: compare }, async (request, reply) => {
      const view = await viewSessionComparison(sources, request.query, signalOfClient(reply));
      return sendView(request, reply, history, view, (shown) => ({
        name: comparisonName(shown),
        ...comparisonTable(shown),
      }));
    });
    const page = {
      summary: SUMMARY.page,
      querystring: sessionsPageQuery,
      response: { 200: sessionsPageAnswer },
    };
    app.get('/sessions', { schema: page }, async (request, reply) => {
      const { name, a, b } = request.query;
      const signal = signalOfClient(reply);
      const list = await viewSessions(sources.sessions, Date.now());
      const isPair = a !== undefined && b !== undefined;
      const view = {
        ...list,
        groups: sources.groups().map((group) => group.name),
        summary: name === undefined ? null : await viewSession(sources, { ...request.query, name }, signal),
        comparison: isPair ? await viewSessionComparison(sources, { ...request.query, a, b }, signal) : null,
      };
      return sendView(request, reply, history, view, pageSheet);
    });
  };
}

function oneSessionRoutes({ history, sessions: sources }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const show = {
      summary: SUMMARY.show,
      params: sessionParams,
      querystring: sessionQuery,
      response: { 200: sessionAnswer },
    };
    app.get('/api/v1/sessions/:name', { schema: show }, async (request, reply) => {
      const view = await viewSession(sources, { ...request.query, ...request.params }, signalOfClient(reply));
      return sendView(request, reply, history, view, (shown) => ({
        name: summaryName(shown),
        ...summaryTable(shown),
      }));
    });
    const series = { ...show, summary: SUMMARY.series, response: { 200: sessionSeriesAnswer } };
    app.get('/api/v1/sessions/:name/series', { schema: series }, async (request, reply) => {
      const px = widthFor(formOf(request), request.query.px);
      const asked = { ...request.query, ...request.params, px };
      const { session, host, series: lines } = await viewSession(sources, asked, signalOfClient(reply));
      const file = ['timeseries', session.name, host ?? '', session.started];
      return sendView(request, reply, history, lines, () => ({ name: file, ...sessionSeriesTable(lines) }));
    });
  };
}

interface SessionsPage extends SessionsView {
  readonly summary: SessionSummaryView | null;
  readonly comparison: ComparisonView | null;
}

/** What of the page is a table: what it shows besides the list, else that. */
function pageSheet({ summary, comparison, ...list }: SessionsPage): Sheet {
  if (summary) return { name: summaryName(summary), ...summaryTable(summary) };
  if (comparison) return { name: comparisonName(comparison), ...comparisonTable(comparison) };
  return { name: ['sessions'], ...sessionsTable(list) };
}

export function sessionWriteRoutes({ sessions: { sessions } }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const start = { summary: SUMMARY.start, body: sessionBody, response: { 201: sessionSchema } };
    app.post('/api/v1/sessions', { schema: start }, async (request, reply) => {
      const { session } = await sessions.start(request.body);
      return reply.code(201).send(sessionView(await sessions.find(session.name)));
    });
    const stop = { summary: SUMMARY.stop, params: sessionParams, response: { 200: sessionSchema } };
    app.post('/api/v1/sessions/:name/stop', { schema: stop }, async (request, reply) => {
      await sessions.stop(request.params.name);
      return reply.send(sessionView(await sessions.find(request.params.name)));
    });
    const remove = { summary: SUMMARY.remove, params: sessionParams, response: { 200: removedAnswer } };
    app.delete('/api/v1/sessions/:name', { schema: remove }, async (request, reply) => {
      const { name } = request.params;
      const { samples, bytes } = await sessions.remove(name, false);
      return reply.send({ name, samples, bytes });
    });
  };
}
