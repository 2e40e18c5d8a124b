import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { openIngest } from '../../../../server/application/ingest.ts';
import type { IngestStatus } from '../../../../server/application/ingest-progress.ts';
import { ERROR_CODES } from '../../../../server/domain/errors.ts';
import { PROCESS_METRICS } from '../../../../server/domain/metrics.ts';
import * as analyze from '../../../../server/interfaces/http/schemas/analyze-queries.ts';
import * as live from '../../../../server/interfaces/http/schemas/live-queries.ts';
import type { OverviewAnswer } from '../../../../server/interfaces/http/schemas/overview.ts';
import * as queries from '../../../../server/interfaces/http/schemas/queries.ts';
import * as sessionQueries from '../../../../server/interfaces/http/schemas/session-queries.ts';
import type { HealthAnswer, LevelAnswer, PidAnswer } from '../../../../server/interfaces/http/schemas.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { routeTable } from './route-table.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import type { TestServer, TestServerOptions } from './test-server.ts';
import { HASHED_SCRIPT, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

async function serving<T>(
  folder: string,
  use: (on: TestServer) => Promise<T>,
  options: TestServerOptions = {},
): Promise<T> {
  const on = await serveFolder(folder, tempFolder(), options);
  try {
    return await use(on);
  } finally {
    await on.close();
  }
}

async function until<T>(look: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 8000;
  for (;;) {
    const value = await look();
    if (isThere(value) || Date.now() > end) return value;
    await sleep(20);
  }
}

describe('healthz', () => {
  test('tells how much there is and that nothing is pending', async () => {
    const alerts = { host: 'test-1', firing: 0 };
    await expect.poll(() => server.json('/healthz')).toMatchObject({ alerts });
    expect(await server.json('/healthz')).toEqual({
      alerts,
      ok: true,
      version: '0.0.0-test',
      samples: 4,
      last_sample: '2026-01-15T12:03:00.000Z',
      ingest: {
        state: 'idle',
        pending: 0,
        read: 4,
        rows: 14,
        seconds_left: null,
        rejected_files: 0,
        rejected_rows: 0,
        sealed_by: null,
      },
      sessions: [],
    });
  });

  test('of an empty folder has no last sample', async () => {
    await serving(tempFolder(), async (empty) => {
      expect(await empty.json('/healthz')).toMatchObject({ ok: true, samples: 0, last_sample: null });
    });
  });

  test('has pending null until the folder was listed, then counts down to idle', async () => {
    const seen: IngestStatus[] = [];
    const pair = (at: number) => ({ stampInstant: at, processFile: null, systemFile: `${at}`, folder: '' });
    const look = () => seen.push(ingest.status());
    const ingest = openIngest(
      {
        folder: {
          async list() {
            look();
            return { pairs: seen.length === 1 ? [pair(1), pair(2)] : [], rejects: [] };
          },
          async read() {
            look();
            return { sample: null, rejects: [], lines: { accepted: 0, rejected: 0, blank: 0 }, opened: [] };
          },
          watch: () => ({ close: () => undefined }),
        },
        history: server.history,
        sealer: null,
      },
      { onReject: () => undefined, onFailure: () => undefined },
    );
    expect(ingest.status()).toMatchObject({ state: 'scanning', pending: null });
    await ingest.idle();
    await ingest.close();
    expect(seen.slice(0, 3).map(({ state, pending }) => [state, pending])).toEqual([
      ['scanning', null],
      ['ingesting', 2],
      ['ingesting', 1],
    ]);
    expect(ingest.status()).toMatchObject({ state: 'idle', pending: 0 });
  });

  test('counts rejected files and rows, which are not pending', async () => {
    const folder = tempFolder();
    const [written] = writeHistory(folder, SMALL_RECORDING);
    writeFileSync(join(folder, written.processFile ?? ''), 'PID,PPID\n1,0\n');
    await serving(folder, async (on) => {
      const { ingest } = await on.json<HealthAnswer>('/healthz');
      expect(ingest).toMatchObject({ state: 'idle', pending: 0 });
      expect(ingest.rejected_files + ingest.rejected_rows).toBe(on.rejects.length);
      expect(on.rejects.length).toBeGreaterThan(0);
    });
  });

  test('sees dumps that come while it serves, and the views do as well', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL_RECORDING.slice(0, 1));
    await serving(folder, async (on) => {
      writeHistory(folder, SMALL_RECORDING.slice(1, 3));
      const health = await until(
        () => on.json<HealthAnswer>('/healthz'),
        ({ samples }) => samples === 3,
      );
      expect(health).toMatchObject({ samples: 3, last_sample: '2026-01-15T12:02:00.000Z' });
      expect((await on.json<LevelAnswer>('/api/v1/snapshot/level')).ts).toBe('2026-01-15T12:02:00.000Z');
    });
  });
});

