import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';
import { runPmi, startPmi } from './run-pmi.ts';

const STEADY = 'setInterval(() => {}, 1000)';
const GROWING = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(4 << 20, 1)), 100)';
const HOSTILE = '\x1b[2J';

/** A process that a test can tell from all others. */
function startNamed(script: string): string {
  const name = `watched-${randomUUID()}`;
  const child = spawn(process.execPath, ['-e', script, name, HOSTILE], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return name;
}

const SHORT = ['--duration', '2200ms', '--interval', '200ms'] as const;

describe('pmi watch', () => {
  test('tells which processes match, a line each ten samples, and range, average and growth', async () => {
    const { code, out, err } = await runPmi([
      'watch',
      '--match',
      startNamed(STEADY),
      ...SHORT,
      '--max-variation',
      'none',
    ]);
    expect(err).toMatch(/^pmi watch: 1 process: \d+ node\n$/);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^10 of 12 samples: RSS [\d.]+ MiB \(.+\), CPU [\d.]+ %$/);
    expect(lines[1]).toBe('Summary: 12 samples in 2s');
    expect(lines.slice(2, 6).map((line) => line.trim().split(':')[0])).toEqual([
      ...['Memory range', 'Average', 'Growth', 'CPU'],
    ]);
    expect(lines[6]).toBe('PASS: growth within 10.0 MiB, variation within any');
    expect(code).toBe(0);
  });

  test('of a process that grows beyond a limit is a FAIL, with exit code 2', async () => {
    const { code, out } = await runPmi(['watch', '--match', startNamed(GROWING), ...SHORT]);
    expect(out).toContain('FAIL: it grew by more than 10.0 MiB; it varied by more than 20.0 MiB');
    expect(code).toBe(2);
  });

  test('does not find itself by its own command line: nothing matched is 1', async () => {
    const args = ['watch', '--match', randomUUID(), '--duration', '400ms', '--interval', '200ms'];
    const { code, out, err } = await runPmi(args);
    expect(err).toBe('pmi watch: Nothing matches yet.\n');
    expect(out).toMatch(/^Summary: 3 samples in 0s, and nothing that matched\n$/);
    expect(code).toBe(1);
  });

  test('stopped early gives the summary, too', async () => {
    const pmi = startPmi([
      'watch',
      '--match',
      startNamed(STEADY),
      '--interval',
      '200ms',
      '--max-variation',
      'none',
    ]);
    await expect.poll(pmi.out).toContain('10 of 9001 samples');
    pmi.child.kill('SIGINT');
    const { code, out } = await pmi.finished;
    expect(out).toContain('Summary: ');
    expect(out).toContain('PASS');
    expect(code).toBe(0);
  });

  test('goes on until it is stopped where it is told so', async () => {
    const pmi = startPmi(['watch', '--pid', '1', '--interval', '200ms', '--duration', '400ms', '--follow']);
    await expect.poll(pmi.out).toMatch(/^20 samples: /m);
    pmi.child.kill('SIGTERM');
    expect((await pmi.finished).out).toContain('Summary: ');
  });

  test('logs a line a sample after what was there, or in its place', async () => {
    const name = startNamed(STEADY);
    const log = join(tempFolder(), 'watch.log');
    writeFileSync(log, 'before\n');
    const args = [
      'watch',
      '--match',
      name,
      '--duration',
      '600ms',
      '--interval',
      '200ms',
      '--log',
      log,
      '--tz',
      'UTC',
    ];
    const { out } = await runPmi([...args, '--format', 'log']);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines.slice(0, 1)).toEqual(['before']);
    expect(lines.slice(1, 5).join('\n')).toBe(out.split('\n').slice(0, 4).join('\n'));
    for (const line of lines.slice(1, 5))
      expect(line).toMatch(
        /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(INFO|WARNING|ERROR)\] RSS: [\d.]+ MiB \(.+\) VMS: [\d.]+ [KMGT]iB CPU: (unknown|[\d.]+ %) Threads: \d+ Processes: 1$/,
      );
    await runPmi([...args, '--truncate']);
    expect(readFileSync(log, 'utf8')).not.toContain('before');
  });

  test('watches a group of the configuration, by its name', async () => {
    const config = join(tempFolder(), 'config.json');
    const rule = { pattern: startNamed(STEADY) };
    const watch_groups = [{ name: 'mine', members: [{ name: 'all', rule }] }];
    writeFileSync(config, JSON.stringify({ watch_groups }));
    const args = ['--config', config, '--duration', '400ms', '--interval', '200ms'];
    for (const flag of ['--group', '--watch'])
      expect((await runPmi(['watch', flag, 'mine', ...args])).err).toMatch(/1 process: \d+ node/);
    expect(await runPmi(['watch', '--watch', 'none', ...args])).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no watch group none'),
    });
    expect((await runPmi(['watch', '--watch', 'mine', '--pid', '1', ...args])).code).toBe(64);
  });

  test('makes a log that is for owner and group', async () => {
    const log = join(tempFolder(), 'watch.log');
    await runPmi(['watch', '--pid', '1', '--duration', '200ms', '--log', log]);
    expect((statSync(log).mode & 0o007).toString(8)).toBe('0');
  });

  test('tells of a log that cannot be written', async () => {
    const { code, err } = await runPmi(['watch', '--pid', '1', '--log', join(tempFolder(), 'no', 'such')]);
    expect(code).toBe(3);
    expect(err).toContain('--log');
  });

  test.each([
    [[], 'match'],
    [['--match', ''], 'match'],
    [['--pid', '0'], 'pid'],
    [['--pid', '1', '--duration', 'long'], 'duration'],
    [['--pid', '1', '--interval', '1ms'], 'interval'],
    [['--pid', '1', '--max-growth', 'much'], 'max-growth'],
    [['--pid', '1', '--format', 'xml'], 'format'],
    [['--pid', '1', '--formt', 'log'], 'formt'],
  ])('%j is refused by name, and is no verdict', async (args, flag) => {
    const { code, out, err } = await runPmi(['watch', ...args]);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(`--${flag}`);
  });
});
