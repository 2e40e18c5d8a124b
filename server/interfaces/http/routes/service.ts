import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { reportHealth } from '../../../application/report-health.ts';
import type { DescribedRoutes } from '../docs-page.ts';
import { renderDocsPage } from '../docs-page.ts';
import { healthAnswer } from '../schemas.ts';
import type { Services } from '../services.ts';

/** The server about itself: health, its own description, and the way in. */

const ENTRY = '/api/v1/';

/** Only these lead on to the overview; a path that is not there is told so. */
const WAYS_IN = ['/', '/api', '/api/', '/api/v1'] as const;

export function serviceRoutes(services: Services): FastifyPluginAsyncZod {
  const { sessions } = services.sessions;
  return async (app) => {
    const health = {
      summary: 'Whether it serves, and how far reading has come',
      response: { 200: healthAnswer },
    };
    app.get('/healthz', { schema: health }, async () => reportHealth({ ...services, sessions }, Date.now()));
    for (const path of WAYS_IN)
      app.get(path, { schema: { hide: true } }, async (_request, reply) => reply.redirect(ENTRY, 302));
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
      const { paths = {} } = app.swagger();
      const page = renderDocsPage(paths as Readonly<Record<string, DescribedRoutes>>, services.version);
      return reply.type('text/html; charset=utf-8').send(page);
    });
  };
}
