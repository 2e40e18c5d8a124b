import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../../server/domain/errors.ts';
import { STATUS_OF } from '../../../../server/interfaces/http/problems.ts';
import type { Problem } from '../../../../server/interfaces/http/schemas.ts';
import { problemAnswer } from '../../../../server/interfaces/http/schemas.ts';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { routeTable } from './route-table.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { openTestServer, PAGE, request, serveFolder } from './test-server.ts';

const server = openTestServer((dumps) => {
  writeHistory(dumps, SMALL_RECORDING);
});

async function problemOf(path: string, on: TestServer = server()): Promise<Problem> {
  const response = await on.get(path);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = problemAnswer.strict().parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.status).toBe(STATUS_OF[problem.code]);
  expect(problem.type).toBe(`/docs#${problem.code}`);
  expect(problem.detail).not.toBe('');
  return problem;
}

/** A server over `samples` for the time of one use. */
async function serving<T>(
  samples: readonly SampleLiteral[],
  use: (on: TestServer) => Promise<T>,
): Promise<T> {
  const folder = tempFolder();
  writeHistory(folder, samples);
  const on = await serveFolder(folder, tempFolder());
  try {
    return await use(on);
  } finally {
    await on.close();
    expect(on.failures).toEqual([]);
  }
}

describe('the predecessor’s texts and statuses', () => {
  test('"No process dumps found" is a 404 where there are none', async () => {
    await serving([], async (empty) => {
      const paths = ['level', 'pid?pid=1', 'pid/plot?pid=1'].map((path) => `/api/v1/snapshot/${path}`);
      for (const path of paths)
        expect(await problemOf(path, empty)).toMatchObject({
          status: 404,
          code: 'no_process_dumps',
          title: 'No process dumps found',
          detail: expect.stringContaining('pmi collect'),
        });
    });
  });

  test('"No system snapshots found" is a 404 where there are none', async () => {
    await serving([], async (empty) => {
      expect(await problemOf('/api/v1/', empty)).toMatchObject({
        status: 404,
        code: 'no_system_dumps',
        title: 'No system snapshots found',
      });
      expect(await empty.json('/api/v1/snapshots')).toEqual({ t: [] });
    });
  });

  test('"No process dumps found" is told, too, where there are only system files', async () => {
    await serving([{ t: 0, processes: null }], async (on) => {
      expect(await problemOf('/api/v1/snapshot/level', on)).toMatchObject({
        title: 'No process dumps found',
      });
      expect(await problemOf('/api/v1/snapshot/pid?pid=1', on)).toMatchObject({ status: 404 });
      expect(await problemOf('/api/v1/snapshot/pid/plot?pid=1', on)).toMatchObject({ status: 404 });
      expect((await on.get('/api/v1/')).status).toBe(200);
    });
  });

  test('"Timestamp T unknown" is a 404 before the first snapshot, and says which that is', async () => {
    for (const path of ['level?', 'pid?pid=1&', 'pid/plot?pid=1&'])
      expect(await problemOf(`/api/v1/snapshot/${path}ts=20200101_000000`)).toMatchObject({
        status: 404,
        code: 'unknown_timestamp',
        title: 'Timestamp 20200101_000000 unknown',
        detail: expect.stringContaining('2026-01-15T12:00:00.000Z'),
        field: 'ts',
      });
  });

  test('"No rows after filtering" is a 200 with no rows and what is hidden', async () => {
    const answer = await server().json('/api/v1/snapshot/level?lvl=1&min_rss=9999');
    expect(answer).toMatchObject({ rows: [], matched: 0, shown: 0, hidden: { processes: 2 } });
    expect(await server().json('/api/v1/snapshot/pid?pid=20&min_rss=9999')).toMatchObject({
      rows: [],
      hidden: { processes: 3 },
    });
  });

  test('"No data for PID N" is a 404 for a pid that was never seen', async () => {
    for (const path of ['pid', 'pid/plot'])
      expect(await problemOf(`/api/v1/snapshot/${path}?pid=77`)).toMatchObject({
        status: 404,
        code: 'no_data_for_pid',
        title: 'No data for PID 77',
        field: 'pid',
        instances: [],
      });
  });

  test('"No data for PID N" names the nearest lives of a pid that is not alive at the instant', async () => {
    const at = (t: number) => ({ t, processes: [{ pid: 1 }] });
    const withPid = (t: number, start: number) => ({
      t,
      processes: [{ pid: 1 }, { pid: 7, start, cmd: `s${start}` }],
    });
    const samples = [withPid(0, 5), at(60), at(120), withPid(180, 9), at(240)];
    await serving(samples, async (on) => {
      const iso = (t: number) => new Date(instantOf(t)).toISOString();
      const { instances, detail } = await problemOf('/api/v1/snapshot/pid?pid=7&ts=-2m', on);
      expect(instances).toMatchObject([
        { cmd: 's9', from: iso(180), to: iso(180) },
        { cmd: 's5', from: iso(0), to: iso(0) },
      ]);
      expect(detail).toContain(iso(180));
    });
  });

  test('"No data for PID N" is told for a range in which the process has no sample', async () => {
    const path = '/api/v1/snapshot/pid/plot?pid=20';
    expect(await problemOf(`${path}&ts=latest&from=20200101_000000Z&to=20200102_000000Z`)).toMatchObject({
      title: 'No data for PID 20',
    });
    expect(await problemOf('/api/v1/snapshot/pid?key=nobody')).toMatchObject({
      status: 404,
      code: 'no_data_for_pid',
    });
  });

  test('a host that is not recorded is a 404 that lists those that are', async () => {
    for (const path of ['', 'snapshots', 'snapshot/level'])
      expect(await problemOf(`/api/v1/${path}?host=elsewhere`)).toMatchObject({
        status: 404,
        code: 'unknown_host',
        detail: expect.stringContaining('test-1'),
      });
  });
});

