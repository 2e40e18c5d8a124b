import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { viewUse } from '../../../application/activity.ts';
import {
  viewCurrent,
  viewHistory,
  viewMemory,
  viewProcesses,
  viewSystemNow,
} from '../../../application/view-dashboards.ts';
import { viewAnalysis, viewHistorical } from '../../../application/view-recorded-dashboards.ts';
import {
  analysisAnswer,
  currentAnswer,
  historicalAnswer,
  historyAnswer,
  memoryAnswer,
  monitoringAnswer,
  processesAnswer,
  systemNowAnswer,
} from '../schemas/dashboards.ts';
import {
  dashboardHistoryQuery,
  dashboardQuery,
  dashboardRangeQuery,
  startMonitoringQuery,
} from '../schemas/live-queries.ts';
import { useSchema } from '../schemas/status.ts';
import type { Services } from '../services.ts';

/** The addresses of the dashboards that this product took over, for what was made for them. */

const SUMMARY = {
  memory: 'System and watch groups now, as the dashboards told it',
  processes: 'Watch groups now, as the dashboards told it',
  system: 'The system now, as the dashboards told it',
  history: 'The newest points, as the dashboards told them',
  current: 'Each member of the watch groups now, as the dashboards told it',
  historical: 'Each member of the watch groups along the last hours of the recording',
  analysis: 'How much each member of the watch groups grew in the last hours of the recording',
  use: 'Whether anybody uses the server, and when it ends if nobody does',
  start: 'Reads the host again while somebody watches, as often as told',
  stop: 'Reads the host no more for those who watch, until it is started',
} as const;

/** What is now: each counts as watching for a while. */
export function dashboardRoutes({ live }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const now = { querystring: dashboardQuery };
    const memory = { ...now, summary: SUMMARY.memory, response: { 200: memoryAnswer } };
    app.get('/api/memory', { schema: memory }, async () => viewMemory(await live.now()));
    const processes = { ...now, summary: SUMMARY.processes, response: { 200: processesAnswer } };
    app.get('/api/processes', { schema: processes }, async () => viewProcesses(await live.now()));
    const system = { ...now, summary: SUMMARY.system, response: { 200: systemNowAnswer } };
    app.get('/api/system', { schema: system }, async () => viewSystemNow(await live.now()));
    const current = { ...now, summary: SUMMARY.current, response: { 200: currentAnswer } };
    app.get('/api/current', { schema: current }, async () => viewCurrent(await live.now()));
    const history = {
      summary: SUMMARY.history,
      querystring: dashboardHistoryQuery,
      response: { 200: historyAnswer },
    };
    app.get('/api/history', { schema: history }, async ({ query }) => {
      await live.now();
      return viewHistory(live.history(query.n));
    });
  };
}

export function recordedDashboardRoutes({ history, watchGroups, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const range = { querystring: dashboardRangeQuery };
    const historical = { ...range, summary: SUMMARY.historical, response: { 200: historicalAnswer } };
    app.get('/api/historical', { schema: historical }, async ({ query }) =>
      viewHistorical(history, watchGroups.groups(), query, zone),
    );
    const analysis = { ...range, summary: SUMMARY.analysis, response: { 200: analysisAnswer } };
    app.get('/api/analysis', { schema: analysis }, async ({ query }) =>
      viewAnalysis(history, watchGroups.groups(), query, zone),
    );
  };
}

export function monitoringRoutes({ live, activity }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const use = { summary: SUMMARY.use, querystring: dashboardQuery, response: { 200: useSchema } };
    app.get('/api/dashboard_status', { schema: use }, async () => viewUse(live, activity));
    const answer = { response: { 200: monitoringAnswer } };
    const view = () => ({
      monitoring: live.state() !== 'stopped',
      interval_seconds: live.intervalMs() / 1000,
    });
    const start = { ...answer, summary: SUMMARY.start, querystring: startMonitoringQuery };
    app.post('/api/start_monitoring', { schema: start }, async ({ query: { interval } }) => {
      live.start(interval === undefined ? null : interval * 1000);
      return view();
    });
    app.post('/api/stop_monitoring', { schema: { ...answer, summary: SUMMARY.stop } }, async () => {
      live.stop();
      return view();
    });
  };
}
