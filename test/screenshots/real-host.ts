import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A host to take pictures of: this one, recorded as it is. As root in namespaces of its own, so that a picture shows what
 * was started for it and nothing else of whoever takes it.
 */

const PROGRAM = resolve('dist/pmi.js');
const MIB = 2 ** 20;

/** What is to be seen: a service that grows, its workers, and something that maps a file. */
const SUBJECTS = [
  ['shop-api', `const kept = []; setInterval(() => kept.push(Buffer.alloc(${MIB}, 1)), 1500);`],
  ['shop-worker', `globalThis.kept = Buffer.alloc(${90 * MIB}, 1); setInterval(() => 0, 1e9);`],
  ['shop-worker', `globalThis.kept = Buffer.alloc(${60 * MIB}, 1); setInterval(() => 0, 1e9);`],
  ['search-index', `globalThis.kept = Buffer.alloc(${220 * MIB}, 1); setInterval(() => 0, 1e9);`],
] as const;

const CONFIG = {
  watch_groups: [
    {
      name: 'shop',
      members: [
        { name: 'API', rule: { pattern: 'shop-api' } },
        { name: 'Workers', rule: { pattern: 'shop-worker' } },
      ],
      regions: '10s',
    },
  ],
};

/** What the host does: in its own namespaces that of process 1. */
function hostScript(folder: string): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const node = quote(process.execPath);
  const start = ([title, code]: (typeof SUBJECTS)[number]) =>
    `${node} --title=${title} -e ${quote(code)} ${title} </dev/null >/dev/null 2>&1 &`;
  const up = ['up', '--dumps', join(folder, 'time'), '--config', join(folder, 'config.json')];
  const words = [...up, '--port', '0', '--interval', '1s', '--tz', 'UTC'].map(quote);
  return [...SUBJECTS.map(start), `exec ${node} --title=pmi ${quote(PROGRAM)} ${words.join(' ')}`].join('\n');
}

function commandOf(folder: string): readonly string[] {
  const alone = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts', '--ipc', '--cgroup'];
  const isAllowed = spawnSync(alone[0], [...alone.slice(1), 'true']).status === 0;
  if (!isAllowed) return ['sh', '-c', hostScript(folder)];
  const own = 'hostname shop-1\nmount -t tmpfs none /sys/fs/cgroup\nmount -t tmpfs none /dev/shm\n';
  return [...alone, 'sh', '-c', own + hostScript(folder)];
}

async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((found, fail) => {
    child.on('close', (code) => fail(new Error(`the host ended with ${code}`)));
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const [url] = /http:\/\/[^/\s]+/.exec(text) ?? [];
      if (url) found(url);
    });
  });
}

export interface RealHost {
  readonly url: string;
  /** The service that grows. */
  readonly pid: number;
  stop(): Promise<void>;
}

interface Rows {
  readonly rows: readonly { readonly pid: number; readonly cmd: string | null }[];
}

async function pidOf(url: string, title: string): Promise<number> {
  const { rows } = (await (await fetch(`${url}/api/v1/snapshot?q=${title}`)).json()) as Rows;
  const found = rows.find(({ cmd }) => cmd?.includes(`--title=${title}`) || cmd === title);
  if (!found) throw new Error(`${title} was not recorded`);
  return found.pid;
}

/** The feed rests while nobody looks: somebody does, until the host stops. */
async function watchLive(url: string): Promise<void> {
  const { body } = await fetch(`${url}/api/v1/live/sse`);
  const reader = body?.getReader();
  const readOn = async () => {
    while ((await reader?.read())?.done === false);
  };
  void readOn().catch(() => undefined);
}

async function record(url: string, name: string, seconds: number): Promise<void> {
  const headers = { origin: url, 'content-type': 'application/json' };
  const plan = { name, label: null, group: 'shop', interval_seconds: 1, duration_seconds: seconds };
  const body = JSON.stringify(plan);
  const answer = await fetch(`${url}/api/v1/sessions`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`no session: ${await answer.text()}`);
}

const SHORTEST_SESSION_S = 60;

/** Resolves once there is something to be seen: some minutes of it, two sessions, moments of the watch group. */
export async function startRealHost(folder: string): Promise<RealHost> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
  const [program, ...words] = commandOf(folder);
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await addressOf(child);
  await watchLive(url);
  console.log('the host runs for two minutes first');
  await record(url, 'before-the-fix', SHORTEST_SESSION_S);
  await sleep((SHORTEST_SESSION_S + 3) * 1000);
  await record(url, 'after-the-fix', SHORTEST_SESSION_S);
  await sleep((SHORTEST_SESSION_S + 3) * 1000);
  return {
    url,
    pid: await pidOf(url, 'shop-api'),
    async stop() {
      const ended = new Promise((done) => child.on('close', done));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}
