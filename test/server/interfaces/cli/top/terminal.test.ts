import { execFileSync } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../../../support/temp-folder.ts';
import {
  drawn,
  ENTERS,
  expectGivenBack,
  expectUsualMode,
  hasScript,
  LEAVES,
  openTerminal,
} from '../open-terminal.ts';
import { runPmi } from '../run-pmi.ts';

/** `pmi top` in a real pseudo-terminal, which script(1) makes, and in a pipe. */

describe.skipIf(!hasScript)('in a terminal', () => {
  test('draws frames on its own screen, takes keys, and gives the terminal back', async () => {
    const terminal = openTerminal();
    await drawn(terminal);
    expect(terminal.out()).toContain(ENTERS);
    terminal.press('r');
    await expect.poll(terminal.frame).toContain('by RSS');
    terminal.press('/no such process here\r');
    await expect.poll(terminal.frame).toContain('0 of ');
    terminal.press('\x1b');
    await expect.poll(terminal.frame).not.toContain('filter:');
    terminal.press('?');
    await expect.poll(terminal.frame).toContain('quit; so does Ctrl-C');
    terminal.press('?s\x1b[B\x1b[D ');
    await expect.poll(terminal.frame).toContain('PAUSED');
    terminal.press('q');
    const { code, stty } = await terminal.end();
    expect(code).toBe(0);
    expectGivenBack(terminal.out(), stty);
  });

  test('fills the terminal again when its size changes', async () => {
    const terminal = openTerminal({ args: '--interval 1h' });
    await drawn(terminal);
    expect(terminal.frame().split('\r\n')).toHaveLength(24);
    const device = readlinkSync(`/proc/${terminal.pid()}/fd/0`);
    execFileSync('sh', ['-c', `stty cols 50 rows 9 <${device}`]);
    await expect.poll(() => terminal.frame().split('\r\n').length).toBe(9);
    terminal.press('q');
    expect((await terminal.end()).code).toBe(0);
  });

  test('goes on by itself, each interval', async () => {
    const terminal = openTerminal({ args: '--interval 200ms' });
    await expect.poll(() => terminal.frames().length).toBeGreaterThan(3);
    terminal.press('\x03');
    expect((await terminal.end()).code).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends by %s, and gives the terminal back', async (signal) => {
    const terminal = openTerminal({ columns: 30, rows: 6 });
    await drawn(terminal);
    process.kill(terminal.pid(), signal);
    const { code, stty } = await terminal.end();
    expect(code).toBe(0);
    expectGivenBack(terminal.out(), stty);
  });

  test('gives the terminal back when it fails, and then says why', async () => {
    const bug = join(tempFolder(), 'bug.cjs');
    writeFileSync(bug, 'setTimeout(() => { throw new Error("planted"); }, 1500)');
    const terminal = openTerminal({ env: { NODE_OPTIONS: `--require ${bug}` } });
    const { code, stty } = await terminal.end();
    expect(terminal.out()).toContain(ENTERS);
    expect(code).not.toBe(0);
    const [, after = ''] = terminal.out().split(LEAVES);
    expect(after).toContain('planted');
    expectUsualMode(stty);
  });

  test('with TERM=dumb prints one frame and no controls', async () => {
    const terminal = openTerminal({ env: { TERM: 'dumb' } });
    const { code } = await terminal.end();
    expect(code).toBe(0);
    expect(terminal.out()).toContain('COMMAND');
    expect(terminal.out()).not.toContain('\x1b');
  });
});

describe('in a pipe', () => {
  test('prints one frame with every process, itself among them', async () => {
    const { code, out, err } = await runPmi(['top']);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toMatch(/^pmi top {3}/);
    expect(out).toContain('pmi.js top');
    expect(out).not.toContain('\x1b');
  });

  test('prints as many frames as are asked for', async () => {
    const { code, out } = await runPmi(['top', '--count', '3', '--interval', '200ms', '--sort', 'rss']);
    expect(code).toBe(0);
    expect(out.match(/^pmi top /gm)).toHaveLength(3);
    expect(out.match(/by RSS/g)).toHaveLength(3);
  });

  test.each([
    ['--interval', '1ms'],
    ['--interval', 'soon'],
    ['--count', '0'],
    ['--sort', 'cpu'],
    ['--tz', 'Nowhere/Land'],
  ])('%s %s is refused by name', async (flag, value) => {
    const { code, err } = await runPmi(['top', flag, value]);
    expect(code).toBe(2);
    expect(err).toContain(flag);
  });

  test('has help that names the keys', async () => {
    const { code, out } = await runPmi(['top', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('fold and open');
  });
});
