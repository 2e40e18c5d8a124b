import { createHash, randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { InitialData, LiveMessage } from '../../../../server/domain/live-point.ts';
import { formatLivePlace } from '../../../../server/domain/live-point.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { placeAfter, pointsOf } from '../../../support/live-world.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import type { RawAnswer, TestServer } from './test-server.ts';
import { openTestServer, request, sendRaw, serveFolder } from './test-server.ts';

const server = openTestServer((dumps) => writeHistory(dumps, SMALL_RECORDING));
let port: number;
beforeAll(() => {
  port = server().port;
});

async function countClients(): Promise<number> {
  return (await server().json<{ clients: { live: number } }>('/api/v1/status')).clients.live;
}

/** Asks for an upgrade with exactly these lines. */
function upgrade(
  { port }: { readonly port: number },
  target: string,
  headers: readonly string[],
): Promise<RawAnswer> {
  const lines = [
    `GET ${target} HTTP/1.1`,
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...headers,
  ];
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n`);
}

interface Watcher {
  readonly messages: readonly LiveMessage[];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
}

function watch(on: TestServer, query = '', options: { autoPong?: boolean } = {}): Watcher {
  const socket = new WebSocket(`ws://127.0.0.1:${on.port}/ws${query}`, { origin: on.origin, ...options });
  const messages: LiveMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  onTestFinished(() => socket.terminate());
  return { messages, socket, closed };
}

describe('an upgrade', () => {
  const SITES = ['cross-site', 'same-site', 'same-origin', 'none', null] as const;
  const origins = () => [
    ...['null', '', 'https://evil.com', 'http://127.0.0.1', `http://127.0.0.1:${port + 1}`, 'file://'],
    ...[`http://localhost:${port}.evil.com`, `https://127.0.0.1:${port}`, `HTTP://LOCALHOST:${port}`],
    ...['chrome-extension://abcdef', `http://localhost:${port}`, `http://127.0.0.1:${port}/`, null],
    `http://127.0.0.1:${port}`,
  ];
  const refusedHosts = () => [
    ...['evil.com', `127.0.0.1.evil.com:${port}`, `localhost.:${port}`, `0.0.0.0:${port}`, `127.1:${port}`],
    ...[`user@127.0.0.1:${port}`, `127.0.0.1:${port}, evil.com`, `127.0.0.1:${port + 1}`, '127.0.0.1', ''],
  ];

  test('of another Host is answered with an empty 421 and closed, whatever Origin and site it names', async () => {
    for (const host of refusedHosts())
      for (const origin of [`http://${host}`, `http://127.0.0.1:${port}`, null])
        for (const site of SITES) {
          const headers = [`Host: ${host}`, ...linesOf(origin, site)];
          const { status, body, headers: answered } = await upgrade(server(), '/ws', headers);
          expect([host, origin, site, status, body]).toEqual([host, origin, site, 421, '']);
          expect([...answered.keys()].sort()).toEqual(['connection', 'content-length', 'date']);
        }
    expect(server().refusedHosts).toContain('evil.com');
  });

  test('with no Host, two of them, or in absolute form is refused as well', async () => {
    const own = `Host: 127.0.0.1:${port}`;
    const origin = `Origin: http://127.0.0.1:${port}`;
    for (const headers of [
      [own, 'Host: evil.com', origin],
      [own, own, origin],
    ])
      expect((await upgrade(server(), '/ws', headers)).status).toBe(421);
    expect([400, 421]).toContain((await upgrade(server(), '/ws', [origin])).status);
    expect((await upgrade(server(), `http://127.0.0.1:${port}/ws`, [own, origin])).status).toBe(421);
  });

  test('succeeds with this server’s own Origin, and from no other site: Host × Origin × Sec-Fetch-Site', async () => {
    for (const origin of origins()) for (const site of SITES) await expectDecision(origin, site);
  });

  async function expectDecision(origin: string | null, site: string | null): Promise<void> {
    const headers = [`Host: 127.0.0.1:${port}`, ...linesOf(origin, site)];
    const { status, headers: answered, body } = await upgradeAndLeave(headers);
    const passes = origin === `http://127.0.0.1:${port}` && ['same-origin', 'none', null].includes(site);
    expect([origin, site, status]).toEqual([origin, site, passes ? 101 : 403]);
    if (!passes) expect(JSON.parse(body)).toMatchObject({ code: 'origin_refused' });
    expect([...answered.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }

  test('is there at /ws only: elsewhere the request is answered as if it had not asked', async () => {
    const headers = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
    expect((await upgrade(server(), '/healthz', headers)).status).toBe(200);
    expect((await upgrade(server(), '/nope', headers)).status).toBe(404);
    expect((await upgrade(server(), '/ws/', headers)).status).toBe(404);
    const http2 = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
    expect((await request(port, '/healthz', { headers: [headers[0], ...http2] })).status).toBe(200);
    expect((await request(port, '/ws')).status).toBe(400);
  });

  test('with a bad parameter is a 400 that names it', async () => {
    const headers = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
    for (const [query, field] of [
      ['n=0', 'n'],
      ['n=1001', 'n'],
      ['after=x', 'after'],
      ['after=a.1', 'after'],
    ]) {
      const { status, body } = await upgrade(server(), `/ws?${query}`, headers);
      expect([query, status, JSON.parse(body)]).toMatchObject([query, 400, { field }]);
    }
  });

  test('needs the token where one is set', async () => {
    const token = 'k3Yt0-The_Server/0123456789+abcdef==';
    const guarded = await serveFolder(tempFolder(), tempFolder(), { token });
    onTestFinished(guarded.close);
    const headers = [`Host: 127.0.0.1:${guarded.port}`, `Origin: ${guarded.origin}`];
    expect((await upgrade(guarded, '/ws', headers)).status).toBe(401);
    const { socket, messages } = watch(guarded, '', {});
    socket.on('error', () => undefined);
    const own = new WebSocket(`ws://127.0.0.1:${guarded.port}/ws`, {
      origin: guarded.origin,
      headers: { cookie: `pmi_token=${token}` },
    });
    await expect.poll(() => own.readyState).toBe(WebSocket.OPEN);
    expect(messages).toEqual([]);
    own.terminate();
  });

  const linesOf = (origin: string | null, site: string | null) => [
    ...(origin === null ? [] : [`Origin: ${origin}`]),
    ...(site === null ? [] : [`Sec-Fetch-Site: ${site}`]),
  ];

  /** Leaves as soon as the head is there. */
  function upgradeAndLeave(headers: readonly string[]): Promise<RawAnswer> {
    const key = randomBytes(16).toString('base64');
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    return new Promise((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (!text.startsWith('HTTP/1.1 101') || !text.includes('\r\n\r\n')) return;
        expect(text).toContain(`Sec-WebSocket-Accept: ${accept}`);
        socket.destroy();
      });
      socket.on('close', () => {
        const [head, ...body] = text.split('\r\n\r\n');
        const names = head
          .split('\r\n')
          .slice(1)
          .map((line) => [line.split(':')[0].toLowerCase(), ''] as const);
        resolve({ status: Number(head.split(' ')[1]), headers: new Map(names), body: body.join('\r\n\r\n') });
      });
      const lines = [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
      ];
      socket.write(`GET /ws HTTP/1.1\r\n${[...lines, ...headers].join('\r\n')}\r\n\r\n`);
    });
  }
});

describe('who watches over a WebSocket', () => {
  test('gets what there is, then each point once, and after a break what it missed', async () => {
    const first = watch(server());
    // What others have watched before comes at once; what is waited for is a point of its own.
    await expect.poll(() => first.messages.length).toBeGreaterThan(1);
    expect(first.messages[0].type).toBe('initial_data');
    expect(first.messages.at(-1)).toMatchObject({
      type: 'memory_update',
      timestamp: expect.stringMatching(/Z$/),
    });
    const { feed } = first.messages[0] as InitialData;
    const place = placeAfter(first.messages, feed);
    first.socket.terminate();
    const other = watch(server());
    const seen = pointsOf(first.messages).at(-1)?.seq ?? 0;
    await expect.poll(() => pointsOf(other.messages).at(-1)?.seq ?? 0).toBeGreaterThan(seen + 1);
    const again = watch(server(), `?after=${place && formatLivePlace(place)}`);
    await expect.poll(() => pointsOf(again.messages).length).toBeGreaterThan(2);
    const seqs = pointsOf(again.messages).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, k) => seen + 1 + k));
    expect(again.messages[0]).toMatchObject({ gaps: [] });
  });

  test('is counted in the status', async () => {
    await expect.poll(countClients).toBe(0);
    const watchers = [watch(server()), watch(server())];
    await expect.poll(countClients).toBe(2);
    watchers[0].socket.terminate();
    await expect.poll(countClients).toBe(1);
  });

  test('may say what it wants, to nobody; a message that is too long ends it', async () => {
    const { socket, messages, closed } = watch(server());
    await expect.poll(() => messages.length).toBeGreaterThan(0);
    for (let k = 0; k < 10; k++) socket.send('{"type":"subscribe","to":"everything"}');
    await expect.poll(() => messages.length).toBeGreaterThan(1);
    socket.send('x'.repeat(4097));
    expect(await closed).toBe(1009);
  });

  test('is dropped when it does not answer two pings', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dead = watch(server(), '', { autoPong: false });
    const alive = watch(server());
    await vi.waitFor(() => expect(Math.min(dead.messages.length, alive.messages.length)).toBeGreaterThan(0));
    let pings = 0;
    alive.socket.on('ping', () => pings++);
    vi.advanceTimersByTime(15_000);
    await vi.waitFor(() => expect(pings).toBe(1));
    expect(dead.socket.readyState).toBe(WebSocket.OPEN);
    await new Promise((resolve) => setTimeout(resolve, 50));
    vi.advanceTimersByTime(15_000);
    expect(await dead.closed).toBe(1006);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('who watches by server-sent events', () => {
  async function open(query = '', headers: Readonly<Record<string, string>> = {}) {
    const leaving = new AbortController();
    onTestFinished(() => leaving.abort());
    const response = await fetch(`${server().origin}/api/v1/live/sse${query}`, {
      headers,
      signal: leaving.signal,
    });
    let text = '';
    const read = async () => {
      for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    };
    void read().catch(() => undefined);
    const events = () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .flatMap((event): { id: string; message: LiveMessage }[] => {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          return data === undefined
            ? []
            : [{ id: /^id: (.*)$/m.exec(event)?.[1] ?? '', message: JSON.parse(data) }];
        });
    return { response, events, leave: () => leaving.abort(), text: () => text };
  }

  test('gets the same, with the headers of every answer', async () => {
    const { response, events, text } = await open('?n=1');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    await expect.poll(() => events().length).toBeGreaterThan(2);
    expect(text()).toMatch(/^retry: 1000\n\n/);
    expect(
      events()
        .map(({ message }) => message.type)
        .slice(0, 3),
    ).toEqual(['initial_data', 'memory_update', 'memory_update']);
  });

  test('comes back by the id of its last event and misses nothing', async () => {
    const first = await open();
    await expect.poll(() => first.events().length).toBeGreaterThan(1);
    first.leave();
    const { id, message } = first.events()[first.events().length - 1];
    const again = await open('', { 'last-event-id': id });
    await expect.poll(() => pointsOf(again.events().map((event) => event.message)).length).toBeGreaterThan(1);
    const [{ seq }] = pointsOf(again.events().map((event) => event.message));
    expect(seq).toBe(message.seq + 1);
  });

  test('is one of thirty-two at most; then it is told to come later', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, () => open()));
    expect(streams.every(({ response }) => response.status === 200)).toBe(true);
    const refused = await fetch(`${server().origin}/api/v1/live/sse`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await refused.json()).toMatchObject({ code: 'too_many_clients' });
    streams[0].leave();
    await expect.poll(async () => (await open()).response.status).toBe(200);
  });
});

