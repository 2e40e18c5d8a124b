import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { viewSystem } from '../../../application/view-system.ts';
import { figuresSheet } from '../figures-sheet.ts';
import { figuresQuery } from '../schemas/queries.ts';
import { systemAnswer } from '../schemas/system.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** This host now: the page, and its data under either name. */
const PATHS = ['/system', '/api/v1/system'] as const;

export function systemRoutes({ surroundings, history }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const system = {
      summary: 'This host now: memory, pressure, shared memory, control groups, the largest processes',
      querystring: figuresQuery,
      response: { 200: systemAnswer },
    };
    for (const path of PATHS)
      app.get(path, { schema: system }, async (request, reply) => {
        const view = await viewSystem(surroundings);
        return sendView(request, reply, history, view, (shown) => figuresSheet(['system'], shown));
      });
  };
}
