import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { listSnapshots } from '../../../application/list-snapshots.ts';
import { viewLevel } from '../../../application/view-level.ts';
import { viewOverview } from '../../../application/view-overview.ts';
import type { PlotView } from '../../../application/view-plot.ts';
import { viewPlot } from '../../../application/view-plot.ts';
import { viewSubtree } from '../../../application/view-subtree.ts';
import { withWatchGroup } from '../../../application/watched-processes.ts';
import { PROCESS_METRICS } from '../../../domain/metrics.ts';
import { BASE_COLUMNS, seriesRows } from '../../csv.ts';
import { overviewAnswer } from '../schemas/overview.ts';
import { levelQuery, overviewQuery, pidQuery, plotQuery, snapshotsQuery } from '../schemas/queries.ts';
import { levelAnswer, pidAnswer, plotAnswer, snapshotsAnswer } from '../schemas.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** The views of the recording: each is a page, JSON and a table at one URL. */

const ROW_COLUMNS = PROCESS_METRICS.map((metric) => metric.id);

/** Columns of processes; two more where they are compared with a base. */
export function rowColumns(base: object | null): readonly string[] {
  return base ? [...ROW_COLUMNS, ...BASE_COLUMNS] : ROW_COLUMNS;
}

/** What a route tells of itself in /openapi.json and /docs. */
const SUMMARY = {
  overview: 'RAM and swap over a range, and what of it is covered',
  snapshots: 'Instants of all samples',
  level: 'The processes at one level of the tree at one instant',
  pid: 'One process at one instant with all its descendants',
  plot: 'One process along time: itself, its subtree, its children',
} as const;

export function snapshotRoutes({ history, watchGroups, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const level = { summary: SUMMARY.level, querystring: levelQuery, response: { 200: levelAnswer } };
    app.get('/api/v1/snapshot/level', { schema: level }, async (request, reply) => {
      const view = await viewLevel(history, withWatchGroup(request.query, watchGroups.groups), zone);
      return sendView(request, reply, history, view, ({ host, ts, base, rows }) => ({
        name: ['level', String(view.level), host, ts],
        columns: rowColumns(base),
        rows,
      }));
    });
    const pid = { summary: SUMMARY.pid, querystring: pidQuery, response: { 200: pidAnswer } };
    app.get('/api/v1/snapshot/pid', { schema: pid }, async (request, reply) => {
      const view = await viewSubtree(history, withWatchGroup(request.query, watchGroups.groups), zone);
      return sendView(request, reply, history, view, ({ host, ts, base, rows, process }) => ({
        name: ['pid', String(process.pid), host, ts],
        columns: [...rowColumns(base), 'depth', 'matched'],
        rows,
      }));
    });
  };
}

type PlotLine = PlotView['own'];

/** Columns of the extremes where steps are told. */
function plotTable(own: PlotLine, subtree: PlotLine) {
  const bands = {
    rss_min_bytes: own.rss_min_bytes,
    rss_max_bytes: own.rss_max_bytes,
    subtree_rss_min_bytes: subtree.rss_min_bytes,
    subtree_rss_max_bytes: subtree.rss_max_bytes,
  };
  const known = Object.entries(bands).flatMap(([name, values]) => (values ? [[name, values] as const] : []));
  const series = {
    rss_bytes: own.rss_bytes,
    subtree_rss_bytes: subtree.rss_bytes,
    ...Object.fromEntries(known),
  };
  return { columns: ['t', ...Object.keys(series)], rows: seriesRows(own.t, series) };
}

export function seriesRoutes({ history, alerts, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const overview = {
      summary: SUMMARY.overview,
      querystring: overviewQuery,
      response: { 200: overviewAnswer },
    };
    app.get('/api/v1/', { schema: overview }, async (request, reply) => {
      const view = await viewOverview(history, request.query, zone, alerts.events);
      return sendView(
        request,
        reply,
        history,
        view,
        ({ host, coverage, series: { t, ledger, ...others }, bands }) => {
          const band = Object.entries(bands ?? {}).flatMap(([end, lines]) =>
            Object.entries(lines).map(([id, values]) => [`${id}_${end}`, values] as const),
          );
          const series = { ...others, ...ledger, ...Object.fromEntries(band) };
          const columns = ['t', ...Object.keys(series)];
          return { name: ['overview', host, coverage.to], columns, rows: seriesRows(t, series) };
        },
      );
    });
    const snapshots = {
      summary: SUMMARY.snapshots,
      querystring: snapshotsQuery,
      response: { 200: snapshotsAnswer },
    };
    app.get('/api/v1/snapshots', { schema: snapshots }, async (request, reply) =>
      sendView(request, reply, history, listSnapshots(history, request.query, zone), ({ t }) => ({
        name: ['snapshots'],
        columns: ['t'],
        rows: seriesRows(t, {}),
      })),
    );
    const plot = { summary: SUMMARY.plot, querystring: plotQuery, response: { 200: plotAnswer } };
    app.get('/api/v1/snapshot/pid/plot', { schema: plot }, async (request, reply) => {
      const view = await viewPlot(history, request.query, zone);
      return sendView(request, reply, history, view, ({ host, ts, process, own, subtree }) => ({
        name: ['plot', String(process.pid), host, ts],
        ...plotTable(own, subtree),
      }));
    });
  };
}
