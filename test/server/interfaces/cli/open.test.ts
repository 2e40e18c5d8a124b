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

  const serveAt = async (port: number, ...flags: readonly string[]) => {
    const pmi = startPmi(['serve', '--dumps', dumps, '--port', String(port), ...flags]);
    onTestFinished(() => void pmi.child.kill('SIGKILL'));
    return new URL(await servedAt(pmi)).origin;
  };
  const textAt = async (port: number) =>
    /^server.*/m.exec((await runPmi(['status', '--dumps', dumps, '--port', String(port)])).out)?.[0];

  test('has the predecessor’s words for the server: none, and one that stays though nobody uses it', async () => {
    const port = await freePort();
    const nothing = { version: null, live_clients: null, idle_seconds: null, countdown_seconds: null };
    expect(await statusAt(port)).toEqual({ port, state: 'inactive', ...nothing });
    expect(await textAt(port)).toBe(`server       none; pmi open starts one (port ${port})`);
    const origin = await serveAt(port);
    await fetch(`${origin}/healthz`);
    // In use, until nobody has asked for ten seconds: a look at its status is no use of it.
    expect(await statusAt(port)).toMatchObject({ state: 'active_in_use', live_clients: 0 });
    await expect
      .poll(() => statusAt(port), { timeout: 20_000, interval: 1000 })
      .toMatchObject({ state: 'active_persistent', countdown_seconds: null });
    expect(await textAt(port)).toContain('running; nobody uses it, and it stays (port');
    await fetch(`${origin}/api/stop_monitoring`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
    });
    expect(await statusAt(port)).toMatchObject({ state: 'inactive', version: expect.any(String) });
    expect(await textAt(port)).toContain('running; monitoring was stopped');
  });

  test('tells when one that nobody uses ends', async () => {
    const port = await freePort();
    await serveAt(port, '--idle-exit', '5m');
    await expect
      .poll(() => statusAt(port), { timeout: 20_000, interval: 1000 })
      .toMatchObject({ state: 'active_not_in_use', countdown_seconds: expect.any(Number) });
    expect(await textAt(port)).toMatch(/running; nobody uses it, and it ends in 4m \d+s if nobody does/);
  });

  test('tells one that wants a token, and what is none of ours', async () => {
    const answers = [JSON.stringify({ code: 'token_missing' }), '<html>'];
    const server = createServer((_request, response) => response.writeHead(401).end(answers.shift()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    expect(await statusAt(port)).toMatchObject({ state: null, version: null });
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