describe('a page that is asked for where there is a failure', () => {
  test.each([
    ['/api/v1/snapshot/pid?pid=77', 404],
    ['/api/v1/snapshot/level?ts=20200101_000000', 404],
    ['/api/v1/snapshot/level?sort=nope', 400],
    ['/nowhere/at/all', 404],
    ['/api/v1/snapshot/', 404],
    ['/api/v1/%ff', 404],
  ])('%s is the page with status %i, never "not modified"', async (path, status) => {
    const page = await server().get('/api/v1/', { accept: 'text/html' });
    const headers = { accept: 'text/html', 'if-none-match': page.headers.get('etag') ?? '' };
    const response = await server().get(path, headers);
    expect([response.status, await response.text()]).toEqual([status, PAGE]);
  });
});

describe('what is not there', () => {
  test.each([
    '/nope',
    '/api/v2/',
    '/api/v1/snapshot/',
    '/api/v1/snapshots/',
    '/static/',
    '/index.html',
    '//',
  ])('B4: %s is a 404 that says where to go', async (path) => {
    const { status, body } = await request(server().port, path);
    expect(JSON.parse(body)).toMatchObject({ status: 404, code: 'no_such_route' });
    expect(status).toBe(404);
  });

  test.each(['/', '/api', '/api/', '/api/v1'])(
    'only a way in, as %s, is a redirect to the overview',
    async (path) => {
      const response = await server().get(path);
      expect([response.status, response.headers.get('location')]).toEqual([302, '/api/v1/']);
    },
  );

  test('no other route redirects', async () => {
    const redirecting: string[] = [];
    for (const path of routeTable(server().app)) {
      const { status } = await server().get(path);
      if (status >= 300 && status < 400) redirecting.push(path);
    }
    expect(redirecting.sort()).toEqual(['/', '/api', '/api/', '/api/v1']);
  });

  test('B4: another method is a 405 that says which there are, whatever body it has', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])
      for (const path of ['/api/v1/', '/healthz', '/static/mem.css', '/nope']) {
        const headers = [
          `Host: 127.0.0.1:${server().port}`,
          'Content-Type: application/json\t;',
          'Content-Length: 9',
        ];
        const answer = await request(server().port, path, { method, headers });
        expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([
          method,
          path,
          405,
          'GET, HEAD',
        ]);
        expect(JSON.parse(answer.body)).toMatchObject({ code: 'method_not_allowed' });
      }
  });
});

describe('a bug', () => {
  test('is a 500 without a stack, a path or a file’s content, and is logged once with its cause', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL_RECORDING);
    const on = await serveFolder(folder, tempFolder());
    await on.history.close();
    const response = await on.get('/api/v1/snapshot/level');
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'internal', detail: expect.stringContaining('log') });
    expect(body).not.toMatch(/\bat \S+ \(|node_modules|\.ts|SELECT|duckdb|closed/i);
    expect(on.failures).toHaveLength(1);
    expect(on.failures[0]).toBeInstanceOf(Error);
    await on.app.close();
    await on.ingest.close();
  });
});

describe('error bodies', () => {
  test('hold no stack, no absolute path and no file content', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL_RECORDING);
    mkdirSync(join(folder, '20260116'));
    writeFileSync(join(folder, '20260116', 'process_mem_20260116_000000Z.csv'), 'PID,CMD\n1,S3CR3T\n');
    writeFileSync(join(folder, '20260116', 'sys_mem_20260116_000000Z.csv'), 'TIMESTAMP\nS3CR3T\n');
    const on = await serveFolder(folder, tempFolder());
    const paths = [
      ...['/nope', '/api/v1/%', '/api/v1/snapshot/pid', '/api/v1/snapshot/pid?pid=99', '/static/x.js'],
      ...['/api/v1/snapshot/level?ts=x', '/api/v1/snapshot/level?limit=0', '/api/v1/?host=x', '/healthz'],
    ];
    for (const path of paths) {
      const { body } = await request(on.port, path);
      expect(body).not.toMatch(/\bat \S+ \(|node_modules|\.ts:|S3CR3T/);
      expect(body).not.toContain(folder);
      expect(body).not.toContain(process.cwd());
    }
    await on.close();
    expect(on.rejects.length).toBeGreaterThan(0);
  });

  test('have a status for each code', () => {
    expect(Object.keys(STATUS_OF).sort()).toEqual([...ERROR_CODES].sort());
    expect(Object.values(STATUS_OF).filter((status) => status < 400 || status > 599)).toEqual([]);
  });
});
