import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LevelAnswer } from '../../../../server/interfaces/http/schemas.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { NEWEST, SMALL_RECORDING } from '../http/small-recording.ts';
import { request } from '../http/test-server.ts';
import type { RunningPmi } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();
beforeAll(() => {
  writeHistory(dumps, SMALL_RECORDING);
});

/** What a test started and has not stopped. */
const started: RunningPmi[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

function start(...args: readonly string[]): RunningPmi {
  const pmi = startPmi(args);
  started.push(pmi);
  return pmi;
}

async function answerOf(url: string, path: string) {
  const response = await fetch(new URL(path, url));
  return { status: response.status, body: await response.text() };
}

const isRoot = process.getuid?.() === 0;

describe('pmi serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('serves the folder until %s, and ends well', async (signal) => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0');
    const url = await servedAt(pmi);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/$/);
    const ask = () => fetch(url, { headers: { accept: 'text/html' } });
    // It listens before it has read anything: until then there is no data, and pages say so by their status.
    await expect.poll(async () => (await ask()).status).toBe(200);
    expect(await (await ask()).text()).toContain('<!doctype html>');
    pmi.child.kill(signal);
    const { code, signal: ended, err } = await pmi.finished;
    expect([code, ended]).toEqual([0, null]);
    expect(err).not.toMatch(/bug|\bat \S+ \(/);
  });

  test('tells how many samples it has read, and warns root once', async () => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0');
    const url = await servedAt(pmi);
    // The one without processes counts as soon as its file has rested.
    await expect.poll(pmi.err).toMatch(/[34] samples recorded/);
    expect((await answerOf(url, '/api/v1/snapshot/level')).body).toContain(NEWEST);
    expect(pmi.err().match(/running as root/g) ?? []).toHaveLength(isRoot ? 1 : 0);
  });

  test.each([['serve'], ['up']])(
    'that is there already is named to who starts another: pmi %s',
    async (command) => {
      const first = new URL(await servedAt(start('serve', '--dumps', dumps, '--port', '0')));
      const { code, out, err } = await runPmi([command, '--dumps', tempFolder(), '--port', first.port]);
      expect([code, out]).toEqual([3, '']);
      expect(err).toContain(`A server is there already: ${first}\npmi open --port ${first.port} opens it`);
    },
  );

  test('that keeps the index of the folder is named with its address to one at another port', async () => {
    const url = await servedAt(start('serve', '--dumps', dumps, '--port', '0'));
    const second = start('serve', '--dumps', dumps, '--port', '0');
    await servedAt(second);
    expect(second.err()).toMatch(/^pmi: pmi serve at (\S+) \(pid \d+\) keeps the index of these dumps/m);
    expect(second.err()).toContain(` at ${url} (`);
  });

  test('ends by itself when nobody has asked for so long; a watchdog does not count', async () => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0', '--idle-exit', '3s');
    const url = await servedAt(pmi);
    expect(JSON.parse((await answerOf(url, '/api/dashboard_status')).body)).toMatchObject({
      status: 'active_in_use',
    });
    const watchdog = setInterval(() => {
      fetch(new URL('/healthz?monitor=true', url)).catch(() => undefined);
    }, 200);
    const { code, err } = await pmi.finished;
    clearInterval(watchdog);
    expect([code, err.match(/nobody has asked/g)]).toEqual([0, ['nobody has asked']]);
  });

  test('stays while somebody watches', async () => {
    const pmi = start(
      'serve',
      '--dumps',
      dumps,
      '--port',
      '0',
      '--idle-exit',
      '2s',
      '--live-interval',
      '500ms',
    );
    const url = await servedAt(pmi);
    const watching = new AbortController();
    const stream = await fetch(new URL('/api/v1/live/sse', url), { signal: watching.signal });
    const reader = stream.body?.getReader();
    let text = '';
    const end = performance.now() + 4000;
    while (performance.now() < end) text += new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toContain('"interval_seconds":0.5');
    expect(pmi.child.exitCode).toBe(null);
    watching.abort();
    expect((await pmi.finished).code).toBe(0);
  });

  test('takes changes of the page that a TLS proxy offers, where the operator names it', async () => {
    const origin = 'https://mem.example.com';
    const server = start('serve', '--dumps', dumps, '--port', '0', '--public-origin', `${origin}/`);
    const url = await servedAt(server);
    const stop = (from: string) =>
      fetch(new URL('/api/v1/sessions/none/stop', url), {
        method: 'POST',
        headers: { origin: from, 'content-type': 'application/json' },
      });
    expect((await stop(origin)).status).toBe(404);
    expect((await stop('https://evil.com')).status).toBe(403);
    // Others reach it: that they need no token is said, and processes are not looked into unasked.
    expect(server.err()).toContain(`whoever ${origin} lets through may read and change`);
    expect((await answerOf(url, `/api/v1/analyze/memory?pid=${process.pid}`)).status).toBe(403);
  });

  test.each([
    ['--idle-exit', 'soon'],
    ['--idle-exit', '0s'],
    ['--live-interval', '400ms'],
    ['--live-interval', '61s'],
    ['--live-interval', 'often'],
    ['--public-origin', 'mem.example.com'],
    ['--public-origin', 'https://mem.example.com/pmi'],
    ['--public-origin', 'https://somebody@mem.example.com'],
    ['--public-origin', 'ftp://mem.example.com'],
    ['--public-origin', '*'],
  ])('refuses %s %s', async (flag, value) => {
    const { code, out, err } = await runPmi(['serve', '--dumps', dumps, '--port', '0', flag, value]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${flag}: ${value}`);
  });

  test('on a port in use is 3, and names the way out', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as AddressInfo;
    const { code, out, err } = await runPmi(['serve', '--dumps', dumps, '--port', String(port)]);
    busy.close();
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`Port ${port} of 127.0.0.1 is in use`);
    expect(err).toContain('--port');
    expect(err).not.toMatch(/EADDRINUSE|\bat \S+ \(/);
  });

  test.each([
    '0.0.0.0',
    '::',
    '192.0.2.7',
    '10.0.0.1',
    'example.com',
    '::ffff:127.0.0.1',
    '127.0.0.1.nip.io',
    '0',
    '',
  ])('refuses to bind %j without a token', async (host) => {
    const { code, out, err } = await runPmi(['serve', '--dumps', dumps, '--port', '0', '--host', host]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--token-file');
    expect(err).toContain('--i-know-no-auth');
  });

  test('binds any address when told that nobody is asked for a token', async () => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0', '--host', '0.0.0.0', '--i-know-no-auth');
    const { port } = new URL(await servedAt(pmi));
    expect(pmi.err()).toContain('plain http');
    expect((await answerOf(`http://127.0.0.1:${port}`, '/healthz')).status).toBe(200);
    const refused = await fetch(`http://127.0.0.2:${port}/healthz`);
    expect([refused.status, await refused.text()]).toEqual([421, '']);
    await expect.poll(pmi.err).toContain('--allow-host');
  });

  test.each([
    [[], '127.0.0.1', 200],
    [['--i-know-no-auth'], '0.0.0.0', 403],
    [['--i-know-no-auth', '--allow-analyze'], '0.0.0.0', 200],
  ])('%j on %s answers %i to who would look into processes', async (flags, host, status) => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0', '--host', host, ...flags);
    const { port } = new URL(await servedAt(pmi));
    const answer = await answerOf(`http://127.0.0.1:${port}`, '/api/v1/analyze/memory');
    expect(answer.status).toBe(status);
    if (status === 200) expect(JSON.parse(answer.body).process.pid).toBe(pmi.child.pid);
    else expect(JSON.parse(answer.body).code).toBe('analysis_off');
  });

  test('with a token asks everybody for it, on loopback as well', async () => {
    const file = join(tempFolder(), 'token');
    const token = 'abcdefghijklmnopqrstuvwxyz-0123456789';
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    const pmi = start('serve', '--dumps', dumps, '--port', '0', '--host', '0.0.0.0', '--token-file', file);
    const url = `http://127.0.0.1:${new URL(await servedAt(pmi)).port}/healthz`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(pmi.out() + pmi.err()).not.toContain(token);
  });

  test.each([
    ['too short', 'secret'],
    ['empty', ''],
    ['of letters that no cookie holds', `${'a'.repeat(40)};b`],
  ])('refuses a token that is %s', async (_, token) => {
    const file = join(tempFolder(), 'token');
    writeFileSync(file, token);
    const { code, err } = await runPmi(['serve', '--dumps', dumps, '--port', '0', '--token-file', file]);
    expect(code).toBe(2);
    expect(err).toContain('--token-file');
    if (token) expect(err).not.toContain(token);
  });

  test('lets a name in that --allow-host tells, and no other', async () => {
    const pmi = start(
      'serve',
      '--dumps',
      dumps,
      '--port',
      '0',
      '--allow-host',
      'box',
      '--allow-host',
      'b.example',
    );
    const port = Number(new URL(await servedAt(pmi)).port);
    const statusFor = async (name: string) =>
      (await request(port, '/healthz', { headers: [`Host: ${name}:${port}`] })).status;
    expect(await Promise.all(['box', 'b.example', 'localhost', 'example'].map(statusFor))).toEqual([
      200, 200, 200, 421,
    ]);
  });

  test('reads instants in the zone that --tz tells', async () => {
    const pmi = start('serve', '--dumps', dumps, '--port', '0', '--tz', 'Asia/Kolkata');
    const url = await servedAt(pmi);
    await expect.poll(pmi.err).toMatch(/samples? recorded/);
    const { body } = await answerOf(url, '/api/v1/snapshot/level?ts=20260115_173000');
    expect((JSON.parse(body) as LevelAnswer).ts).toBe('2026-01-15T12:00:00.000Z');
  });
});

