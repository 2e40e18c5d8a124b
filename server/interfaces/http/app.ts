import etag from '@fastify/etag';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod';
import { signalOfClient } from './client-signal.ts';
import { answerCompiler } from './encode-json.ts';
import { installErrorHandler } from './error-handler.ts';
import { installWriteGuard, WRITE_LIMIT_BYTES } from './guarded-write.ts';
import { eventRoutes, insightRoutes } from './routes/insight.ts';
import { reportRoute } from './routes/report.ts';
import { serviceRoutes } from './routes/service.ts';
import { sessionRoutes, sessionWriteRoutes } from './routes/sessions.ts';
import { wholeSnapshotRoutes } from './routes/snapshot.ts';
import { statusRoutes } from './routes/status.ts';
import { seriesRoutes, snapshotRoutes } from './routes/views.ts';
import { watchGroupRoutes } from './routes/watch-groups.ts';
import type { Access } from './security.ts';
import { createGuardedServer, installSecurity } from './security.ts';
import type { Services } from './services.ts';
import { installStaticFiles } from './static-files.ts';

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

/** Builds the application; it never listens. Closing it does not close the services. */
export async function buildApp(services: Services, access: Access): Promise<FastifyInstance> {
  const app = Fastify({
    serverFactory: (handler) => createGuardedServer(handler, access),
    bodyLimit: WRITE_LIMIT_BYTES,
    forceCloseConnections: true,
    rewriteUrl: routableUrl,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(answerCompiler);
  await installSecurity(app, access);
  await app.register(etag);
  await app.register(swagger, {
    openapi: { info: { title: 'PID Memory Inspector', version: services.version } },
    transform: jsonSchemaTransform,
  });
  await installStaticFiles(app, services.webRoot);
  installErrorHandler(app, services);
  installWriteGuard(app);
  giveUpWithClients(app, services);
  await app.register(seriesRoutes(services));
  await app.register(wholeSnapshotRoutes(services));
  await app.register(snapshotRoutes(services));
  await app.register(insightRoutes(services));
  await app.register(eventRoutes(services));
  await app.register(reportRoute(services));
  await app.register(sessionRoutes(services));
  await app.register(sessionWriteRoutes(services));
  await app.register(watchGroupRoutes(services));
  await app.register(statusRoutes(services));
  await app.register(serviceRoutes(services));
  return app;
}
