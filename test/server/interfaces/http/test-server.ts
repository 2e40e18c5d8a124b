import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { basename, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import { openAcknowledgedFile } from '../../../../server/adapters/config/acknowledged-file.ts';
import { openConfigFile } from '../../../../server/adapters/config/config-file.ts';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { openProcessProbe } from '../../../../server/adapters/procfs/process-probe.ts';
import { openRegionRecords } from '../../../../server/adapters/regions/region-records.ts';
import { openActivity } from '../../../../server/application/activity.ts';
import type { AlertRuleStore } from '../../../../server/application/alert-ports.ts';
import { openAlertWatch } from '../../../../server/application/alert-watch.ts';
import { openAlerts } from '../../../../server/application/alerts.ts';
import { openAnalysis } from '../../../../server/application/analysis.ts';
import type { Reject } from '../../../../server/application/dump-ports.ts';
import type { Ingest } from '../../../../server/application/ingest.ts';
import { openIngest } from '../../../../server/application/ingest.ts';
import type { LiveFeed } from '../../../../server/application/live-ports.ts';
import type { History } from '../../../../server/application/ports.ts';
import type { Surroundings } from '../../../../server/application/surroundings.ts';
import type { SessionSources } from '../../../../server/application/view-session.ts';
import type { WatchGroupStore } from '../../../../server/application/watch-group-store.ts';
import type { RegionWatch } from '../../../../server/application/watch-regions.ts';
import { buildApp } from '../../../../server/interfaces/http/app.ts';
import { decodeConfig } from '../../../../server/interfaces/http/schemas/config.ts';
import { bareSurroundings } from '../../../support/bare-surroundings.ts';
import { openHostFeed } from '../../../support/live-feed.ts';
import { sessionsBeside } from '../../../support/sessions-beside.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';

/** The whole server in this process, listening on a real socket over a real folder. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly port: number;
  readonly origin: string;
  readonly history: History;
  readonly ingest: Ingest;
  readonly rejects: readonly Reject[];
  /** Bugs: what the error handler told. */
  readonly failures: unknown[];
  readonly refusedHosts: readonly string[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  json<Answer>(path: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly zone?: string;
  readonly token?: string;
  readonly hosts?: readonly string[];
  readonly publicOrigin?: string;
  /** Leave ingest running: the caller waits for what it wants to see. */
  readonly ingestInBackground?: boolean;
  readonly surroundings?: Surroundings;
  /** Default: those beside the folder, recorded by processes of their own. */
  readonly sessions?: SessionSources;
  /** Default: that of this host. */
  readonly live?: LiveFeed;
  /** Default: a small one of the test's own. */
  readonly webRoot?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** Routes of the test itself. */
  readonly addRoutes?: (app: FastifyInstance) => void;
  readonly isAnalysisOff?: boolean;
  /** Folder that regions are recorded in. */
  readonly regions?: string;
  /** Default: none is kept. */
  readonly regionWatch?: RegionWatch;
}

export const REPORT_STYLES = 'main{color:#123}';
export const PAGE = '<!doctype html><title>the app</title>';
export const HASHED_SCRIPT = 'main-ABCDEFGH.js';

/** A built web app in small: a page, a style sheet, a script with its hash in the name, compressed as the build does. */
function writeWebRoot(folder: string): string {
  const root = join(folder, 'web');
  mkdirSync(join(root, 'static'), { recursive: true });
  writeFileSync(join(root, 'index.html'), PAGE);
  writeFileSync(join(root, 'report.css'), REPORT_STYLES);
  for (const name of ['mem.css', HASHED_SCRIPT]) {
    const text = `/* ${name} */`;
    writeFileSync(join(root, 'static', name), text);
    writeFileSync(join(root, 'static', `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(root, 'static', `${name}.gz`), gzipSync(text));
  }
  return root;
}

/** A minute from now: dumps that were written this instant have rested long enough. */
const AHEAD_MS = 60_000;

async function openRecording(dumps: string, options: TestServerOptions) {
  const rejects: Reject[] = [];
  const failures: unknown[] = [];
  const timeZone = options.zone ?? 'UTC';
  const folder = openDumpFolder({ root: dumps, timeZone, now: () => Date.now() + AHEAD_MS });
  const history = await openHistory();
  const ingest = openIngest(
    { folder, history, sealer: null },
    {
      onReject: (reject) => rejects.push(reject),
      onFailure: (error) => failures.push(error),
    },
  );
  if (!options.ingestInBackground) await ingest.idle();
  return { history, ingest, rejects, failures };
}

/** Kept in a real file. */
export function openTestGroups(scratch: string): WatchGroupStore & AlertRuleStore {
  const onTrouble = () => undefined;
  return openConfigFile({ file: join(scratch, 'config.json'), decode: decodeConfig, onTrouble });
}

/** What is acknowledged is kept in a real file; who looks at what fires now does so at once, and is to be closed. */
export function openTestAlerts(
  history: History,
  scratch: string,
  configuration: WatchGroupStore & AlertRuleStore = openTestGroups(scratch),
  onFailure: (error: unknown) => void = () => undefined,
) {
  const alerts = openAlerts(history, configuration, openAcknowledgedFile(join(scratch, 'acknowledged.json')));
  const alertWatch = openAlertWatch(alerts, { onChange: () => undefined, onFailure, everyMs: 100 });
  return { alerts, alertWatch };
}

/** @param scratch a folder of the test for the web app */
export async function serveFolder(
  dumps: string,
  scratch: string,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const { hosts = [], token = null, zone = 'UTC', port: wantedPort = 0 } = options;
  const recording = await openRecording(dumps, options);
  const refusedHosts: string[] = [];
  const watchGroups = openTestGroups(scratch);
  const alerting = openTestAlerts(recording.history, scratch, watchGroups, (error) =>
    recording.failures.push(error),
  );
  const live = options.live ?? openHostFeed(recording.failures, watchGroups.groups);
  const app = await buildApp(
    {
      ...recording,
      live,
      activity: openActivity(live.clients, null),
      ...{ watchGroups, ...alerting },
      sessions: options.sessions ?? (await sessionsBeside(dumps, recording.failures)),
      surroundings: options.surroundings ?? bareSurroundings(basename(dumps)),
      regionRecords: openRegionRecords(options.regions ?? scratch),
      regionWatch: options.regionWatch ?? { kept: () => null, close: async () => undefined },
      analysis: options.isAnalysisOff ? null : openAnalysis(openProcessProbe()),
      zone,
      version: '0.0.0-test',
      webRoot: options.webRoot ?? writeWebRoot(scratch),
      logFailure: (error) => recording.failures.push(error),
    },
    {
      hosts,
      publicOrigin: options.publicOrigin ?? null,
      token,
      onRefusedHost: (host) => refusedHosts.push(host),
    },
  );
  options.addRoutes?.(app);
  await app.listen({ host: '127.0.0.1', port: wantedPort });
  const [address] = app.addresses();
  const port = typeof address === 'object' ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${origin}${path}`, { headers, redirect: 'manual' });
  return {
    app,
    port,
    origin,
    ...recording,
    refusedHosts,
    get,
    async json<Answer>(path: string) {
      const response = await get(path);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    async close() {
      live.close();
      await alerting.alertWatch.close();
      await app.close();
      await recording.ingest.close();
      await recording.history.close();
    },
  };
}

export interface RawAnswer {
  /** 0 where the server closed without an answer. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function parseAnswer(text: string): RawAnswer {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: new Map(headers),
    body: rest.join('\r\n\r\n'),
  };
}

/** Ends only when the client leaves: its head is all that is waited for. */
const EVENT_STREAM = /^HTTP\/1\.1 200 [\s\S]*\r\ncontent-type: text\/event-stream/i;

/** Sends bytes as they are, which fetch would not: odd paths, two Host lines, none at all. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const chunks: Buffer[] = [];
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${JSON.stringify(String(bytes))}`)));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (EVENT_STREAM.test(String(chunk))) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') reject(error);
    });
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString('latin1'))));
    socket.write(bytes);
  });
}

export interface RawRequest {
  readonly method?: string;
  readonly version?: '1.0' | '1.1';
  /** Lines without their ends. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** One request with exactly these lines. */
export function request(
  port: number,
  target: string,
  { method = 'GET', version = '1.1', headers = [`Host: 127.0.0.1:${port}`], body = '' }: RawRequest = {},
): Promise<RawAnswer> {
  const lines = [`${method} ${target} HTTP/${version}`, ...headers, 'Connection: close'];
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** One server for all tests of a file, over dumps that are written before; it ends without a bug told. */
export function openTestServer(write: (dumps: string) => void): () => TestServer {
  const dumps = sharedTempFolder();
  const scratch = sharedTempFolder();
  let server: TestServer;
  beforeAll(async () => {
    write(dumps);
    server = await serveFolder(dumps, scratch);
  });
  afterAll(async () => {
    await server.close();
    expect(server.failures).toEqual([]);
  });
  return () => server;
}
