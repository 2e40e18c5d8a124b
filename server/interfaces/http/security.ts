import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MemoryInspectorError } from '../../domain/errors.ts';

/**
 * Who may talk to the server. A page of another site that the same browser has open must not read this host's
 * processes: the Host header is compared with a short exact list before anything else happens (DNS rebinding), and
 * requests that a foreign page makes are refused.
 */
export interface Access {
  /** Host names besides the loopback ones, without port: the bind address, and what the operator allows. */
  readonly hosts: readonly string[];
  /** Where a proxy offers this server, as a browser names it: `https://mem.example.com`. `null`: nowhere else. */
  readonly publicOrigin: string | null;
  /** Where set, every request must carry it. */
  readonly token: string | null;
  /** Called with a Host header that was refused. */
  readonly onRefusedHost: (host: string) => void;
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** What may stand in a Host header of a server on `port`: exact strings, no URL parsing, no normalising. */
export function allowedHosts(extra: readonly string[], port: number): ReadonlySet<string> {
  const names = [...LOOPBACK_HOSTS, ...extra.map((name) => (name.includes(':') ? `[${name}]` : name))];
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** The Host that a proxy passes on, if it passes on the browser's. */
function publicHostOf({ publicOrigin }: Pick<Access, 'publicOrigin'>): string | null {
  return publicOrigin === null ? null : new URL(publicOrigin).host;
}

function hostsOf(access: Access, port: number): ReadonlySet<string> {
  const host = publicHostOf(access);
  return new Set([...allowedHosts(access.hosts, port), ...(host === null ? [] : [host])]);
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Exactly one Host header, on the list, and a plain path (a proxy's absolute form names another host). */
function hasAllowedHost(request: IncomingMessage, allowed: ReadonlySet<string>): boolean {
  const named = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  return named === 1 && allowed.has(request.headers.host ?? '') && request.url?.startsWith('/') === true;
}

/** Limits of reliability: slow or stalled clients do not hold connections. */
const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
};

/** The only address that a connection can be upgraded at. */
export const WEBSOCKET_PATH = '/ws';

function isWebSocket({ method, url = '', headers: { upgrade = '' } }: IncomingMessage): boolean {
  return method === 'GET' && upgrade.toLowerCase() === 'websocket' && url.split('?')[0] === WEBSOCKET_PATH;
}

/** What asks for an upgrade that there is none to is answered as if it had not (RFC 9110, 7.8), and is the last. */
function answerPlainly(request: IncomingMessage, socket: Socket, listener: RequestListener): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.end());
  listener(request, response);
}

/**
 * A server that answers 421, with nothing in it, to any Host that is not its own.
 * @param upgrades is told of connections to be upgraded to WebSockets, of those that pass; it never listens itself
 */
export function createGuardedServer(handler: RequestListener, access: Access, upgrades: Server): Server {
  let allowed: ReadonlySet<string> | null = null;
  const isWelcome = (request: IncomingMessage) => {
    allowed ??= hostsOf(access, portOf(server));
    return hasAllowedHost(request, allowed);
  };
  const listener: RequestListener = (request, response) => {
    if (isWelcome(request)) {
      handler(request, response);
      return;
    }
    access.onRefusedHost(String(request.headers.host ?? '').slice(0, 300));
    response.writeHead(421, { connection: 'close', 'content-length': '0' }).end();
  };
  const server = createServer(LIMITS, listener);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isWelcome(request) && isWebSocket(request)) upgrades.emit('upgrade', request, socket, head);
    else answerPlainly(request, socket, listener);
  });
  server.maxConnections = 256;
  return server;
}

/** What a page of this server sends as Origin. Of the public name plain http is another site: it is not encrypted. */
function isOwnOrigin({ origin, host }: FastifyRequest['headers'], access: Access): boolean {
  if (origin === access.publicOrigin) return true;
  return origin === `http://${host}` && host !== publicHostOf(access);
}

function refuseForeignPages(request: FastifyRequest, access: Access): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const navigates =
    request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document';
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none' && !navigates;
  if ((origin === undefined || isOwnOrigin(request.headers, access)) && !foreign) return;
  throw new MemoryInspectorError('origin_refused', 'Requests from another site are refused', {
    next: 'Open the address itself.',
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function presentedToken(request: FastifyRequest): string {
  const { authorization = '', cookie = '' } = request.headers;
  const bearer = /^Bearer (.+)$/.exec(authorization)?.[1];
  return bearer ?? /(?:^|; )pmi_token=([^;]+)/.exec(cookie)?.[1] ?? '';
}

const COOKIE = 'HttpOnly; SameSite=Strict; Path=/';

function cookieFlags({ headers: { host } }: FastifyRequest, access: Access): string {
  const isEncrypted = host === publicHostOf(access) && access.publicOrigin?.startsWith('https:');
  return isEncrypted ? `${COOKIE}; Secure` : COOKIE;
}

/** `?token=` is swapped at once for a cookie, so that it stays out of history and Referer. */
function installToken(app: FastifyInstance, token: string, access: Access): void {
  const wanted = digest(token);
  const isRight = (text: string) => timingSafeEqual(digest(text), wanted);
  app.addHook('onRequest', async (request, reply) => {
    if (isRight(presentedToken(request))) return;
    const [path, ...rest] = request.url.split('?');
    const query = new URLSearchParams(rest.join('?'));
    const given = query.get('token');
    if (given !== null && isRight(given)) {
      query.delete('token');
      const target = `${path.replace(/^[/\\]+/, '/')}${query.size > 0 ? `?${query}` : ''}`;
      const cookie = `pmi_token=${token}; ${cookieFlags(request, access)}`;
      await reply.header('set-cookie', cookie).redirect(target, 303);
      return;
    }
    throw new MemoryInspectorError('token_missing', 'This server asks for a token', {
      next: 'Open it with ?token=… or send Authorization: Bearer …',
    });
  });
}

const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** Plotly makes one empty <style> and fills it by CSSOM: that is the hash of the empty text. */
const CONTENT_SECURITY_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", EMPTY_STYLE],
  'img-src': ["'self'", 'data:', 'blob:'],
  'connect-src': ["'self'"],
  'font-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'object-src': ["'none'"],
};

/** Headers on every answer, refusal of foreign pages, and the token where one is set. */
export async function installSecurity(app: FastifyInstance, access: Access): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-cache').header('vary', 'Accept');
    refuseForeignPages(request, access);
  });
  if (access.token !== null) installToken(app, access.token, access);
}
