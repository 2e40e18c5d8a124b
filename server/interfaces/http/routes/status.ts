import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { collectGarbage } from '../../../application/collect-garbage.ts';
import type { DumpView } from '../../../application/view-files.ts';
import { viewFiles } from '../../../application/view-files.ts';
import { viewStatus } from '../../../application/view-status.ts';
import { formatPosition } from '../../../domain/errors.ts';
import { figuresSheet } from '../figures-sheet.ts';
import { filesAnswer } from '../schemas/files.ts';
import { figuresQuery, filesQuery } from '../schemas/queries.ts';
import { garbageAnswer, statusAnswer } from '../schemas/status.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** How recorder and server are, and what has become of each dump. */

const FILE_COLUMNS = ['name', 'kind', 'instant', 'state', 'sealed', 'rows', 'rejected_rows', 'reasons'];

function reasonsText({ reasons }: DumpView): string {
  return reasons.map((one) => `${formatPosition(one)}: ${one.reason}`).join('; ');
}

export function statusRoutes(services: Services): FastifyPluginAsyncZod {
  const { history, ingest, surroundings } = services;
  return async (app) => {
    const files = {
      summary: 'The dumps with their state, and what of them could not be used',
      querystring: filesQuery,
      response: { 200: filesAnswer },
    };
    app.get('/api/v1/files', { schema: files }, async (request, reply) => {
      const view = await viewFiles(ingest.dumps, surroundings, request.query);
      return sendView(request, reply, history, view, ({ dumps }) => ({
        name: ['files'],
        columns: FILE_COLUMNS,
        rows: dumps.map((dump) => ({ ...dump, reasons: reasonsText(dump) })),
      }));
    });
    const status = {
      summary: 'Recorder, server, disk, hosts and index',
      querystring: figuresQuery,
      response: { 200: statusAnswer },
    };
    app.get('/api/v1/status', { schema: status }, async (request, reply) => {
      const view = await viewStatus(services);
      return sendView(request, reply, history, view, (shown) => figuresSheet(['status'], shown));
    });
    const garbage = {
      summary:
        'Collects the garbage of this server itself, of no other process, and tells what that has freed',
      response: { 200: garbageAnswer },
    };
    app.post('/api/v1/self/gc', { schema: garbage }, async () => collectGarbage(surroundings.own));
  };
}
