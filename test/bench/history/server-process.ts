import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The program as it is shipped, as a process of its own, with what it took. */

const PROGRAM = resolve('dist/pmi.js');
const MIB = 1024;

export interface Finished {
  readonly out: string;
  readonly seconds: number;
  /** VmHWM, MiB. */
  readonly peakMib: number;
}

function memoryOf(pid: number, key: 'VmHWM' | 'VmRSS'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / MIB;
  } catch {
    return 0;
  }
}

const TICK_MS = 10;

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Runs a program to its end. @throws where it fails */
export async function runMeasured(words: readonly string[]): Promise<Finished> {
  const started = performance.now();
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  let peakMib = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const timer = setInterval(() => {
    peakMib = Math.max(peakMib, memoryOf(child.pid ?? 0, 'VmHWM'));
  }, 50);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return { out, seconds: (performance.now() - started) / 1000, peakMib };
}

export function runProgram(...words: readonly string[]): Promise<Finished> {
  return runMeasured([PROGRAM, ...words]);
}

export interface Served {
  readonly url: string;
  /** From the start of the program to its first answer. */
  readonly firstAnswerMs: number;
  residentMib(): number;
  /** User and system time of all threads up to now, in steps of 10 ms. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Asks until the answer is there; that nothing is recorded is one, too, once that is known. */
async function askUntilAnswered(url: string, path: string): Promise<void> {
  for (;;) {
    const response = await fetch(url + path);
    await response.arrayBuffer();
    if (response.ok) return;
    const health = (await (await fetch(`${url}/healthz`)).json()) as { ingest: { state: string } };
    if (health.ingest.state === 'idle') return;
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Starts a server and asks `path` until it answers. */
export async function startServer(path: string, ...words: readonly string[]): Promise<Served> {
  const started = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // A benchmark that fails leaves no server behind.
  const kill = () => child.kill();
  process.once('exit', kill);
  const url = await new Promise<string>((found, fail) => {
    let text = '';
    child.on('close', (code) => fail(new Error(`the server ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const match = /http:\/\/[^/\s]+/.exec(text);
      if (match) found(match[0]);
    });
  });
  await askUntilAnswered(url, path);
  const firstAnswerMs = performance.now() - started;
  return {
    url,
    firstAnswerMs,
    residentMib: () => memoryOf(child.pid ?? 0, 'VmRSS'),
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      await new Promise((done) => child.on('close', done));
    },
  };
}

export async function untilIdle(url: string): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`${url}/healthz`)).json()) as { ingest: { state: string } };
    if (health.ingest.state === 'idle') return;
    await new Promise((done) => setTimeout(done, 100));
  }
}
