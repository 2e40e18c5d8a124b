import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const A_YEAR = 31_536_000;
const HASHED = /-[A-Za-z0-9]{8,}\.(?:js|css)$/;

/**
 * Serves the built web app and nothing else: one route a file, made from the listing at start, so that no path from a
 * request ever reaches the disk. Dumps are never under it. Files are compressed at build.
 */
export async function installStaticFiles(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(webRoot, 'static'),
    prefix: '/static/',
    wildcard: false,
    index: false,
    preCompressed: true,
    decorateReply: false,
    cacheControl: false,
    setHeaders(response, path) {
      const fresh = HASHED.test(path.replace(/\.(?:br|gz)$/, ''))
        ? `public, max-age=${A_YEAR}, immutable`
        : 'no-cache';
      response.header('cache-control', fresh);
    },
  });
  await app.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false });
}
