import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { openPsSource } from '../../../collector/sources/ps.ts';
import { tableOf } from '../../../collector/take-sample.ts';
import type { SeenProcess } from '../fake-proc.ts';
import { openReaderOf } from '../fake-proc.ts';

const hasPs = ['/usr/bin/ps', '/bin/ps'].some((path) => existsSync(path));
const hasBash = existsSync('/bin/bash');

/** Says that it is ready, then does nothing. */
const IDLE = 'process.stdout.write("ready"); setInterval(() => {}, 1e9);';

function start(command: string, args: readonly string[]): ChildProcess & { readonly pid: number } {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} did not start`);
  return Object.assign(child, { pid });
}

async function startReady(command: string, args: readonly string[]): Promise<ReturnType<typeof start>> {
  const child = start(command, args);
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

function openThisHost() {
  const reader = openReaderOf('/proc', { passwdPath: '/etc/passwd' });
  return async (pid: number): Promise<SeenProcess | undefined> => {
    const { processes } = await reader.read();
    return processes.find((process) => process.pid === pid);
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

describe.runIf(process.platform === 'linux')('on this host', () => {
  test('this process is read as the kernel tells', async () => {
    const find = openThisHost();
    let own = await find(process.pid);
    for (let sample = 0; sample < 50 && own?.pss_bytes === null; sample++) own = await find(process.pid);
    expect(own).toMatchObject({ ppid: process.ppid, comm: expect.any(String), state: 'R' });
    expect(Number(own?.rss_bytes) / process.memoryUsage().rss).toBeCloseTo(1, 0);
    expect(Number(own?.cpu_seconds)).toBeGreaterThan(0);
    expect(Number(own?.hwm_bytes)).toBeGreaterThanOrEqual(Number(own?.rss_bytes) * 0.9);
  });

  test('PSS of this process is measured soon, however many larger ones come before it', async () => {
    const find = openThisHost();
    await expect.poll(async () => (await find(process.pid))?.pss_bytes ?? 0).toBeGreaterThan(0);
  });

  test('an argument of 128 KiB, with commas, quotes and a newline around it, is kept whole', async () => {
    const longest = 'A'.repeat(131_071);
    const args = ['-e', IDLE, longest, 'a,b"c', 'two\nlines', 'back\\slash', 'größe'];
    const child = await startReady(process.execPath, args);
    const seen = await openThisHost()(child.pid);
    const expected = [
      process.execPath,
      '-e',
      IDLE,
      longest,
      'a,b"c',
      'two\\x0alines',
      'back\\\\slash',
      'größe',
    ];
    expect(seen?.cmd === expected.join(' ')).toBe(true);
  });

  test('a process that writes its own title is seen with it', async () => {
    const script = `process.title = 'worker: job 7'; ${IDLE}`;
    const child = await startReady(process.execPath, ['-e', script, 'x'.repeat(200)]);
    expect(await openThisHost()(child.pid)).toMatchObject({ cmd: 'worker: job 7', comm: 'worker: job 7' });
  });

  test('a program that is executed in place of another is seen at once', async (context) => {
    context.skip(!hasBash, 'needs bash');
    const child = start('/bin/bash', ['-c', 'read -t 0.5 <> <(:); exec -a "odd,name" sleep 60']);
    const find = openThisHost();
    const before = await find(child.pid);
    await until(() => readFileSync(`/proc/${child.pid}/cmdline`, 'latin1').startsWith('odd'));
    const after = await find(child.pid);
    expect(before?.cmd).toContain('exec -a');
    expect(after).toMatchObject({ cmd: 'odd,name 60', comm: 'sleep', start_ticks: before?.start_ticks });
  });

  test('a zombie is recorded with its name, RSS 0 and an empty command', async (context) => {
    context.skip(!hasBash, 'needs bash');
    const child = await startReady('/bin/bash', ['-c', 'sleep 0.01 & echo $!; exec sleep 60']);
    const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    const zombie = Number(children());
    await until(() => readFileSync(`/proc/${zombie}/stat`, 'latin1').includes(') Z '));
    expect(await openThisHost()(zombie)).toMatchObject({
      state: 'Z',
      comm: 'sleep',
      cmd: '',
      rss_bytes: 0,
      pss_bytes: null,
      ppid: child.pid,
    });
  });

  test('processes that come and go while they are read never fail a sample', async () => {
    const { read } = openReaderOf('/proc', { rollupBudgetMs: 1 });
    const churn = start(process.execPath, [
      '-e',
      'const { spawnSync } = require("node:child_process"); for (;;) spawnSync("true");',
    ]);
    const end = Date.now() + 4000;
    for (let sample = 0; sample < 10 || (sample < 200 && Date.now() < end); sample++) {
      const { processes, unreadable } = await read();
      expect(unreadable).toBe(0);
      expect(new Set(processes.map(({ pid }) => pid)).size).toBe(processes.length);
    }
    churn.kill('SIGKILL');
  });

  test('ps tells the same of 30 sleepers: RSS, PPID, USER and CMD', async (context) => {
    context.skip(!hasPs, 'needs ps');
    const sleepers = Array.from({ length: 30 }, (_, k) => start('sleep', [`10${k}`]).pid);
    const isAsleep = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('sleep');
    await until(() => sleepers.every(isAsleep));
    await wait(100);
    const own = (await openReaderOf('/proc', { passwdPath: '/etc/passwd' }).read()).processes;
    const layout = buildRecordLayout();
    const { numbers, texts } = tableOf(await openPsSource(layout, (command) => command).read(), layout);
    const compared = (pid: number) => {
      const row = numbers.pid.indexOf(pid);
      const { rss_bytes: rss, ppid } = numbers;
      return { pid, ppid: ppid[row], rss_bytes: rss[row], user: texts.user[row], cmd: texts.cmd[row] };
    };
    for (const pid of sleepers) expect(own.find((seen) => seen.pid === pid)).toMatchObject(compared(pid));
    expect(new Set(numbers.ppid).has(process.pid)).toBe(true);
  });
});
