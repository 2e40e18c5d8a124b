import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';
import { PMI } from './run-pmi.ts';

/** A command in a real pseudo-terminal, which script(1) makes. */

export const ENTERS = '\x1b[?1049h';
export const LEAVES = '\x1b[?7h\x1b[?25h\x1b[?1049l';

interface TerminalOptions {
  readonly command?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly args?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function openTerminal({
  command = 'top',
  columns = 80,
  rows = 24,
  args = '',
  env = {},
}: TerminalOptions = {}) {
  const [pidFile, codeFile] = [join(tempFolder(), 'pid'), join(tempFolder(), 'code')];
  const inner = `stty cols ${columns} rows ${rows}; sh -c 'echo $$ >${pidFile}; exec ${process.execPath} ${PMI} ${command} ${args}'; echo $? >${codeFile}; stty -a >${codeFile}.stty`;
  const child = spawn('script', ['-qfec', inner, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const frames = () => out.split('\x1b[H').slice(1);
  return {
    out: () => out,
    frames,
    frame: () => frames().at(-1) ?? '',
    press: (keys: string) => child.stdin.write(keys),
    pid: () => Number(readFileSync(pidFile, 'utf8')),
    async end() {
      await ended;
      return {
        code: Number(readFileSync(codeFile, 'utf8')),
        stty: readFileSync(`${codeFile}.stty`, 'utf8'),
      };
    },
  };
}

export type Terminal = ReturnType<typeof openTerminal>;

export const drawn = (terminal: Terminal) => expect.poll(() => terminal.frames().length).toBeGreaterThan(0);

/** As a shell leaves it: lines are edited, keys are echoed. */
export function expectUsualMode(stty: string): void {
  expect(stty).toMatch(/(?<!-)icanon/);
  expect(stty).toMatch(/(?<!-)echo\b/);
}

export function expectGivenBack(out: string, stty: string): void {
  expect(out.trimEnd().endsWith(LEAVES)).toBe(true);
  expectUsualMode(stty);
}

export const hasScript = spawnSync('script', ['--version']).status === 0;
