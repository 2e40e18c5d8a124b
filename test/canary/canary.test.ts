import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import { openHistory } from '../../server/adapters/history/history.ts';
import { openProcessProbe } from '../../server/adapters/procfs/process-probe.ts';
import { openRegionRecords } from '../../server/adapters/regions/region-records.ts';
import { openActivity } from '../../server/application/activity.ts';
import { openAnalysis } from '../../server/application/analysis.ts';
import { openIngest } from '../../server/application/ingest.ts';
import { buildApp } from '../../server/interfaces/http/app.ts';
import { openTestAlerts, openTestGroups } from '../server/interfaces/http/test-server.ts';
import { bareSurroundings } from '../support/bare-surroundings.ts';
import { openHostFeed } from '../support/live-feed.ts';
import { sessionsBeside } from '../support/sessions-beside.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';

/** A secret in the command lines of real processes, recorded by the real recorder, served by the real server. */
const CANARY = 'S3CR3T-CANARY-7f';
/** It is not a canary: that processes with these are in the recording shows that the others were looked for. */
const MARK = 'c4n4ry-mark';

/** Arguments behind `sh -c 'read x'`, which waits; or one title. */
const SHAPES: readonly (readonly string[])[] = [
  ['mysql', `-p${CANARY}`, '-u', 'root'],
  ['app', '--password', CANARY],
  ['app', `--password=${CANARY} and more`],
  ['app', `-PASSWORD:${CANARY}`],
  ['env', `PGPASSWORD=${CANARY}`, 'psql'],
  ['psql', `postgres://u:${CANARY}@h/db`],
  ['curl', '-u', `user:${CANARY}`],
  ['curl', '-H', `Authorization: Bearer ${CANARY}`],
  ['java', `-Dspring.datasource.password=${CANARY}`],
  ['sshpass', '-p', CANARY, 'ssh', 'host'],
  ['agent', 'password', '-token', CANARY],
  ['openssl', '-passin', `pass:${CANARY}`],
  ['curl', `https://h/x?api_key=${CANARY}&a=1`],
  ['redis-cli', '-a', CANARY],
  ['curl', '-d', `{"user": "bob", "password": "${CANARY}"}`],
];
const TITLES = [`java -password      ${CANARY}`, `worker: token=${CANARY} queue=mail`];

const folder = sharedTempFolder();
const running: ChildProcess[] = [];
const stderr: string[] = [];
const RECORDINGS = {
  procfs: ['--interval', '50ms', '--count', '3'],
  packed: ['--gzip', '--once'],
  cut: ['--max-cmd', '40', '--once'],
  seed: ['--format', 'seed', '--once'],
  argv0: ['--cmd-mode', 'argv0', '--once'],
  none: ['--cmd-mode', 'none', '--once'],
  full: ['--cmd-mode', 'full', '--once'],
} as const;

async function startShapes(): Promise<void> {
  for (const shape of SHAPES)
    running.push(spawn('/bin/sh', ['-c', 'read x', ...shape, MARK], { stdio: ['pipe', 'ignore', 'ignore'] }));
  for (const argv0 of TITLES)
    running.push(spawn('/bin/sh', [], { argv0: `${argv0} ${MARK}`, stdio: ['pipe', 'ignore', 'ignore'] }));
  await Promise.all(running.map((child) => once(child, 'spawn')));
}

async function bundleRecorder(): Promise<string> {
  const path = join(folder, 'collector.mjs');
  const options = { bundle: true, platform: 'node', format: 'esm' } as const;
  await build({ ...options, entryPoints: ['collector/main.ts'], outfile: path, logLevel: 'error' });
  return path;
}

async function record(script: string, name: string, words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [script, ...words, '--out', join(folder, name)], { stdio: 'pipe' });
  child.stderr.on('data', (text) => stderr.push(String(text)));
  child.stdout.on('data', (text) => stderr.push(String(text)));
  expect(await once(child, 'close')).toEqual([0, null]);
}

/** Everything in a folder, unpacked, names and all. */
function textsIn(name: string): string[] {
  const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return `${entry.name}\n${(entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')}`;
    });
}

function countOf(texts: readonly string[], word: string): number {
  return texts.reduce((count, text) => count + text.split(word).length - 1, 0);
}

interface Described {
  readonly paths: Record<
    string,
    Record<string, { readonly parameters?: readonly { readonly name: string }[] }>
  >;
}

/** Every route that the server says it has, in every form: where it asks for a process or a level, for all of them. */
async function pathsOf(base: string): Promise<readonly (readonly string[])[]> {
  const { paths } = (await (await fetch(`${base}/openapi.json`)).json()) as Described;
  const isOfOne = (route: string) =>
    Object.values(paths[route] ?? {}).some(({ parameters = [] }) =>
      parameters.some(({ name }) => name === 'pid' || name === 'lvl'),
    );
  const forms = ['json', 'csv', 'html', 'csv&raw=1'];
  const routes = [...Object.keys(paths), '/openapi.json', '/docs', '/nothing'];
  const levels = Array.from({ length: 9 }, (_, level) => `/api/v1/snapshot/level?lvl=${level}&limit=10000`);
  const queries = (form: string) =>
    running.map(({ pid }, level) => `?pid=${pid}&lvl=${level % 6}&limit=10000&format=${form}`);
  // A stream is the same for every query, and takes a tick.
  const asked = (route: string) =>
    route.endsWith('/sse')
      ? [['']]
      : forms.map((form) => (isOfOne(route) ? queries(form) : [`?limit=10000&format=${form}`]));
  return [
    levels,
    ...routes.flatMap((route) => asked(route).map((some) => some.map((query) => route + query))),
  ];
}

