import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';
import type { Finished } from './run-pmi.ts';
import { runPmi } from './run-pmi.ts';

const RECORDER = 'pid-memory-inspector.service';
const SERVER = 'pid-memory-inspector-server.service';

interface Home {
  readonly run: (...args: readonly string[]) => Promise<Finished>;
  readonly unit: (file: string) => string;
  /** What systemctl was asked, a line each. */
  readonly asked: () => string;
}

/** A home, and a systemctl that notes what it is asked. @param script of sh, after the note */
function openHome(script: string): Home {
  const [home, bin] = [tempFolder(), tempFolder()];
  const notes = join(bin, 'asked');
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$*" >> ${notes}\n${script}\n`, { mode: 0o755 });
  const env = { HOME: home, XDG_CONFIG_HOME: '', PATH: `${bin}:/usr/bin:/bin` };
  return {
    run: (...args) => runPmi(['service', ...args], { env }),
    unit: (file) => join(home, '.config/systemd/user', file),
    asked: () => (existsSync(notes) ? readFileSync(notes, 'utf8') : ''),
  };
}

const WORKS = 'case "$2" in is-active) echo active;; esac';

describe('pmi service', () => {
  test('installs and starts recorder and server, of one folder, at the port that was asked for', async () => {
    const { run, unit, asked } = openHome(WORKS);
    const { code, out } = await run('install', '--port', '8123', '--interval', '30s');
    expect(code).toBe(0);
    expect(out).toContain('serving at http://127.0.0.1:8123/api/v1/');
    const recorder = readFileSync(unit(RECORDER), 'utf8');
    const server = readFileSync(unit(SERVER), 'utf8');
    expect(recorder).toMatch(/--interval 30s --out %S\/pid-memory-inspector\/time$/m);
    expect(server).toMatch(/pmi\.js serve --dumps %S\/pid-memory-inspector\/time --port 8123$/m);
    const restarts =
      '\nRestart=on-failure\nRestartSec=10\nWatchdogSec=60\nWatchdogSignal=SIGKILL\nNotifyAccess=all\n';
    for (const text of [recorder, server]) expect(text).toContain(restarts);
    expect(asked()).toBe(`--user daemon-reload\n--user enable --now ${RECORDER} ${SERVER}\n`);
  });

  test('takes a folder of its own as a whole path in both units', async () => {
    const { run, unit } = openHome(WORKS);
    await run('install', '--dumps', 'my dumps');
    for (const file of [RECORDER, SERVER])
      expect(readFileSync(unit(file), 'utf8')).toMatch(/ "\/.*\/my dumps"/);
  });

  test('only writes where it is told so, and says what to do', async () => {
    const { run, unit, asked } = openHome(WORKS);
    const { code, out } = await run('install', '--no-start');
    expect(code).toBe(0);
    expect(existsSync(unit(SERVER))).toBe(true);
    expect(asked()).toBe('');
    expect(out).toContain(`systemctl --user enable --now ${RECORDER} ${SERVER}`);
  });

  test('says what the service manager said where it does not start them', async () => {
    const { run } = openHome('echo "Failed to connect to bus" >&2; exit 1');
    const { code, out, err } = await run('install');
    expect(code).toBe(1);
    expect(err).toBe('pmi service: not started: Failed to connect to bus\n');
    expect(out).toContain('systemctl --user daemon-reload');
  });

  test('stops and removes what it has installed, and nothing twice', async () => {
    const { run, unit, asked } = openHome(WORKS);
    await run('install', '--no-start');
    const { code, out } = await run('remove');
    expect(code).toBe(0);
    expect(out.match(/^Removed /gm)).toHaveLength(2);
    expect([existsSync(unit(RECORDER)), existsSync(unit(SERVER))]).toEqual([false, false]);
    expect(asked()).toBe(`--user disable --now ${RECORDER} ${SERVER}\n--user daemon-reload\n`);
    expect((await run('remove')).out).toContain('no services');
  });

  test('status is 0 where both run, and says what is not installed, stopped, or not known', async () => {
    const works = openHome(WORKS);
    expect(await works.run('status')).toMatchObject({
      code: 1,
      out: `${RECORDER.padEnd(38)} not installed\n${SERVER.padEnd(38)} not installed\n`,
    });
    await works.run('install', '--no-start');
    expect((await works.run('status')).code).toBe(0);
    expect(JSON.parse((await works.run('status', '--json')).out)).toEqual({
      units: [
        { unit: RECORDER, installed: true, state: 'active' },
        { unit: SERVER, installed: true, state: 'active' },
      ],
    });
    const fails = openHome('case "$2" in is-active) echo failed; exit 3;; esac');
    await fails.run('install', '--no-start');
    expect(await fails.run('status')).toMatchObject({ code: 1, out: expect.stringMatching(/failed$/m) });
    const mute = openHome('echo "Failed to connect to bus: No medium found" >&2; exit 1');
    await mute.run('install', '--no-start');
    expect((await mute.run('status')).out).toContain('the service manager cannot be asked');
  });

  test.each([
    [[], 'install, remove or status'],
    [['start'], 'install, remove or status'],
    [['install', '--interval', 'soon'], '--interval'],
    [['install', '--port', '0'], '--port'],
    [['install', '--dumps', 'a\nb'], 'line break'],
  ])('%j is refused, and nothing is written', async (args, words) => {
    const { run, unit } = openHome(WORKS);
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect([existsSync(unit(RECORDER)), existsSync(unit(SERVER))]).toEqual([false, false]);
  });
});