describe('a folder with several hosts', () => {
  const folder = sharedTempFolder();
  let hosts: TestServer;
  beforeAll(async () => {
    const p = (pid: number) => [{ pid, start: 5 }];
    writeHistory(join(folder, 'a'), [{ t: 0, host: 'alpha', processes: p(1) }]);
    writeHistory(join(folder, 'b'), [
      { t: 0, host: 'beta', processes: p(1) },
      { t: 60, host: 'beta', processes: p(2) },
    ]);
    hosts = await serveFolder(folder, scratch);
  });
  afterAll(() => hosts.close());

  test('shows the one with the newest sample, and lists them all', async () => {
    const answer = await hosts.json<OverviewAnswer>('/api/v1/');
    expect(answer).toMatchObject({ host: 'beta', hosts: ['beta', 'alpha'], coverage: { samples: 2 } });
  });

  test('shows another one that is asked for, everywhere', async () => {
    const t0 = new Date(instantOf(0)).toISOString();
    expect(await hosts.json('/api/v1/?host=alpha')).toMatchObject({ host: 'alpha', coverage: { to: t0 } });
    expect(await hosts.json('/api/v1/snapshots?host=alpha')).toEqual({ t: [instantOf(0)] });
    expect(await hosts.json('/api/v1/snapshot/level?host=alpha')).toMatchObject({ host: 'alpha', ts: t0 });
    expect(await hosts.json('/api/v1/snapshot/pid?host=alpha&pid=1')).toMatchObject({ host: 'alpha' });
    expect(await hosts.json('/api/v1/snapshot/pid/plot?host=alpha&pid=1')).toMatchObject({ host: 'alpha' });
  });

  test('never mixes their processes: the same pid and start ticks are two keys', async () => {
    const alpha = await hosts.json<LevelAnswer>('/api/v1/snapshot/level?host=alpha');
    const beta = await hosts.json<LevelAnswer>('/api/v1/snapshot/level?host=beta&ts=-60s');
    expect(alpha.rows[0].key).not.toBe(beta.rows[0].key);
    expect((await hosts.get(`/api/v1/snapshot/pid?host=beta&key=${alpha.rows[0].key}`)).status).toBe(404);
  });
});

describe('dumps without start times', () => {
  test('are marked as of weak identity, and their lives count from when they were first seen', async () => {
    const folder = tempFolder();
    const init = { pid: 1, cmd: 'init' };
    writeHistory(
      folder,
      [
        { t: 0, processes: [init, { pid: 9, ppid: 1, cmd: 'a x', rss_mb: 30 }] },
        { t: 60, processes: [init, { pid: 9, ppid: 1, cmd: 'a y', rss_mb: 50 }] },
        { t: 120, processes: [init, { pid: 9, ppid: 1, cmd: 'b', rss_mb: 7 }] },
      ],
      { format: 'seed' },
    );
    await serving(folder, async (on) => {
      const { rows } = await on.json<LevelAnswer>('/api/v1/snapshot/level?lvl=1&ts=-1m');
      expect(rows).toMatchObject([
        { pid: 9, weak_identity: true, lifetime_seconds: 60, cmd: 'a y', start_ticks: null },
      ]);
      const answer = await on.json<PidAnswer>('/api/v1/snapshot/pid?pid=9');
      expect(answer.process).toMatchObject({ cmd: 'b', lifetime_seconds: 0, rss_max_bytes: 7 * 2 ** 20 });
      expect(answer.instances.map(({ cmd }) => cmd)).toEqual(['a y', 'b']);
      expect(answer.host).toBe('unknown');
    });
  });
});

interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Readonly<Record<string, unknown>>;
}
interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: DescribedParameter[] }>>>
  >;
}

