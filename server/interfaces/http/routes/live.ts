import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { LiveClient, LiveRequest } from '../../../application/live-ports.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { parseLivePlace } from '../../../domain/live-point.ts';
import { openEventClient, openSocketClient } from '../live-clients.ts';
import { liveSheet } from '../live-sheet.ts';
import { formOf, sendPage } from '../negotiate.ts';
import { liveAnswer } from '../schemas/live.ts';
import type { LiveStreamQuery } from '../schemas/live-queries.ts';
import { liveQuery, liveStreamQuery } from '../schemas/live-queries.ts';
import { WEBSOCKET_PATH } from '../security.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** What is now: as a stream over a WebSocket or as server-sent events, and for those who ask from time to time. */

/** Of both kinds, and of server-sent events. */
const MOST_CLIENTS = 128;
const MOST_EVENT_STREAMS = 32;

function requestOf({ after, n }: LiveStreamQuery): LiveRequest {
  return { after: after === undefined ? null : parseLivePlace(after), n };
}

/** A page of any site may open a WebSocket without asking first: its Origin must be there, and was compared before. */
async function requireOrigin({ headers, ws }: FastifyRequest): Promise<void> {
  if (!ws || headers.origin !== undefined) return;
  throw new MemoryInspectorError('origin_refused', 'A WebSocket is opened by this server’s own pages only', {
    next: `A program sends the header Origin: http://${headers.host}, or reads /api/v1/live/sse.`,
  });
}

function refuseOver(most: number, count: number): void {
  if (count < most) return;
  throw new MemoryInspectorError('too_many_clients', `${most} clients watch already`, {
    next: 'Close a page that is not needed.',
  });
}

/** A browser that comes back says what it has in a header (HTML, server-sent events). */
function eventRequestOf(query: LiveStreamQuery, { headers }: FastifyRequest): LiveRequest {
  const request = requestOf(query);
  const last = headers['last-event-id'];
  return { ...request, after: request.after ?? (typeof last === 'string' ? parseLivePlace(last) : null) };
}

const SUMMARY = {
  now: 'The newest points of this host, of the last minutes at most',
  socket: 'Over a WebSocket: initial_data, then each point as memory_update, and gap where some are missing',
  events: 'The same as server-sent events',
};

/** The feed for those who ask from time to time. */
export function livePollRoutes({ live, history }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const now = { summary: SUMMARY.now, querystring: liveQuery, response: { 200: liveAnswer } };
    for (const path of ['/api/v1/live', '/live'])
      app.get(path, { schema: now }, async (request, reply) => {
        if (formOf(request) === 'html') return sendPage(reply);
        await live.now();
        return sendView(request, reply, history, live.initial(requestOf(request.query)), liveSheet);
      });
  };
}

export function liveStreamRoutes({ live, activity }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    let eventStreams = 0;
    const watch = (request: LiveRequest, openClient: (onEnd: () => void) => LiveClient) => {
      const client = openClient(() => {
        subscription.close();
        activity.note();
      });
      const subscription = live.subscribe(client, request);
    };
    app.route({
      method: 'GET',
      url: WEBSOCKET_PATH,
      schema: { summary: SUMMARY.socket, querystring: liveStreamQuery },
      onRequest: requireOrigin,
      preHandler: async () => refuseOver(MOST_CLIENTS, live.clients()),
      async handler() {
        throw new MemoryInspectorError('bad_parameter', 'This address is for WebSockets', {
          next: 'Open it as ws://, or read /api/v1/live or /api/v1/live/sse.',
        });
      },
      wsHandler(socket, { query }) {
        watch(requestOf(query as LiveStreamQuery), (onEnd) => openSocketClient(socket, onEnd));
      },
    });
    const events = { summary: SUMMARY.events, querystring: liveStreamQuery };
    app.get('/api/v1/live/sse', { schema: events }, async (request, reply) => {
      refuseOver(MOST_CLIENTS, live.clients());
      refuseOver(MOST_EVENT_STREAMS, eventStreams);
      reply.hijack();
      eventStreams++;
      const head = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8' };
      reply.raw.writeHead(200, head as Record<string, string>);
      reply.raw.once('close', () => eventStreams--);
      watch(eventRequestOf(request.query, request), (onEnd) => openEventClient(reply.raw, onEnd));
    });
  };
}
