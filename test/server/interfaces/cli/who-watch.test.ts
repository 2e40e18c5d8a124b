import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { HISTORY_START, writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { drawn, ENTERS, expectGivenBack, hasScript, openTerminal } from './open-terminal.ts';
import { runPmi, startPmi } from './run-pmi.ts';

/** `pmi who --watch`, over a folder into which samples come while it runs. */

const dumps = sharedTempFolder();
let samples = 0;

/** One more sample: a hog that has 100 MiB more each time. */
function record(): void {
  writeHistory(dumps, [
    {
      t: samples * 60,
      processes: [{ pid: 1 }, { pid: 7, ppid: 1, rss_mb: 100 * ++samples, cmd: 'hog --all' }],
    },
  ]);
}

beforeAll(record);

const watching = (...args: readonly string[]) => {
  const pmi = startPmi(['who', '--dumps', dumps, '--watch', '--interval', '200ms', ...args]);
  onTestFinished(() => void pmi.child.kill('SIGKILL'));
  return pmi;
};

describe('in a pipe', () => {
  test('is printed again and again, with what has been recorded since, and ends by Ctrl-C', async () => {
    const pmi = watching();
    await expect.poll(pmi.out).toContain('hog --all');
    const had = samples * 100;
    expect(pmi.out()).toContain(`at most ${had} MiB`);
    record();
    await expect.poll(pmi.out).toContain(`at most ${had + 100} MiB`);
    pmi.child.kill('SIGINT');
    const { code, out } = await pmi.finished;
    expect(code).toBe(0);
    const shown = out.split('\n\n').filter((part) => part.startsWith('MEMORY') || part.includes(' MEMORY '));
    expect(shown.length).toBeGreaterThan(1);
    expect(out).not.toContain('\x1b');
  });

  test('is a line of JSON each time, as often as it is asked for', async () => {
    const { code, out } = await watching('--json', '--count', '3').finished;
    const lines = out.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 3]);
    for (const line of lines)
      expect(JSON.parse(line).ts).toBe(new Date(HISTORY_START + (samples - 1) * 60_000).toISOString());
  });

  test('ends when nobody reads on', async () => {
    const { code } = await startPmi(['who', '--dumps', dumps, '--watch', '--interval', '200ms'], {
      closesEarly: true,
    }).finished;
    expect(code).toBe(0);
  });

  test.each([
    [['--interval', '0'], '--interval: 0 is not a time'],
    [['--count', 'x'], '--count: x is not valid'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await runPmi(['who', '--dumps', dumps, '--watch', ...args]);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe.skipIf(!hasScript)('on a terminal', () => {
  const open = (columns = 80) =>
    openTerminal({ command: 'who', args: `--dumps ${dumps} --watch --interval 200ms`, columns });

  test('is drawn in place, and q gives the terminal back', async () => {
    const terminal = open();
    await drawn(terminal);
    expect(terminal.out()).toContain(ENTERS);
    await expect.poll(() => terminal.frames().length).toBeGreaterThan(2);
    const had = samples * 100;
    record();
    await expect.poll(terminal.frame).toContain(`${had + 100} MiB`);
    terminal.press('q');
    const { code, stty } = await terminal.end();
    expect(code).toBe(0);
    expectGivenBack(terminal.out(), stty);
  });

  test('fills the terminal, its sentence goes on in the next line', async () => {
    const terminal = open(30);
    await drawn(terminal);
    const lines = terminal
      .frame()
      .split('\r\n')
      .map((line) => line.replaceAll('\x1b[K', '').trimEnd());
    expect(lines).toHaveLength(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
    expect(lines.join(' ')).toContain('Most is held by hog');
    const device = readlinkSync(`/proc/${terminal.pid()}/fd/0`);
    execFileSync('sh', ['-c', `stty cols 60 rows 7 <${device}`]);
    await expect.poll(() => terminal.frame().split('\r\n').length).toBe(7);
    terminal.press('\x03');
    const { code, stty } = await terminal.end();
    expect(code).toBe(0);
    expectGivenBack(terminal.out(), stty);
  });
});