/** Every file below a folder, sorted. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Both files of each pair, and that each is as its commit record says. */
function expectWholePairs(folder: string): number {
  const files = filesBelow(folder);
  const isProcess = (path: string) => /\/process_mem_\d{8}_\d{6}(_\d{3})?Z\.csv$/.test(path);
  const processFiles = files.filter(isProcess);
  const systemFiles = processFiles.map((path) => path.replace('process_mem_', 'sys_mem_'));
  expect(files).toEqual([...processFiles, ...systemFiles].sort());
  for (const [at, path] of processFiles.entries()) {
    const text = readFileSync(path);
    const [system]: Record<string, string>[] = parse(readFileSync(systemFiles[at]), { columns: true });
    const rows: string[][] = parse(text, { from: 2 });
    expect(rows.length).toBeGreaterThan(0);
    expect(system.PROC_ROWS).toBe(String(rows.length));
    expect(system.PROC_CRC32).toBe(crc32(text).toString(16).padStart(8, '0'));
  }
  return processFiles.length;
}

describe('pmi collect --once', () => {
  test('writes one pair that is as its commit record says, and pmi snapshot reads it', async () => {
    const out = join(tempFolder(), 'dumps');
    expect(await runPmi(['collect', '--once', '--out', out])).toMatchObject({ code: 0 });
    expect(expectWholePairs(out)).toBe(1);
    const { code, out: table, err } = await runPmi(['tree', '--dumps', out, '--limit', '10000', '--json']);
    expect([code, err]).toEqual([0, '']);
    const pids: number[] = JSON.parse(table).rows.map(({ pid }: { pid: number }) => pid);
    expect(pids).toContain(process.pid);
  });

  test('is 3 where it cannot write, and says where', async () => {
    const file = join(tempFolder(), 'a-file');
    writeFileSync(file, '');
    const { code, err } = await runPmi(['collect', '--once', '--out', file]);
    expect(code).toBe(3);
    expect(err).toContain(file);
    expect(err).not.toMatch(/\bat \S+ \(/);
  });
});

describe('pmi up', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'records and serves: the first page has a sample; %s stops both and leaves nothing behind',
    async (signal) => {
      const folder = join(tempFolder(), 'new', 'dumps');
      const pmi = start('up', '--dumps', folder, '--port', '0', '--interval', '200ms');
      const url = await servedAt(pmi);
      const { status, body } = await answerOf(url, `/api/v1/snapshot/pid?pid=${pmi.child.pid}`);
      expect([status, body]).toEqual([200, expect.stringContaining('dist/pmi.js')]);
      await expect
        .poll(async () => JSON.parse((await answerOf(url, '/healthz')).body).samples, { timeout: 8000 })
        .toBeGreaterThanOrEqual(3);
      pmi.child.kill(signal);
      const { code, signal: ended, err } = await pmi.finished;
      expect([code, ended]).toEqual([0, null]);
      expect(err).not.toMatch(/bug|\bat \S+ \(|rejects/);
      expect(expectWholePairs(folder)).toBeGreaterThanOrEqual(3);
      expect(existsSync(folder)).toBe(true);
    },
  );

  test('on a port in use is 3, stops recording and leaves no half pair', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as AddressInfo;
    const folder = join(tempFolder(), 'dumps');
    const { code, err } = await runPmi([
      'up',
      '--dumps',
      folder,
      '--port',
      String(port),
      '--interval',
      '100ms',
    ]);
    busy.close();
    expect(code).toBe(3);
    expect(err).toContain(`Port ${port}`);
    if (existsSync(folder)) expect(expectWholePairs(folder)).toBeLessThanOrEqual(100);
  });

  test('where it cannot record says so once, and goes on until it is stopped', async () => {
    const file = join(tempFolder(), 'a-file');
    writeFileSync(file, '');
    const pmi = start('up', '--dumps', file, '--port', '0');
    await expect.poll(pmi.err, { timeout: 5000 }).toContain(`Cannot read the dump folder ${file}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pmi.err().match(/Cannot read/g)).toHaveLength(1);
    pmi.child.kill('SIGTERM');
    expect(await pmi.finished).toMatchObject({ code: 0, signal: null });
  });
});

describe('pmi demo', () => {
  test('generates the recording once, and serves it as a demo', async () => {
    const folder = join(tempFolder(), 'demo');
    const pmi = start('demo', '--dumps', folder, '--port', '0');
    const url = await servedAt(pmi);
    expect(pmi.err()).toContain('generating three days');
    const overview = async () => JSON.parse((await answerOf(url, '/api/v1/?px=50')).body);
    await expect.poll(overview).toMatchObject({ demo: true });
    pmi.child.kill('SIGINT');
    expect((await pmi.finished).code).toBe(0);
  });
});
