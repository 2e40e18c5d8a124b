import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { request, serveFolder } from './test-server.ts';

/** A server that a TLS proxy offers at a name of its own. */

const PUBLIC = 'https://mem.example.com';
const TOKEN = 'k3Yt0-The_Server/0123456789+abcdef==';
const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;
let guarded: TestServer;
let plain: TestServer;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  server = await serveFolder(dumps, scratch, { publicOrigin: PUBLIC });
  guarded = await serveFolder(dumps, scratch, { publicOrigin: PUBLIC, token: TOKEN });
  plain = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  for (const one of [server, guarded, plain]) {
    await one.close();
    expect(one.failures).toEqual([]);
  }
});

/** What is asked of a proxied server: to read, to change something, to watch. */
async function statusesOf(to: TestServer, ...headers: readonly string[]): Promise<readonly number[]> {
  const json = ['Content-Type: application/json', 'Content-Length: 2'];
  const upgrade = [
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  ];
  const answers = [
    await request(to.port, '/healthz', { headers }),
    // There is no such session: it was let through.
    await request(to.port, '/api/v1/sessions/none/stop', {
      method: 'POST',
      headers: [...headers, ...json],
      body: '{}',
    }),
    // A parameter that is wrong: it was let through.
    await request(to.port, '/ws?n=0', { headers: [...headers, 'Connection: Upgrade', ...upgrade] }),
  ];
  return answers.map(({ status }) => status);
}

const PASSED = [200, 404, 400];
const REFUSED = [403, 403, 403];
const hosts = () => ['mem.example.com', `127.0.0.1:${server.port}`];

describe('the public origin', () => {
  test('is its own, whether the proxy passes the browser’s Host on or names its own', async () => {
    for (const host of hosts())
      expect([host, await statusesOf(server, `Host: ${host}`, `Origin: ${PUBLIC}`)]).toEqual([host, PASSED]);
    // Beside it, the server itself.
    const own = await statusesOf(server, `Host: 127.0.0.1:${server.port}`, `Origin: ${server.origin}`);
    expect(own).toEqual(PASSED);
  });

  test.each([
    ...[
      'null',
      'https://evil.com',
      'http://mem.example.com',
      'https://mem.example.com:8443',
      'HTTPS://MEM.EXAMPLE.COM',
    ],
    ...[
      'https://mem.example.com.evil.com',
      'https://sub.mem.example.com',
      'https://mem.example.com/',
      'https://x@mem.example.com',
    ],
    ...['https://127.0.0.1', 'https://mem.example.com, https://evil.com'],
  ])('does not let %s in', async (origin) => {
    for (const host of hosts())
      expect([host, await statusesOf(server, `Host: ${host}`, `Origin: ${origin}`)]).toEqual([host, REFUSED]);
  });

  test('does not let a page in that the browser tells to be of another site', async () => {
    for (const site of ['cross-site', 'same-site'])
      for (const host of hosts()) {
        const headers = [`Host: ${host}`, `Origin: ${PUBLIC}`, `Sec-Fetch-Site: ${site}`];
        expect([site, host, await statusesOf(server, ...headers)]).toEqual([site, host, REFUSED]);
      }
  });

  test('does not let a change in that names no Origin', async () => {
    expect(await statusesOf(server, 'Host: mem.example.com')).toEqual([200, 403, 403]);
  });

  test('is one exact Host', async () => {
    const { port } = server;
    for (const host of [
      ...[`mem.example.com:${port}`, 'mem.example.com:443', 'sub.mem.example.com', 'MEM.example.com'],
      ...['mem.example.com.', 'evil.com', 'mem.example.com@evil.com'],
    ])
      expect([host, await statusesOf(server, `Host: ${host}`, `Origin: ${PUBLIC}`)]).toEqual([
        host,
        [421, 421, 421],
      ]);
  });

  test('is not told by headers of a proxy, but by the operator alone', async () => {
    const told = ['X-Forwarded-Proto: https', 'X-Forwarded-Host: mem.example.com', 'Forwarded: proto=https'];
    const host = `127.0.0.1:${plain.port}`;
    for (const origin of [PUBLIC, `https://${host}`])
      expect(await statusesOf(plain, `Host: ${host}`, `Origin: ${origin}`, ...told)).toEqual(REFUSED);
    expect(await statusesOf(plain, 'Host: mem.example.com', ...told)).toEqual([421, 421, 421]);
  });

  test('takes the token by a cookie that travels encrypted only', async () => {
    const cookieAt = async (host: string) => {
      const path = `/api/v1/?token=${encodeURIComponent(TOKEN)}`;
      return (await request(guarded.port, path, { headers: [`Host: ${host}`] })).headers.get('set-cookie');
    };
    const flags = `pmi_token=${TOKEN}; HttpOnly; SameSite=Strict; Path=/`;
    expect(await cookieAt('mem.example.com')).toBe(`${flags}; Secure`);
    expect(await cookieAt(`127.0.0.1:${guarded.port}`)).toBe(flags);
    const asked = await request(guarded.port, '/healthz', {
      headers: ['Host: mem.example.com', `Origin: ${PUBLIC}`],
    });
    expect(asked.status).toBe(401);
  });
});
