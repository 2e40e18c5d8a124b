import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../../server/interfaces/cli/start-server.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from '../http/small-recording.ts';
import type { Finished } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();
beforeAll(() => {
  writeHistory(dumps, SMALL_RECORDING);
});

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Place {
  readonly port: number;
  readonly state: string;
  readonly open: (...args: readonly string[]) => Promise<Finished>;
}

/** Pids whose command line holds a text, as the kernel has it. */
function pidsOf(text: string): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const serversAt = (port: number) => pidsOf(`--port\0${port}\0`).filter((pid) => pid !== process.pid);

/** A port and a state folder of the test; the servers that are started there end with it. */
async function openPlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const port = await freePort();
  const state = tempFolder();
  onTestFinished(() => {
    for (const pid of serversAt(port)) process.kill(pid, 'SIGTERM');
  });
  const display = { DISPLAY: '', WAYLAND_DISPLAY: '' };
  const open = (...args: readonly string[]) =>
    runPmi(['open', ...args, '--dumps', dumps, '--port', String(port)], {
      env: { ...display, XDG_STATE_HOME: state, ...env },
    });
  return { port, state, open };
}

describe('pmi open', () => {
  test('starts a server that outlives it, with a log of its own, and prints the URL of the page', async () => {
    const { port, state, open } = await openPlace();
    const { code, out, err } = await open('system');
    expect([code, out]).toEqual([0, `http://127.0.0.1:${port}/system\n`]);
    const log = join(state, 'pid-memory-inspector', `serve-${port}.log`);
    expect(err).toContain(log);
    expect((statSync(log).mode & 0o777).toString(8)).toBe('600');
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('Memory Inspector: http');
    const page = await fetch(out.trim(), { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    const again = await open('overview');
    expect(again).toMatchObject({ code: 0, out: `http://127.0.0.1:${port}/api/v1/\n`, err: '' });
    expect(serversAt(port)).toHaveLength(1);
  });

  test('twice at the same time starts one server', async () => {
    const { port, open } = await openPlace();
    const finished = await Promise.all([open('status'), open('status')]);
    expect(finished.map(({ code }) => code)).toEqual([0, 0]);
    await expect.poll(() => serversAt(port)).toHaveLength(1);
  });

  test('opens the browser where there is a display, and not where it is told not to', async () => {
    const folder = tempFolder();
    const opened = join(folder, 'opened');
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 });
    const env = { DISPLAY: ':9', PATH: `${folder}:${process.env.PATH ?? ''}` };
    const { port, open } = await openPlace(env);
    await open('system', '--no-browser');
    await open('live');
    await expect
      .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'))
      .toBe(`http://127.0.0.1:${port}/live\n`);
  });

  test('does not take another program for a server of ours', async () => {
    const other = createServer((_request, response) => response.end('{"ok":true}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      other.close();
    });
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await runPmi(['open', '--dumps', dumps, '--port', String(port)]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`Something else answers at port ${port}`);
  });

  test('says what a server said that did not start', async () => {
    const script = join(tempFolder(), 'broken.js');
    writeFileSync(script, "console.error('no \\x1b[2J luck'); process.exit(3)");
    const env = { ...process.env, XDG_STATE_HOME: tempFolder() };
    const program = [process.execPath, script] as const;
    const started = startServer({ port: await freePort(), dumps, program, env });
    await expect(started).rejects.toMatchObject({
      code: 'port_in_use',
      message: 'The server did not start: no \\x1b[2J luck',
    });
  });

  test('says where it cannot keep a log', async () => {
    const { state, open } = await openPlace();
    writeFileSync(join(state, 'pid-memory-inspector'), '');
    const { code, err } = await open('system');
    expect(code).toBe(3);
    expect(err).toContain('XDG_STATE_HOME');
  });

  test.each([
    [['nowhere'], 'There is no page nowhere'],
    [['\x1b[2J'], 'There is no page \\x1b[2J'],
    [['system', '--port', '0'], '--port'],
    [['system', '--port', 'x'], '--port'],
  ])('%j is refused', async (args, words) => {
    const { code, out, err } = await runPmi(['open', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });
});

describe('pmi status', () => {
  const statusAt = async (port: number) => {
    const { out } = await runPmi(['status', '--dumps', dumps, '--port', String(port), '--json']);
    return (JSON.parse(out) as { server: unknown }).server;
  };

  test('has the predecessor’s words for the server: none, and one that nobody watches', async () => {
    const port = await freePort();
    expect(await statusAt(port)).toEqual({ port, state: 'inactive', version: null, live_clients: null });
    const pmi = startPmi(['serve', '--dumps', dumps, '--port', String(port)]);
    onTestFinished(() => {
      pmi.child.kill('SIGKILL');
    });
    await servedAt(pmi);
    expect(await statusAt(port)).toMatchObject({ state: 'active_not_in_use', live_clients: 0 });
    const { out } = await runPmi(['status', '--dumps', dumps, '--port', String(port)]);
    expect(out).toMatch(/^server {7}running; nobody watches live/m);
  });

  test('tells a server that somebody watches, and what is none of ours', async () => {
    const clients = { live: 2 };
    const body = { version: '1', ingest: {}, clients, server: { uptime_seconds: 1, rss_bytes: 1 } };
    const answers = [JSON.stringify(body), '<html>'];
    const server = createServer((_request, response) => response.end(answers.shift()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    expect(await statusAt(port)).toMatchObject({ state: 'active_in_use', live_clients: 2 });
    expect(await statusAt(port)).toMatchObject({ state: 'error', version: null });
  });
});

describe('pmi stats', () => {
  test('tells memory, the largest programs and the recorder of the newest sample', async () => {
    const { code, out } = await runPmi(['stats', '--dumps', dumps, '--tz', 'UTC']);
    expect(code).toBe(0);
    expect(out).toMatch(/RSS +PSS +SWAP +PROCESSES +LARGEST +EXE/);
    expect(out).toMatch(/^recording {4}NOT alive$/m);
  });

  test('as JSON has the answer, the groups and the recorder', async () => {
    const { out } = await runPmi(['stats', '--dumps', dumps, '--json']);
    const { answer, groups, recorder } = JSON.parse(out);
    expect(answer.text).toContain('Most is held by');
    expect(groups.length).toBeGreaterThan(0);
    expect(recorder).toMatchObject({ alive: false });
  });

  test('of a folder without dumps says so', async () => {
    const { code, err } = await runPmi(['stats', '--dumps', tempFolder()]);
    expect(code).toBe(1);
    expect(err).toContain('No process dumps found');
  });
});
