import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MemoryInspectorError } from '../../domain/errors.ts';

/**
 * What changes something: few routes, with POST, PUT and DELETE. Each of them is asked by a page of this server itself
 * and by no other, whatever a route forgets: the guard stands before all of them.
 */

/** Of a request's body. */
export const WRITE_LIMIT_BYTES = 16 * 1024;

const READS = ['GET', 'HEAD'];

/** Whether a request can change nothing. */
export function isRead({ method }: FastifyRequest): boolean {
  return READS.includes(method);
}

interface WriteRoute {
  readonly methods: readonly string[];
  readonly path: RegExp;
}

function writeRouteOf(method: string | string[], url: string): WriteRoute {
  const path = new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
  return { methods: [method].flat(), path };
}

/** The methods with which a path is changed. */
function writesAt({ url }: FastifyRequest, writes: readonly WriteRoute[]): readonly string[] {
  const [path] = url.split('?', 1);
  return writes.filter((route) => route.path.test(path)).flatMap(({ methods }) => methods);
}

/** Another Origin than our own was refused before. A page of another site cannot leave it out, nor send this type unasked. */
function refuseForeignWrites({ headers: { origin, host, 'content-type': type = '' } }: FastifyRequest): void {
  if (origin === undefined)
    throw new MemoryInspectorError('origin_refused', 'Changes are taken from this server’s own pages only', {
      next: `A program sends the header Origin: http://${host}`,
    });
  if (type.split(';')[0].trim().toLowerCase() !== 'application/json')
    throw new MemoryInspectorError('not_json', 'Changes are sent as JSON', {
      next: 'Send the header Content-Type: application/json.',
    });
}

/** JSON, or nothing: DELETE says it all with its address. */
function parseBody(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new MemoryInspectorError('bad_parameter', 'The body is not JSON', {
      field: 'body',
      next: `${(error as SyntaxError).message}.`,
    });
  }
}

/**
 * Lets only reads and the routes that are registered after it through, the latter guarded. Before a body is looked at:
 * Origin present and this server's own (`origin_refused`), JSON (`not_json`); after: at most `WRITE_LIMIT_BYTES`.
 */
export function installWriteGuard(app: FastifyInstance): void {
  const writes: WriteRoute[] = [];
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_: FastifyRequest, body: string) => parseBody(body),
  );
  app.addHook('onRoute', ({ method, url }) => {
    if (![method].flat().some((one) => READS.includes(one))) writes.push(writeRouteOf(method, url));
  });
  app.addHook('onRequest', async (request, reply) => {
    const changes = request.is404 ? writesAt(request, writes) : [];
    // What is neither read nor changed is not there, which the routes tell.
    if (isRead(request) && changes.length === 0) return;
    if (!request.is404) return refuseForeignWrites(request);
    reply.header('allow', (isRead(request) ? changes : [...READS, ...changes]).join(', '));
    throw new MemoryInspectorError('method_not_allowed', 'Method not allowed', {
      next: 'The header Allow names those that are.',
    });
  });
}
