import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WRITE_LIMIT_BYTES } from '../../../../server/interfaces/http/guarded-write.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import type { RawAnswer, TestServer } from './test-server.ts';
import { request, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const TOKEN = 'a-token-of-the-tests';
const written: unknown[] = [];
let server: TestServer;
let guarded: TestServer;

/** Routes that remember what they were given. */
function addRoutes(app: TestServer['app']): void {
  app.get('/api/v1/things/:name', async () => ({}));
  app.post('/api/v1/doings', async () => ({}));
  for (const method of ['PUT', 'DELETE'] as const)
    app.route({
      method,
      url: '/api/v1/things/:name',
      async handler({ method: how, body }) {
        written.push(body);
        return { how, body: body ?? null };
      },
    });
}

beforeAll(async () => {
  server = await serveFolder(dumps, scratch, { addRoutes });
  guarded = await serveFolder(dumps, scratch, { addRoutes, token: TOKEN });
});
afterAll(async () => {
  await server.close();
  await guarded.close();
  expect([...server.failures, ...guarded.failures]).toEqual([]);
});

interface Write {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  /** `null` leaves a header out. */
  readonly origin?: string | null;
  readonly type?: string | null;
  readonly more?: readonly string[];
  readonly to?: TestServer;
}

function write({
  method = 'PUT',
  path = '/api/v1/things/a',
  body = '{}',
  more = [],
  to = server,
  ...given
}: Write) {
  const { origin = to.origin, type = 'application/json' } = given;
  return request(to.port, path, {
    method,
    headers: [
      `Host: 127.0.0.1:${to.port}`,
      ...(origin === null ? [] : [`Origin: ${origin}`]),
      ...(type === null ? [] : [`Content-Type: ${type}`]),
      ...more,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ],
    body,
  });
}

function codeOf({ status, body }: RawAnswer): readonly [number, string] {
  return [status, JSON.parse(body).code];
}

/** Expects a refusal, and that nothing was written. */
async function expectRefused(what: Write, status: number, code: string): Promise<RawAnswer> {
  const before = written.length;
  const answer = await write(what);
  expect([what, ...codeOf(answer)]).toEqual([what, status, code]);
  expect(written).toHaveLength(before);
  return answer;
}

describe('a write', () => {
  test('of a page of this server goes through, with its body as JSON', async () => {
    const { status, body } = await write({ body: '{"a":[null,2]}' });
    expect([status, JSON.parse(body)]).toEqual([200, { how: 'PUT', body: { a: [null, 2] } }]);
  });

  test('may have no body', async () => {
    const { status, body } = await write({ method: 'DELETE', body: '' });
    expect([status, JSON.parse(body)]).toEqual([200, { how: 'DELETE', body: null }]);
  });

  test('names the charset of its JSON or not', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON;charset=UTF-8',
    ])
      expect((await write({ type })).status, type).toBe(200);
  });

  test('without an Origin, or with another one, is refused', async () => {
    for (const method of ['PUT', 'DELETE'])
      for (const origin of [
        ...[null, '', 'null', 'https://evil.com', `https://127.0.0.1:${server.port}`, 'http://127.0.0.1'],
        ...[`http://localhost:${server.port}`, `http://127.0.0.1:${server.port + 1}`, `${server.origin}/`],
      ])
        await expectRefused({ method, origin }, 403, 'origin_refused');
  });

  test('of a foreign page is refused whatever its Origin says', async () => {
    for (const site of ['cross-site', 'same-site'])
      await expectRefused({ more: [`Sec-Fetch-Site: ${site}`] }, 403, 'origin_refused');
  });

  test('that a form could send is refused: it is no JSON', async () => {
    for (const method of ['PUT', 'DELETE'])
      for (const type of [
        ...[null, '', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a'],
        ...[
          'application/jsonp',
          'text/plain; application/json',
          'application/json, text/plain',
          'application',
        ],
      ])
        await expectRefused({ method, type }, 415, 'not_json');
  });

  test('larger than the limit is refused, one of just that size is not', async () => {
    const ofSize = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
    expect((await write({ body: ofSize(WRITE_LIMIT_BYTES) })).status).toBe(200);
    await expectRefused({ body: ofSize(WRITE_LIMIT_BYTES + 1) }, 413, 'too_large');
  });

  test('that is not JSON is refused by name', async () => {
    for (const body of ['{', '{"a":1,}', 'undefined', '\0', '[1] [2]']) {
      const answer = await expectRefused({ body }, 400, 'bad_parameter');
      expect(JSON.parse(answer.body)).toMatchObject({ field: 'body', title: 'The body is not JSON' });
    }
  });

  test('of another method is a 405 that says what the path takes', async () => {
    for (const [path, allow] of [
      ['/api/v1/things/a', 'GET, HEAD, PUT, DELETE'],
      ['/api/v1/things/a?b=1', 'GET, HEAD, PUT, DELETE'],
      ['/api/v1/things', 'GET, HEAD'],
      ['/api/v1/things/a/b', 'GET, HEAD'],
    ]) {
      const answer = await expectRefused({ method: 'POST', path }, 405, 'method_not_allowed');
      expect([path, answer.headers.get('allow')]).toEqual([path, allow]);
    }
  });

  test('of a path that can only be changed is a 405 for who reads it, too', async () => {
    const answer = await expectRefused({ method: 'GET', path: '/api/v1/doings' }, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('POST');
  });

  test('is told a problem, not a page, whatever it accepts', async () => {
    const { headers } = await write({ origin: null, more: ['Accept: text/html'] });
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  test('needs the token where one is set, and is guarded with it as without', async () => {
    const cookie = [`Cookie: pmi_token=${TOKEN}`];
    await expectRefused({ to: guarded }, 401, 'token_missing');
    await expectRefused({ to: guarded, more: ['Cookie: pmi_token=other'] }, 401, 'token_missing');
    await expectRefused({ to: guarded, more: cookie, origin: null }, 403, 'origin_refused');
    await expectRefused({ to: guarded, more: cookie, type: 'text/plain' }, 415, 'not_json');
    expect((await write({ to: guarded, more: cookie })).status).toBe(200);
  });
});
