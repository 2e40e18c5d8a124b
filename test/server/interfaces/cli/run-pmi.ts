import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The built command, as a person runs it. */

const PROJECT = join(import.meta.dirname, '..', '..', '..', '..');
export const PMI = join(PROJECT, 'dist', 'pmi.js');

if (!existsSync(PMI)) throw new Error('dist/pmi.js is not built: npm run build');

/** The configuration of who runs the tests is not looked at. */
const NO_CONFIG = '/nonexistent';

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningPmi {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly finished: Promise<Finished>;
}

export interface PmiOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Closes our end of its output after the first bytes. */
  readonly closesEarly?: boolean;
  /** Words before the command, such as unshare's. */
  readonly within?: readonly string[];
  /** Another than the built one. */
  readonly program?: string;
}

export function startPmi(args: readonly string[], options: PmiOptions = {}): RunningPmi {
  const env = { ...process.env, TZ: 'UTC', DUMPS_DIR: undefined, XDG_CONFIG_HOME: NO_CONFIG, ...options.env };
  const command = [process.execPath, options.program ?? PMI, ...args];
  const [program, ...words] = [...(options.within ?? []), ...command];
  const child = spawn(program, words, {
    cwd: options.cwd ?? PROJECT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
    if (options.closesEarly) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, out: () => out, err: () => err, finished };
}

export function runPmi(args: readonly string[], options: PmiOptions = {}): Promise<Finished> {
  return startPmi(args, options).finished;
}

/** Waits until a running command has told where it serves. */
export async function servedAt(pmi: RunningPmi): Promise<string> {
  let ended: Finished | null = null;
  void pmi.finished.then((finished) => {
    ended = finished;
  });
  for (;;) {
    const url = /Memory Inspector: (http:\S+)/.exec(pmi.out())?.[1];
    if (url) return url;
    if (ended) throw new Error(`it ended: ${JSON.stringify(ended)}`);
    await sleep(20);
  }
}