describe('openapi.json', () => {
  const QUERIES: Readonly<Record<string, z.ZodObject>> = {
    '/api/v1/': queries.overviewQuery,
    '/api/v1/snapshots': queries.snapshotsQuery,
    '/api/v1/snapshot/level': queries.levelQuery,
    '/api/v1/snapshot/pid': queries.pidQuery,
    '/api/v1/snapshot/pid/plot': queries.plotQuery,
    '/api/v1/snapshot': queries.snapshotQuery,
    '/api/v1/facets': queries.facetsQuery,
    '/api/v1/groups': queries.groupsQuery,
    '/api/v1/sparklines': queries.sparklinesQuery,
    '/api/v1/search': queries.searchQuery,
    '/api/v1/answer': queries.answerQuery,
    '/api/v1/top': queries.topQuery,
    '/api/v1/composition': queries.compositionQuery,
    '/api/v1/events': queries.eventsQuery,
    '/api/v1/minimap': queries.minimapQuery,
    ...Object.fromEntries(
      ['memory', 'cpu', 'layout', 'system', 'summary', 'all'].map((view) => [
        `/api/v1/analyze/${view}`,
        analyze.analyzeQuery,
      ]),
    ),
    '/api/v1/analyze/regions': analyze.analyzeRegionsQuery,
    '/api/v1/analyze/compare': analyze.analyzeCompareQuery,
    '/api/v1/analyze/moments': analyze.analyzeMomentsQuery,
    '/api/v1/analyze/trends': analyze.analyzeTrendsQuery,
    '/api/v1/files': queries.filesQuery,
    '/api/v1/status': queries.figuresQuery,
    '/api/v1/system': queries.figuresQuery,
    '/system': queries.figuresQuery,
    '/analyze': analyze.analyzeQuery,
    '/learn': queries.pageQuery,
    '/learn/{topic}': queries.pageQuery,
    '/api/v1/report': queries.reportQuery,
    '/live': live.liveQuery,
    '/api/v1/live': live.liveQuery,
    '/api/v1/live/sse': live.liveStreamQuery,
    '/ws': live.liveStreamQuery,
    ...Object.fromEntries(
      ['memory', 'processes', 'system', 'current', 'dashboard_status'].map((name) => [
        `/api/${name}`,
        live.dashboardQuery,
      ]),
    ),
    '/api/history': live.dashboardHistoryQuery,
    '/api/historical': live.dashboardRangeQuery,
    '/api/analysis': live.dashboardRangeQuery,
    '/api/v1/sessions': sessionQueries.sessionsQuery,
    '/api/v1/sessions/compare': sessionQueries.comparisonQuery,
    '/api/v1/sessions/{name}': sessionQueries.sessionQuery,
    '/api/v1/sessions/{name}/series': sessionQueries.sessionQuery,
    '/sessions': sessionQueries.sessionsPageQuery,
    '/api/v1/watch-groups': queries.watchGroupsQuery,
    '/api/v1/watch-groups/{name}/timeline': queries.watchTimelineQuery,
    '/watch': queries.watchGroupsQuery,
    '/api/v1/alerts': queries.alertsQuery,
    '/alerts': queries.alertsQuery,
  };
  /** What cannot be left out. */
  const REQUIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '/api/v1/groups': { by: 'exe' },
    '/api/v1/sessions/compare': { a: 'before', b: 'after' },
    '/api/v1/sparklines': { keys: 's1-20-2000' },
    '/api/v1/search': { q: 'web' },
  };
  let document: OpenApi;
  beforeAll(async () => {
    document = await server.json<OpenApi>('/openapi.json');
  });

  const parametersOf = (path: string) =>
    (document.paths[path]?.get?.parameters ?? []).filter((one) => one.in === 'query');
  const readPaths = () => Object.keys(document.paths).filter((path) => document.paths[path].get);

  test('lists every route but for the ways in, the descriptions and the built files', () => {
    const HIDDEN = ['/', '/api', '/api/', '/api/v1', '/openapi.json', '/docs'];
    const routes = routeTable(server.app).filter((path) => !path.startsWith('/static/'));
    const listed = routes.map((path) => path.replace(/:(\w+)/, '{$1}'));
    expect(listed.filter((path) => !HIDDEN.includes(path)).sort()).toEqual(readPaths().sort());
    expect(readPaths().sort()).toEqual([...Object.keys(QUERIES), '/healthz'].sort());
  });

  test('lists the routes that change something', () => {
    const writes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => (method === 'get' ? [] : [`${method} ${path}`])),
    );
    expect(writes.sort()).toEqual([
      'delete /api/v1/sessions/{name}',
      'delete /api/v1/watch-groups/{name}',
      'post /api/start_monitoring',
      'post /api/stop_monitoring',
      'post /api/v1/alerts',
      'post /api/v1/analyze/moments',
      'post /api/v1/self/gc',
      'post /api/v1/sessions',
      'post /api/v1/sessions/{name}/stop',
      'put /api/v1/watch-groups/{name}',
    ]);
  });

  test('the route table holds each path once', () => {
    const table = routeTable(server.app);
    expect(table.length).toBeGreaterThan(10);
    expect(new Set(table).size).toBe(table.length);
    for (const path of table) expect(server.app.hasRoute({ method: 'GET', url: path }), path).toBe(true);
  });

  test.each(Object.entries(QUERIES))('%s lists every parameter with what it means', (path, { shape }) => {
    const listed = parametersOf(path);
    expect(listed.map(({ name }) => name).sort()).toEqual(Object.keys(shape).sort());
    for (const parameter of listed) {
      expect(parameter.required ?? false, parameter.name).toBe(
        Object.hasOwn(REQUIRED[path] ?? {}, parameter.name),
      );
      expect(parameter.description ?? parameter.schema.description, parameter.name).toMatch(/\S{3}/);
    }
  });

  test.each(Object.entries(QUERIES))('%s tells the defaults that apply', (path, schema) => {
    const required = REQUIRED[path] ?? {};
    const defaults = Object.entries(schema.parse(required)).filter(
      ([name, value]) => value !== undefined && !Object.hasOwn(required, name),
    );
    const told = parametersOf(path).flatMap(({ name, schema: { default: value } }) =>
      value === undefined ? [] : [[name, value]],
    );
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(defaults));
  });

  test('tells bounds, and they are the ones that hold', async () => {
    const bounded = Object.keys(QUERIES).flatMap((path) =>
      parametersOf(path)
        .filter(({ schema }) => schema.type === 'integer')
        .map(({ name, schema }) => ({ path, name, schema })),
    );
    const names = new Set(bounded.map(({ name }) => name));
    expect([...names].sort()).toEqual([
      ...['cols', 'height', 'hours', 'limit', 'lvl', 'n', 'pid', 'px', 'seconds'],
    ]);
    for (const { path, name, schema } of bounded)
      for (const beyond of [Number(schema.minimum) - 1, Number(schema.maximum) + 1]) {
        const { status } = await server.get(`${path.replace('{name}', 'any')}?${name}=${beyond}`);
        expect([path, name, beyond, status]).toEqual([path, name, beyond, 400]);
      }
  });

  test('names every metric as a sort key', () => {
    const sort = parametersOf('/api/v1/snapshot/level').find(({ name }) => name === 'sort');
    expect(sort?.schema.enum).toEqual(PROCESS_METRICS.map(({ id }) => id));
  });
});