/** Of a stream of events, which does not end: those that a client gets when it comes. */
async function bodyOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.includes('memory_update')) break;
  }
  return text;
}

/** For all processes at once: live analysis of the CPU waits a second for each. */
async function askForEverything(base: string): Promise<readonly string[]> {
  const answers: string[] = [];
  const ask = async (path: string) => {
    const answer = await fetch(`${base}${path}`);
    answers.push(`${path} ${answer.status} ${[...answer.headers].join(' ')}\n${await bodyOf(answer)}`);
  };
  for (const paths of await pathsOf(base)) await Promise.all(paths.map(ask));
  return answers;
}

beforeAll(async () => {
  await startShapes();
  const script = await bundleRecorder();
  for (const [name, words] of Object.entries(RECORDINGS)) await record(script, name, words);
}, 60_000);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

describe.runIf(process.platform === 'linux')('a secret in command lines', () => {
  const processes = SHAPES.length + TITLES.length;

  test('has at least twelve shapes here, and would be found: --cmd-mode full holds all of them', () => {
    expect(processes).toBeGreaterThanOrEqual(12);
    expect(countOf(textsIn('full'), CANARY)).toBe(processes);
  });

  test.each(['procfs', 'packed', 'seed'])('is in no file of the recording %s, its processes are', (name) => {
    expect(countOf(textsIn(name), CANARY)).toBe(0);
    expect(countOf(textsIn(name), MARK)).toBeGreaterThanOrEqual(processes - 1);
  });

  test.each(['cut', 'argv0', 'none'])('is in no file of the recording %s, nor a part of it', (name) => {
    expect(countOf(textsIn(name), 'CANARY')).toBe(0);
  });

  test('is not in what ps tells, recorded', async () => {
    const hasPs = spawn('ps', ['--version'], { stdio: 'ignore' });
    const [error] = await Promise.race([once(hasPs, 'error'), once(hasPs, 'close').then(() => [])]);
    if (error) return console.info('skipped: needs ps');
    await record(join(folder, 'collector.mjs'), 'ps', ['--source', 'ps', '--once']);
    expect(countOf(textsIn('ps'), CANARY)).toBe(0);
    expect(countOf(textsIn('ps'), MARK)).toBeGreaterThanOrEqual(processes - 1);
  });

  test('is in no answer of the server, in any form, nor in what it logs', async () => {
    const logged: string[] = [];
    const dumps = openDumpFolder({ root: join(folder, 'procfs'), timeZone: 'UTC' });
    const history = await openHistory();
    const ingest = openIngest(
      { folder: dumps, history, sealer: null },
      {
        onReject: (reject) => logged.push(JSON.stringify(reject)),
        onFailure: (error) => logged.push(String(error)),
      },
    );
    await ingest.idle();
    const webRoot = join(folder, 'web');
    mkdirSync(join(webRoot, 'static'), { recursive: true });
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>page</title>');
    const live = openHostFeed();
    const alerting = openTestAlerts(history, folder);
    const app = await buildApp(
      {
        history,
        ingest,
        sessions: await sessionsBeside(join(folder, 'procfs'), logged),
        surroundings: bareSurroundings('procfs'),
        live,
        regionRecords: openRegionRecords(join(folder, 'procfs')),
        regionWatch: { kept: () => null, close: async () => undefined },
        analysis: openAnalysis(openProcessProbe()),
        activity: openActivity(live.clients, null),
        watchGroups: openTestGroups(folder),
        ...alerting,
        zone: 'UTC',
        version: '1',
        webRoot,
        logFailure: (error) => logged.push(String(error)),
      },
      { hosts: [], publicOrigin: null, token: null, onRefusedHost: (host) => logged.push(host) },
    );
    try {
      const base = await app.listen({ host: '127.0.0.1', port: 0 });
      const answers = await askForEverything(base);
      expect(countOf(answers, CANARY)).toBe(0);
      expect(countOf(answers, MARK)).toBeGreaterThanOrEqual(processes - 1);
      expect(countOf(logged, CANARY)).toBe(0);
    } finally {
      live.close();
      await alerting.alertWatch.close();
      await app.close();
      await ingest.close();
      await history.close();
    }
  }, 180_000);

  test('is in nothing that the recorder said', () => {
    expect(countOf(stderr, 'recorded')).toBeGreaterThan(0);
    expect(countOf(stderr, 'CANARY')).toBe(0);
  });
});
