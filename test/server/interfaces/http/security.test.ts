import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedHosts } from '../../../../server/interfaces/http/security.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { routeTable } from './route-table.ts';
import { SMALL_RECORDING, VIEWS } from './small-recording.ts';
import type { RawAnswer, TestServer } from './test-server.ts';
import { PAGE, request, sendRaw, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;
let routes: readonly string[];

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  server = await serveFolder(dumps, scratch, { hosts: ['box.example', 'fd00::7'] });
  routes = routeTable(server.app);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

const ask = (target: string, ...headers: readonly string[]) =>
  request(server.port, target, { headers: [`Host: 127.0.0.1:${server.port}`, ...headers] });

describe('the Host header', () => {
  const accepted = (port: number) =>
    ['127.0.0.1', 'localhost', '[::1]', 'box.example', '[fd00::7]'].map((name) => `${name}:${port}`);

  const refused = (port: number) => [
    ...['evil.com', `evil.com:${port}`, `127.0.0.1.evil.com:${port}`, `127.0.0.1.nip.io:${port}`],
    ...[`localhost.:${port}`, `localhost6:${port}`, `foo.localhost:${port}`, `0.0.0.0:${port}`],
    ...[`127.1:${port}`, `0x7f000001:${port}`, `2130706433:${port}`, `0177.0.0.1:${port}`],
    ...[`[::ffff:127.0.0.1]:${port}`, `10.0.2.555:${port}`, `1.09.0.0:${port}`, `::1:${port}`],
    ...[`evil.com:80@127.0.0.1:${port}`, `user@127.0.0.1:${port}`, `127.0.0.1\\@evil.com:${port}`],
    ...[`evil.com#127.0.0.1:${port}`, `127.0.0.1:${port}, evil.com`, `127.0.0.1:${port} evil.com`],
    ...[`１２７.０.０.１:${port}`, `${'a'.repeat(300)}:${port}`, `127.0.0.1:${port + 1}`],
    ...['127.0.0.1', 'localhost', '127.0.0.1:', `127.0.0.1:0${port}`, `LOCALHOST:${port}`],
    ...[`box.example.:${port}`, `sub.box.example:${port}`, ''],
  ];

  const expectRefused = ({ status, body, headers }: RawAnswer, what: string) => {
    expect([what, status, body]).toEqual([what, 421, '']);
    expect(headers.get('content-length')).toBe('0');
  };

  test('passes when it is one of the exact names with the port, by HTTP/1.0 and 1.1, on every route', async () => {
    for (const route of routes)
      for (const host of accepted(server.port))
        for (const version of ['1.0', '1.1'] as const) {
          const { status } = await request(server.port, route.replace(':topic', 'paging'), {
            version,
            headers: [`Host: ${host}`],
          });
          expect([200, 302, 400, 404], `${route} ${host}`).toContain(status);
        }
  });

  test('is refused with an empty 421 when it is anything else, on every route', async () => {
    for (const route of [...routes, '/nope'])
      for (const host of refused(server.port)) {
        const headers = [`Host: ${host}`];
        expectRefused(await request(server.port, route, { headers }), `${route} ${host}`);
      }
  });

  test('is refused by HTTP/1.0 and for other methods just the same', async () => {
    for (const host of refused(server.port))
      for (const { version, method } of [
        { version: '1.0', method: 'GET' },
        { version: '1.1', method: 'HEAD' },
        { version: '1.1', method: 'POST' },
        { version: '1.1', method: 'OPTIONS' },
      ] as const) {
        const headers = [`Host: ${host}`];
        expectRefused(
          await request(server.port, '/api/v1/', { version, method, headers }),
          `${method} ${host}`,
        );
      }
  });

  test('is refused when it is missing or there are two', async () => {
    const { port } = server;
    const own = `Host: 127.0.0.1:${port}`;
    const pairs = [
      [own, 'Host: evil.com'],
      ['Host: evil.com', own],
      [own, own],
      [own, `hOsT: evil.com`],
    ];
    for (const route of routes) {
      expectRefused(await request(port, route, { version: '1.0', headers: [] }), `${route} none`);
      for (const headers of pairs) expectRefused(await request(port, route, { headers }), headers.join());
    }
    const none = await request(port, '/healthz', { headers: [] });
    expect([400, 421]).toContain(none.status);
  });

  test('does not help a request in absolute form', async () => {
    for (const target of ['http://evil.com/', `http://127.0.0.1:${server.port}/healthz`, '*'])
      expectRefused(await ask(target), target);
  });

  test('is what counts: headers of proxies are not looked at', async () => {
    const spoofed = await ask(
      '/healthz',
      ...['X-Forwarded-Host: evil.com', 'X-Forwarded-Proto: https', 'X-Forwarded-For: 127.0.0.1'],
      'Forwarded: host=evil.com;for=127.0.0.1',
    );
    expect(spoofed.status).toBe(200);
    const own = `127.0.0.1:${server.port}`;
    const helped = await request(server.port, '/healthz', {
      headers: ['Host: evil.com', `X-Forwarded-Host: ${own}`, `Forwarded: host=${own}`],
    });
    expectRefused(helped, 'X-Forwarded-Host');
  });

  test('that was refused is told to the operator, at most 300 letters of it', async () => {
    await request(server.port, '/', { headers: [`Host: ${'x'.repeat(2000)}`] });
    expect(server.refusedHosts).toContain('evil.com');
    expect(Math.max(...server.refusedHosts.map((host) => host.length))).toBe(300);
  });

  test('may leave the port out only where that is the port of http', () => {
    expect([...allowedHosts([], 80)].sort()).toEqual(
      ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) => [name, `${name}:80`]).sort(),
    );
    expect([...allowedHosts(['fe80::1'], 9)]).toEqual([
      '127.0.0.1:9',
      'localhost:9',
      '[::1]:9',
      '[fe80::1]:9',
    ]);
  });
});

