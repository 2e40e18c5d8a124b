import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { viewReport } from '../../../application/view-report.ts';
import { withWatchGroup } from '../../../application/watched-processes.ts';
import { exportFileName } from '../../../domain/export-name.ts';
import { formatInstant } from '../../../domain/stamp.ts';
import { renderReport } from '../../report/report.ts';
import { reportQuery } from '../schemas/queries.ts';
import type { Services } from '../services.ts';

/** A document to take along: one moment, and what led to it. */

export function reportRoute({
  history,
  watchGroups,
  zone,
  version,
  webRoot,
}: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const report = {
      summary: 'A moment as an HTML document that needs nothing else, for download',
      querystring: reportQuery,
    };
    app.get('/api/v1/report', { schema: report }, async (request, reply) => {
      const view = await viewReport(history, withWatchGroup(request.query, watchGroups.groups), zone);
      const css = await readFile(join(webRoot, 'report.css'), 'utf8');
      const file = exportFileName(['report', view.host, formatInstant(view.ts)], 'html');
      return reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${file}"`)
        .send(renderReport(view, { zone, version, css, made: Date.now() }));
    });
  };
}