describe('docs', () => {
  test('is a page with every route, parameter, field and error code, and no script', async () => {
    const response = await server.get('/docs');
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const { paths } = await server.json<OpenApi>('/openapi.json');
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods))
        expect(page).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
    for (const { id } of PROCESS_METRICS) expect(page).toContain(`<td>${id}</td>`);
    for (const code of ERROR_CODES) expect(page).toContain(`id="${code}"`);
    expect(page).not.toMatch(/<script|<style|style=|\son\w+=|http:|https:/);
  });
});

describe('static files', () => {
  test('with a hash in their name are kept for a year, others are asked for again', async () => {
    const cached = async (name: string) => (await server.get(`/static/${name}`)).headers.get('cache-control');
    expect(await cached(HASHED_SCRIPT)).toBe('public, max-age=31536000, immutable');
    expect(await cached('mem.css')).toBe('no-cache');
  });

  test.each(['br', 'gzip'])('are sent as they were compressed at build: %s', async (encoding) => {
    const response = await server.get('/static/mem.css', { 'accept-encoding': encoding });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(response.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
    expect(await response.text()).toBe('/* mem.css */');
  });

  test('are asked for again by their ETag', async () => {
    const first = await server.get('/static/mem.css');
    const again = await server.get('/static/mem.css', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([first.status, again.status]).toEqual([200, 304]);
  });
});