describe('pages of other sites', () => {
  const SITES = ['cross-site', 'same-site', 'same-origin', 'none', null] as const;
  const origins = (port: number) =>
    [
      ...['null', '', 'https://evil.com', 'http://127.0.0.1', `http://127.0.0.1:${port + 1}`, 'file://'],
      ...[`http://localhost:${port}.evil.com`, `https://127.0.0.1:${port}`, `HTTP://LOCALHOST:${port}`],
      ...['chrome-extension://abcdef', `http://localhost:${port}`, `http://127.0.0.1:${port}/`],
      ...[`http://127.0.0.1:${port}`, null],
    ] as const;

  test('get nothing: Origin must be our own or absent, Sec-Fetch-Site same-origin, none or absent', async () => {
    const paths = [...VIEWS, '/healthz', '/openapi.json', '/docs', '/static/mem.css', '/nope', '/'];
    const pairs = origins(server.port).flatMap((origin) => SITES.map((site) => [origin, site] as const));
    for (const path of paths) for (const [origin, site] of pairs) await expectDecision(path, origin, site);
  });

  async function expectDecision(path: string, origin: string | null, site: string | null): Promise<void> {
    const headers = [
      origin === null ? [] : [`Origin: ${origin}`],
      site === null ? [] : [`Sec-Fetch-Site: ${site}`],
    ];
    const { status, headers: answered, body } = await ask(path, ...headers.flat());
    const isOwn = origin === null || origin === `http://127.0.0.1:${server.port}`;
    const passes = isOwn && ['same-origin', 'none', null].includes(site);
    expect([path, origin, site, status === 403]).toEqual([path, origin, site, !passes]);
    if (!passes) expect(JSON.parse(body)).toMatchObject({ code: 'origin_refused', status: 403 });
    expect([...answered.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }

  test('may link to a page, and may not frame it', async () => {
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Accept: text/html'];
    expect((await ask('/api/v1/', ...link, 'Sec-Fetch-Dest: document')).status).toBe(200);
    for (const destination of ['iframe', 'frame', 'embed', 'object'])
      expect((await ask('/api/v1/', ...link, `Sec-Fetch-Dest: ${destination}`)).status).toBe(403);
  });

  test('get no answer to a preflight', async () => {
    const { status, headers } = await request(server.port, '/api/v1/', {
      method: 'OPTIONS',
      headers: [
        `Host: 127.0.0.1:${server.port}`,
        ...['Origin: https://evil.com', 'Access-Control-Request-Method: GET'],
        'Access-Control-Request-Private-Network: true',
      ],
    });
    expect(status).toBe(403);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('the headers of every answer', () => {
  const POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ];
  const level = '/api/v1/snapshot/level';

  test.each([
    ['JSON', level, [], 200],
    ['a page', level, ['Accept: text/html'], 200],
    ['CSV', `${level}?format=csv`, [], 200],
    ['a problem', `${level}?limit=0`, [], 400],
    ['a page of a problem', `${level}?limit=0`, ['Accept: text/html'], 400],
    ['a 404', '/nope', [], 404],
    ['a path that is not UTF-8', '/%ff', [], 404],
    ['a refusal', level, ['Origin: https://evil.com'], 403],
    ['a redirect', '/', [], 302],
    ['a static file', '/static/mem.css', [], 200],
    ['a compressed static file', '/static/mem.css', ['Accept-Encoding: br'], 200],
    ['docs', '/docs', [], 200],
    ['health', '/healthz', [], 200],
  ])('%s', async (_, path, headers, status) => {
    const answer = await ask(path, ...headers);
    expect(answer.status).toBe(status);
    expectSafe(answer);
    const etag = answer.headers.get('etag');
    if (status !== 200 || etag === undefined) return;
    const again = await ask(path, ...headers, `If-None-Match: ${etag}`);
    expect(again.status).toBe(304);
    expectSafe(again);
  });

  test('a method that is refused', async () => {
    expectSafe(await request(server.port, '/', { method: 'DELETE' }));
  });

  function expectSafe({ headers }: RawAnswer): void {
    const policy = headers.get('content-security-policy')?.split(';') ?? [];
    expect(policy.map((directive) => directive.trim()).sort()).toEqual([...POLICY].sort());
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).not.toBeUndefined();
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('server')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

describe('a token', () => {
  const TOKEN = 'k3Yt0-The_Server/0123456789+abcdef==';
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await serveFolder(dumps, scratch, { token: TOKEN });
  });
  afterAll(async () => {
    await guarded.close();
    expect(guarded.failures).toEqual([]);
  });
  const askGuarded = (path: string, ...headers: readonly string[]) =>
    request(guarded.port, path, { headers: [`Host: 127.0.0.1:${guarded.port}`, ...headers] });

  test('is asked for on every route, and on those that are not there', async () => {
    const asked = [...routeTable(guarded.app), '/nope', '//', '/%ff', '/static/../index.html', '/.env'];
    for (const path of asked)
      for (const header of [
        '',
        'Accept: text/html',
        'Authorization: Bearer wrong',
        'Cookie: pmi_token=wrong',
      ]) {
        const { status, body, headers } = await askGuarded(path, ...(header ? [header] : []));
        expect([path, header, status]).toEqual([path, header, 401]);
        expect(JSON.parse(body)).toMatchObject({ code: 'token_missing', status: 401 });
        expect(headers.has('set-cookie')).toBe(false);
      }
  });

  test.each([
    ['Authorization: Bearer ', 401],
    [`Authorization: Basic ${TOKEN}`, 401],
    [`Authorization: Bearer ${TOKEN}x`, 401],
    [`Authorization: Bearer ${TOKEN.slice(1)}`, 401],
    [`Cookie: xpmi_token=${TOKEN}`, 401],
    [`Authorization: Bearer ${TOKEN}`, 200],
    [`Cookie: pmi_token=${TOKEN}`, 200],
    [`Cookie: theme=dark; pmi_token=${TOKEN}; other=1`, 200],
  ])('%s is answered %i', async (header, status) => {
    expect((await askGuarded('/healthz', header)).status).toBe(status);
  });

  test('in the address is swapped at once for a cookie that no script can read', async () => {
    const path = '/api/v1/snapshot/level?lvl=1&q=a%26b';
    const { status, headers, body } = await askGuarded(`${path}&token=${encodeURIComponent(TOKEN)}`);
    expect([status, headers.get('location'), body]).toEqual([303, path, '']);
    expect(headers.get('set-cookie')).toBe(`pmi_token=${TOKEN}; HttpOnly; SameSite=Strict; Path=/`);
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await askGuarded(path, `Cookie: ${cookie}`)).status).toBe(200);
  });

  test('in the address never leads to another site', async () => {
    const token = `?token=${encodeURIComponent(TOKEN)}`;
    for (const path of ['//evil.com/', '/\\evil.com', '/\\/evil.com', '///evil.com', '/.//evil.com', '//']) {
      const { status, headers } = await askGuarded(path + token);
      const target = new URL(headers.get('location') ?? '', guarded.origin);
      expect([path, status, target.origin]).toEqual([path, 303, guarded.origin]);
    }
  });

  test('that is wrong in the address is not swapped', async () => {
    expect((await askGuarded('/?token=wrong')).headers.has('set-cookie')).toBe(false);
    expect((await askGuarded(`/?token=${TOKEN}&token=x`, '')).status).not.toBe(500);
  });

  test('does not make another Host, or another site’s page, welcome', async () => {
    const headers = ['Host: evil.com', `Authorization: Bearer ${TOKEN}`];
    expect((await request(guarded.port, '/healthz', { headers })).status).toBe(421);
    const cross = await askGuarded('/healthz', `Cookie: pmi_token=${TOKEN}`, 'Origin: https://evil.com');
    expect(cross.status).toBe(403);
  });
});

describe('a path', () => {
  test.each([
    ...['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/..%5c..%5cetc%5cpasswd'],
    ...['/%252e%252e%252fetc/passwd', '/static/..;/index.html', '//evil.com/%2e%2e', '/\\evil.com'],
    ...['/static%2Fmem.css', '/x%00.csv', '/static/mem.css%00', '/.git/config', '/.env', '/static/.env'],
    ...['/static/../index.html', '/static/../../package.json', '/static/./mem.css', '/static//mem.css'],
    ...[
      '/static/%2e%2e/index.html',
      '/static/..%2findex.html',
      '/dumps/time',
      '/index.html',
      '/static/mem.css/',
    ],
  ])('%s reaches nothing', async (path) => {
    const { status, body, headers } = await ask(path);
    expect([400, 404]).toContain(status);
    expect(headers.has('location')).toBe(false);
    expect(body).not.toMatch(/root:|\[core\]|mem\.css \*\//);
    expect(body).not.toContain(PAGE);
  });

  test('to a dump is no path at all, wherever the dumps are', async () => {
    const root = tempFolder();
    const [written] = writeHistory(`${root}/web/static/dumps`, SMALL_RECORDING.slice(0, 1));
    const on = await serveFolder(`${root}/web/static/dumps`, tempFolder());
    for (const path of [
      `/static/dumps/${written.systemFile}`,
      `/${written.systemFile}`,
      `/dumps/${written.systemFile}`,
    ])
      expect((await on.get(path)).status).toBe(404);
    await on.close();
  });
});

describe('a broken request', () => {
  test.each([
    ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nbroken\r\n\r\n', 400],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['GET evil.com:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400],
    ['GET /healthz\r\n\r\n', 421],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(9000)}\r\n\r\n`, 431],
    ['GET /\x1b[2J HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
  ])('%j is answered without a word of it', async (bytes, status) => {
    const answer = await sendRaw(server.port, Buffer.from(bytes, 'latin1'));
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatch(/broken|xxx|\x1b|\bat \S+ \(/);
  });

  test('and those that take too long do not hold the server', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = server.app.server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, maxConnections }).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5000,
      maxConnections: 256,
    });
  });
});
