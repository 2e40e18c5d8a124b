import { createServer } from 'node:http';
import etag from '@fastify/etag';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';
import { signalOfClient } from './client-signal.ts';
import { answerCompiler } from './encode-json.ts';
import { installErrorHandler } from './error-handler.ts';
import { installWriteGuard, WRITE_LIMIT_BYTES } from './guarded-write.ts';
import { alertRoutes } from './routes/alerts.ts';
import { analyzeRoutes } from './routes/analyze.ts';
import { analyzeOverTimeRoutes } from './routes/analyze-over-time.ts';
import { dashboardRoutes, monitoringRoutes, recordedDashboardRoutes } from './routes/dashboards.ts';
import { compositionRoutes, eventRoutes, insightRoutes } from './routes/insight.ts';
import { learnRoutes } from './routes/learn.ts';
import { livePollRoutes, liveStreamRoutes } from './routes/live.ts';
import { reportRoute } from './routes/report.ts';
import { serviceRoutes } from './routes/service.ts';
import { sessionRoutes, sessionWriteRoutes } from './routes/sessions.ts';
import { wholeSnapshotRoutes } from './routes/snapshot.ts';
import { statusRoutes } from './routes/status.ts';
import { systemRoutes } from './routes/system.ts';
import { seriesRoutes, snapshotRoutes } from './routes/views.ts';
import { watchGroupRoutes } from './routes/watch-groups.ts';
import type { Access } from './security.ts';
import { createGuardedServer, installSecurity } from './security.ts';
import type { Services } from './services.ts';
import { installStaticFiles } from './static-files.ts';
import { installWebSockets } from './web-sockets.ts';

/** The router answers a path that is not UTF-8 by itself, without headers: made one that no route has, it is a 404. */
function routableUrl({ url = '/' }: { readonly url?: string | undefined }): string {
  const [path, ...query] = url.split('?');
  try {
    decodeURI(path);
    return url;
  } catch {
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
}

/** A question whose client has left is given up, wherever it has come to. */
function giveUpWithClients(app: FastifyInstance, { history }: Services): void {
  app.addHook('preHandler', (_request, reply, done) => {
    history.whileWanted(signalOfClient(reply), done);
  });
}

/** A watchdog that only looks whether the server is there does not keep it up. */
function noteActivity(app: FastifyInstance, { activity }: Services): void {
  app.addHook('onRequest', async ({ query }) => {
    if ((query as { readonly monitor?: unknown }).monitor !== 'true') activity.note();
  });
}

/** In the order in which the API tells them. */
const ROUTES: readonly ((services: Services) => FastifyPluginAsyncZod)[] = [
  seriesRoutes,
  wholeSnapshotRoutes,
  snapshotRoutes,
  insightRoutes,
  eventRoutes,
  compositionRoutes,
  reportRoute,
  livePollRoutes,
  liveStreamRoutes,
  sessionRoutes,
  sessionWriteRoutes,
  watchGroupRoutes,
  alertRoutes,
  dashboardRoutes,
  recordedDashboardRoutes,
  monitoringRoutes,
  statusRoutes,
  systemRoutes,
  analyzeRoutes,
  analyzeOverTimeRoutes,
  learnRoutes,
  serviceRoutes,
];

/** Builds the application; it never listens. Closing it does not close the services. */
export async function buildApp(services: Services, access: Access): Promise<FastifyInstance> {
  const upgrades = createServer();
  const app = Fastify({
    serverFactory: (handler) => createGuardedServer(handler, access, upgrades),
    bodyLimit: WRITE_LIMIT_BYTES,
    forceCloseConnections: true,
    rewriteUrl: routableUrl,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(answerCompiler);
  // First: it closes what is refused, by whatever hook, and has to know by then that an upgrade was asked for.
  await installWebSockets(app, upgrades);
  await installSecurity(app, access);
  await app.register(etag);
  await app.register(swagger, {
    openapi: { info: { title: 'PID Memory Inspector', version: services.version } },
    transform: jsonSchemaTransform,
  });
  await installStaticFiles(app, services.webRoot);
  installErrorHandler(app, services);
  installWriteGuard(app);
  noteActivity(app, services);
  giveUpWithClients(app, services);
  for (const routes of ROUTES) await app.register(routes(services));
  return app;
}
