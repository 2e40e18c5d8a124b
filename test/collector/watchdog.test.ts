import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { keepWatchdogQuiet } from '../../collector/watchdog.ts';
import { temporaryFolder } from './fake-proc.ts';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** systemd-notify in a folder that is looked through first: it writes down what it is given. */
function openManager(patienceMs: number, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  const said = join(folder, 'said');
  writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$*" >>${said}\n`, { mode: 0o755 });
  process.env.PATH = `${folder}:${PATH}`;
  const lines: string[] = [];
  const end = keepWatchdogQuiet({
    env: {
      NOTIFY_SOCKET: '/run/systemd/notify',
      WATCHDOG_USEC: String(patienceMs * 1000),
      WATCHDOG_PID: String(process.pid),
      ...env,
    },
    log: (line) => lines.push(line),
  });
  onTestFinished(end);
  return {
    end,
    lines,
    said: () => (existsSync(said) ? readFileSync(said, 'utf8').split('\n').slice(0, -1) : []),
  };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('the watchdog of a service manager', () => {
  test('is told at once, and again each half of the time that it waits, until the end', async () => {
    const { said, end } = openManager(200);
    await expect.poll(() => said().length).toBeGreaterThan(3);
    expect(new Set(said())).toEqual(new Set(['WATCHDOG=1']));
    end();
    await pause(300);
    const before = said().length;
    await pause(300);
    expect(said()).toHaveLength(before);
  });

  test.each([
    ['there is none', { NOTIFY_SOCKET: '' }],
    ['it waits for nobody', { WATCHDOG_USEC: '0' }],
    ['it waits for another process', { WATCHDOG_PID: '1' }],
  ])('is told nothing where %s', async (_, env) => {
    const { said } = openManager(50, env);
    await pause(200);
    expect(said()).toEqual([]);
  });

  test('that cannot be told is said once', async () => {
    process.env.PATH = temporaryFolder();
    const lines: string[] = [];
    const env = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '50000' };
    onTestFinished(keepWatchdogQuiet({ env, log: (line) => lines.push(line) }));
    await expect.poll(() => lines.length).toBe(1);
    await pause(200);
    expect(lines).toEqual([expect.stringMatching(/^the service manager could not be told: .*ENOENT/)]);
  });
});
