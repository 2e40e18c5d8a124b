import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { WatchGroupsView } from '../../../application/view-watch-groups.ts';
import { viewWatchGroups } from '../../../application/view-watch-groups.ts';
import type { WatchTimelineView } from '../../../application/view-watch-timeline.ts';
import { viewWatchTimeline } from '../../../application/view-watch-timeline.ts';
import { chooseWatchGroup } from '../../../application/watched-processes.ts';
import { WATCH_RULE_FIELDS } from '../../../domain/watch-group.ts';
import { distinctNames, flatRows, seriesRows } from '../../csv.ts';
import { watchGroupsQuery, watchTimelineQuery } from '../schemas/queries.ts';
import {
  watchGroupBody,
  watchGroupParams,
  watchGroupsAnswer,
  watchGroupsNamed,
  watchTimelineAnswer,
} from '../schemas/watch-groups.ts';
import type { Sheet } from '../send-view.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** Watch groups: what they are, what they have, what they had. */

const PATH = '/api/v1/watch-groups';

const SUMMARY = {
  groups: 'The watch groups, and which processes each has at one instant',
  timeline: 'What a watch group and each of its members held along time',
  put: 'Makes a watch group, or puts another in its place',
  remove: 'Deletes a watch group',
} as const;

const GROUP_COLUMNS = [
  ...['group', 'member', ...WATCH_RULE_FIELDS.map(({ id }) => `rule_${id}`)],
  ...['processes', 'rss_bytes', 'pss_bytes', 'known_pss', 'swap_bytes', 'known_swap'],
];

function groupsSheet({ host, ts, groups }: WatchGroupsView): Sheet {
  const rows = groups.flatMap(({ name: group, members }) =>
    members.map(({ name: member, rule, totals }) => ({ group, member, rule, ...totals })),
  );
  return {
    name: ['watch-groups', ...[host, ts].filter((part) => part !== null)],
    columns: GROUP_COLUMNS,
    rows: flatRows(rows),
  };
}

function timelineSheet({ host, name, range, t, members, total }: WatchTimelineView): Sheet {
  const [ofAll, ...names] = distinctNames(['total', ...members.map((member) => member.name)]);
  const columns = [...members, total].flatMap((one, at) =>
    (['processes', 'rss_bytes', 'pss_bytes'] as const).map(
      (id) => [`${names[at] ?? ofAll}_${id}`, one[id]] as const,
    ),
  );
  return {
    name: ['watch', name, host, range.to],
    columns: ['t', ...columns.map(([column]) => column)],
    rows: seriesRows(t, Object.fromEntries(columns)),
  };
}

function readRoutes({ history, watchGroups, regionWatch, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const groups = {
      summary: SUMMARY.groups,
      querystring: watchGroupsQuery,
      response: { 200: watchGroupsAnswer },
    };
    for (const path of [PATH, '/watch'])
      app.get(path, { schema: groups }, async (request, reply) => {
        const sources = { store: watchGroups, regions: regionWatch };
        const view = await viewWatchGroups(history, sources, request.query, zone);
        return sendView(request, reply, history, view, groupsSheet);
      });
    const timeline = {
      summary: SUMMARY.timeline,
      params: watchGroupParams,
      querystring: watchTimelineQuery,
      response: { 200: watchTimelineAnswer },
    };
    app.get(`${PATH}/:name/timeline`, { schema: timeline }, async (request, reply) => {
      const watch = chooseWatchGroup(watchGroups.groups(), request.params.name, 'name');
      const view = await viewWatchTimeline(history, { ...request.query, watch }, zone);
      return sendView(request, reply, history, view, timelineSheet);
    });
  };
}

function writeRoutes({ watchGroups }: Services): FastifyPluginAsyncZod {
  const named = () => ({ groups: watchGroups.groups().map(({ name }) => name) });
  return async (app) => {
    const put = {
      summary: SUMMARY.put,
      params: watchGroupParams,
      body: watchGroupBody,
      response: { 200: watchGroupsNamed },
    };
    app.put(`${PATH}/:name`, { schema: put }, async (request) => {
      await watchGroups.save({ name: request.params.name, ...request.body });
      return named();
    });
    const remove = {
      summary: SUMMARY.remove,
      params: watchGroupParams,
      response: { 200: watchGroupsNamed },
    };
    app.delete(`${PATH}/:name`, { schema: remove }, async (request) => {
      const { name } = request.params;
      if (!(await watchGroups.remove(name))) chooseWatchGroup(watchGroups.groups(), name, 'name');
      return named();
    });
  };
}

export function watchGroupRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(readRoutes(services));
    await app.register(writeRoutes(services));
  };
}
