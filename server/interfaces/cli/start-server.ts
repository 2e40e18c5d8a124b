import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import { displayText, escapeText } from '../../domain/text-notation.ts';
import type { FoundServer } from './ask-server.ts';
import { askServer } from './ask-server.ts';

/** Starts `pmi serve` so that it outlives the command that started it; what it says goes into a log of its own. */

export interface ServerStart {
  readonly port: number;
  /** Absolute: it keeps running when this folder is left. */
  readonly dumps: string;
  /** Of the program: its interpreter and script. */
  readonly program: readonly [string, string];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const STARTS_WITHIN_MS = 20_000;
const ASK_EACH_MS = 150;
const LOG_TAIL = 600;
const FOLDER_MODE = 0o700;
const LOG_MODE = 0o600;

/** A path that is not absolute counts as none (XDG Base Directory). */
function stateFolder({ XDG_STATE_HOME: state = '', HOME: home = '/' }: ServerStart['env']): string {
  return join(state.startsWith('/') ? state : join(home, '.local', 'state'), 'pid-memory-inspector');
}

export function logPathOf(port: number, env: ServerStart['env']): string {
  return join(stateFolder(env), `serve-${port}.log`);
}

/** The log is of this run: an earlier one's is replaced. */
function openLog(path: string, env: ServerStart['env']): number {
  try {
    mkdirSync(stateFolder(env), { recursive: true, mode: FOLDER_MODE });
    return openSync(path, 'w+', LOG_MODE);
  } catch (error) {
    throw new MemoryInspectorError('cannot_write', `Cannot write ${path}: ${errorCodeOf(error)}`, {
      next: 'Set XDG_STATE_HOME to a folder that this user may write to, or run pmi serve yourself.',
      cause: error,
    });
  }
}

function tailOf(fd: number): string {
  const { size } = fstatSync(fd);
  const bytes = Buffer.alloc(Math.min(size, LOG_TAIL));
  readSync(fd, bytes, 0, bytes.length, size - bytes.length);
  return displayText(escapeText(bytes.toString('utf8').trim().split('\n').slice(-3).join(' ')));
}

interface Launched {
  /** Exit code or signal, once it has ended. */
  ended(): string | null;
  leave(): void;
}

function launch({ port, dumps, program: [node, script], env }: ServerStart, log: number): Launched {
  const args = [script, 'serve', '--dumps', dumps, '--port', String(port)];
  const child = spawn(node, args, { detached: true, stdio: ['ignore', log, log], env: { ...env } });
  let ended: string | null = null;
  child.on('error', (error) => {
    ended = errorCodeOf(error);
  });
  child.on('exit', (code, signal) => {
    ended = String(code ?? signal);
  });
  return { ended: () => ended, leave: () => child.unref() };
}

/** Until it answers; one that another command has started at the same time is as good. */
async function untilAnswering(port: number, launched: Launched): Promise<FoundServer> {
  const end = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    const found = await askServer(port);
    if (found.kind === 'ours' || performance.now() > end) return found;
    if (launched.ended() !== null) return askServer(port);
    await wait(ASK_EACH_MS);
  }
}

/** @returns path of its log @throws MemoryInspectorError `cannot_write`, `port_in_use` with what it said */
export async function startServer(start: ServerStart): Promise<string> {
  const path = logPathOf(start.port, start.env);
  const log = openLog(path, start.env);
  try {
    const launched = launch(start, log);
    const found = await untilAnswering(start.port, launched);
    launched.leave();
    if (found.kind === 'ours') return path;
    throw new MemoryInspectorError(
      'port_in_use',
      `The server did not start: ${tailOf(log) || 'it said nothing'}`,
      {
        next: `Its log is ${displayText(escapeText(path))}.`,
      },
    );
  } finally {
    closeSync(log);
  }
}