test('at most 128 watch at a time', async () => {
  await expect.poll(countClients).toBe(0);
  const watchers = Array.from({ length: 128 }, () => watch(server()));
  await expect.poll(() => watchers.every(({ messages }) => messages.length > 0)).toBe(true);
  const headers = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
  expect((await upgrade(server(), '/ws', headers)).status).toBe(503);
});

describe('who asks from time to time', () => {
  test('gets the newest points, and after the one that it has only what is newer', async () => {
    const first = await server().json<InitialData>('/api/v1/live?n=1');
    expect(first).toMatchObject({
      type: 'initial_data',
      interval_seconds: expect.any(Number),
      history: [{ groups: [] }],
    });
    const place = placeAfter([first], first.feed);
    const path = `/live?after=${place && formatLivePlace(place)}`;
    await expect.poll(async () => (await server().json<InitialData>(path)).history.length).toBeGreaterThan(1);
    expect((await server().json<InitialData>(path)).history[0].seq).toBe(first.seq + 1);
  });

  test('gets a page at /live if that is what it takes', async () => {
    const page = await server().get('/live', { accept: 'text/html' });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  });
});

test('a server that ends does not wait for its clients', async () => {
  const ending = await serveFolder(tempFolder(), tempFolder());
  const { messages, closed } = watch(ending);
  const events = await fetch(`${ending.origin}/api/v1/live/sse`);
  await expect.poll(() => messages.length).toBeGreaterThan(0);
  const start = performance.now();
  await ending.close();
  expect(performance.now() - start).toBeLessThan(2000);
  expect(await closed).toBeGreaterThan(1000);
  await expect(events.text()).rejects.toThrow();
});
