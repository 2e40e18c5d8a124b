import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { searchLives } from '../../../application/search-lives.ts';
import { viewFacets } from '../../../application/view-facets.ts';
import { viewGroups } from '../../../application/view-groups.ts';
import { viewSnapshot } from '../../../application/view-snapshot.ts';
import { viewSparklines } from '../../../application/view-sparklines.ts';
import { withWatchGroup } from '../../../application/watched-processes.ts';
import { FACET_IDS } from '../../../domain/process-filter.ts';
import { flatRows, groupColumns, seriesRows } from '../../csv.ts';
import { facetsAnswer } from '../schemas/facets.ts';
import { groupsAnswer } from '../schemas/groups.ts';
import { facetsQuery, groupsQuery, searchQuery, snapshotQuery, sparklinesQuery } from '../schemas/queries.ts';
import { searchAnswer } from '../schemas/search.ts';
import { snapshotAnswer, sparklinesAnswer } from '../schemas/snapshot.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';
import { rowColumns } from './views.ts';

/** The processes of one instant, whole: as a tree, counted, put together; and the search among all that ever were. */

const SUMMARY = {
  snapshot: 'The whole host at one instant as one tree of processes',
  facets: 'Users, cgroups, programs and states of one instant, with counts',
  groups: 'The processes of one instant put together by command, program, user or cgroup',
  sparklines: 'Subtree RSS of many processes along a short while',
  search: 'Processes of the whole recording by command, name, user or pid',
} as const;

const FACET_COLUMNS = ['facet', 'name', 'processes', 'rss_bytes'];
const RESULT_COLUMNS = [
  ...['kind', 'key', 'pid', 'cmd', 'comm', 'user', 'first_seen', 'last_seen', 'rss_max_bytes'],
];

function treeRoutes({ history, watchGroups, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const snapshot = {
      summary: SUMMARY.snapshot,
      querystring: snapshotQuery,
      response: { 200: snapshotAnswer },
    };
    app.get('/api/v1/snapshot', { schema: snapshot }, async (request, reply) => {
      const view = await viewSnapshot(history, withWatchGroup(request.query, watchGroups.groups), zone);
      return sendView(request, reply, history, view, ({ host, ts, base, rows }) => ({
        name: ['snapshot', host, ts],
        columns: [...rowColumns(base), 'depth', 'matched'],
        rows,
      }));
    });
    const sparklines = {
      summary: SUMMARY.sparklines,
      querystring: sparklinesQuery,
      response: { 200: sparklinesAnswer },
    };
    app.get('/api/v1/sparklines', { schema: sparklines }, async (request, reply) => {
      const view = await viewSparklines(history, request.query, zone);
      return sendView(request, reply, history, view, ({ host, ts, t, series }) => ({
        name: ['sparklines', host, ts],
        columns: ['t', ...Object.keys(series)],
        rows: seriesRows(
          t,
          Object.fromEntries(Object.entries(series).map(([key, one]) => [key, one.subtree_rss_bytes])),
        ),
      }));
    });
  };
}

function countRoutes({ history, watchGroups, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const facets = { summary: SUMMARY.facets, querystring: facetsQuery, response: { 200: facetsAnswer } };
    app.get('/api/v1/facets', { schema: facets }, async (request, reply) => {
      const view = await viewFacets(history, withWatchGroup(request.query, watchGroups.groups), zone);
      return sendView(request, reply, history, view, ({ host, ts, facets: counts }) => ({
        name: ['facets', host, ts],
        columns: FACET_COLUMNS,
        rows: FACET_IDS.flatMap((facet) => counts[facet].map((count) => ({ facet, ...count }))),
      }));
    });
    const groups = { summary: SUMMARY.groups, querystring: groupsQuery, response: { 200: groupsAnswer } };
    app.get('/api/v1/groups', { schema: groups }, async (request, reply) => {
      const view = await viewGroups(
        history,
        { ...withWatchGroup(request.query, watchGroups.groups), watchGroups: watchGroups.groups() },
        zone,
      );
      return sendView(request, reply, history, view, ({ host, ts, by, base, groups: rows }) => ({
        name: ['groups', by, host, ts],
        columns: groupColumns(base),
        rows: flatRows(rows),
      }));
    });
    const search = { summary: SUMMARY.search, querystring: searchQuery, response: { 200: searchAnswer } };
    app.get('/api/v1/search', { schema: search }, async (request, reply) => {
      const view = await searchLives(history, request.query);
      return sendView(request, reply, history, view, ({ host, results }) => ({
        name: ['search', host],
        columns: RESULT_COLUMNS,
        rows: flatRows(results),
      }));
    });
  };
}

export function wholeSnapshotRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(treeRoutes(services));
    await app.register(countRoutes(services));
  };
}
