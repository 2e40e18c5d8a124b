import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionSummaryView } from '../../../../server/application/view-session.ts';
import type { ComparisonView } from '../../../../server/application/view-session-comparison.ts';
import type { SessionsView, SessionView } from '../../../../server/application/view-sessions.ts';
import type { Session } from '../../../../server/domain/session.ts';
import { MIB } from '../../../../server/domain/units.ts';
import type { WatchGroup } from '../../../../server/domain/watch-group.ts';
import type { SessionsPageAnswer } from '../../../../server/interfaces/http/schemas/sessions.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sessionsBeside } from '../../../support/sessions-beside.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { writeSession } from '../../../support/write-session.ts';
import type { TestServer } from './test-server.ts';
import { serveFolder } from './test-server.ts';

const house = sharedTempFolder();
const scratch = sharedTempFolder();
const dumps = join(house, 'time');
const folderOf = (name: string) => join(house, 'sessions', name);
const GROUPS: readonly WatchGroup[] = [
  {
    name: 'web',
    members: [
      { name: 'api', rule: { pattern: 'api.js' } },
      { name: 'workers', rule: { pattern: 'worker' } },
    ],
  },
];

const SECONDS = 30;

/** A session of half a minute: an API that grows to `peak` MiB, two workers in the second half. */
function writeHalfMinute(name: string, peak: number, given: Partial<Session> = {}): void {
  const worker = (pid: number) => ({ pid, ppid: 7, start: 9, rss_mb: 40, pss_mb: 25, cmd: 'node worker.js' });
  const samples = Array.from({ length: SECONDS }, (_, t) => ({
    t,
    host: 'web-1',
    system: { mem_total_bytes: 8192 * MIB, mem_available_bytes: (4096 - t) * MIB },
    processes: [
      { pid: 2, rss_mb: 0, cmd: '', comm: 'kthreadd' },
      { pid: 7, start: 5, rss_mb: 100 + ((peak - 100) * t) / (SECONDS - 1), cmd: '=node api.js' },
      ...(t < SECONDS / 2 ? [] : [worker(8), worker(9)]),
    ],
  }));
  const asked = { name, group: 'web', duration_seconds: SECONDS, peak_used_bytes: 4125 * MIB };
  writeSession(join(house, 'sessions'), { ...asked, ...given }, samples);
}

let server: TestServer;
beforeAll(async () => {
  mkdirSync(dumps);
  writeHistory(dumps, [{ t: 0, processes: [{ pid: 1 }] }]);
  writeHalfMinute('before', 200);
  writeHalfMinute('after', 158, { group: 'gone', label: '<b>fix</b>' });
  const failures: unknown[] = [];
  server = await serveFolder(dumps, scratch, { sessions: await sessionsBeside(dumps, failures, GROUPS) });
  afterAll(() => expect(failures).toEqual([]));
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

async function write(method: string, path: string, body?: object) {
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: { origin: server.origin, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  });
  return { status: response.status, answer: await response.json() };
}

describe('the list of sessions', () => {
  test('has each with how it is, and the time by the server', async () => {
    const { sessions, now, unreadable } = await server.json<SessionsView>('/api/v1/sessions');
    expect(
      sessions.map(({ name, state, samples, peak_used_bytes }) => [name, state, samples, peak_used_bytes]),
    ).toEqual(
      expect.arrayContaining([
        ['before', 'done', SECONDS, 4125 * MIB],
        ['after', 'done', SECONDS, 4125 * MIB],
      ]),
    );
    expect(unreadable).toEqual([]);
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
  });

  test('is a page, JSON and a table', async () => {
    const page = await server.get('/sessions', { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const { groups, summary, comparison } = await server.json<SessionsPageAnswer>('/sessions');
    expect([groups, summary, comparison]).toEqual([['web'], null, null]);
    const csv = await server.get('/sessions?format=csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="memory_sessions.csv"');
    expect((await csv.text()).split('\n')[0]).toMatch(/^name,label,state,group,interval_seconds/);
  });
});

describe('a session', () => {
  test('is summed up for the host, the group, its members, programs and lives', async () => {
    const view = await server.json<SessionSummaryView>('/api/v1/sessions/before');
    expect([view.host, view.group, view.missing_group, view.rejects]).toEqual(['web-1', 'web', null, 0]);
    expect(view.coverage).toMatchObject({
      samples: SECONDS,
      covered_seconds: SECONDS - 1,
      covered_ratio: 1,
      gaps: [],
    });
    expect(view.used).toMatchObject({
      first_bytes: 4096 * MIB,
      last_bytes: 4125 * MIB,
      growth_bytes: 29 * MIB,
    });
    expect(view.members).toMatchObject([
      { name: 'api', processes: 1, rss_is_upper_bound: false, samples: SECONDS, max_bytes: 200 * MIB },
      {
        name: 'workers',
        processes: 2,
        rss_is_upper_bound: true,
        samples: SECONDS / 2,
        mean_bytes: 80 * MIB,
        growth_bytes: 0,
      },
    ]);
    expect(view.total).toMatchObject({
      processes: 3,
      max_bytes: 280 * MIB,
      peak: '2026-01-15T12:00:29.000Z',
    });
    expect(view.programs.map(({ name }) => name)).toEqual(['=node', 'node']);
    expect(view.largest.map(({ pid }) => pid)).toEqual([7, 8, 9]);
    expect(view.grown.map(({ pid }) => pid)).toEqual([7]);
    expect(view.series.t).toHaveLength(SECONDS);
    expect(view.series.members[1].rss_bytes.slice(14, 16)).toEqual([null, 80 * MIB]);
  });

  test('has PSS where it was read of all that are summed up; else it is unknown', async () => {
    const { members, total, largest } = await server.json<SessionSummaryView>('/api/v1/sessions/before');
    const UNKNOWN = { samples: 0, mean_bytes: null, max_bytes: null, growth_bytes: null, peak: null };
    expect(members).toMatchObject([
      { name: 'api', pss: UNKNOWN },
      { name: 'workers', pss: { samples: SECONDS / 2, mean_bytes: 50 * MIB, growth_bytes: 0 } },
    ]);
    expect(total?.pss).toMatchObject(UNKNOWN);
    expect(largest.map(({ pid, pss }) => [pid, pss.max_bytes])).toEqual([
      [7, null],
      [8, 25 * MIB],
      [9, 25 * MIB],
    ]);
  });

  test('whose group is no more is told without it', async () => {
    const view = await server.json<SessionSummaryView>('/api/v1/sessions/after');
    expect([view.group, view.missing_group, view.total, view.members]).toEqual([null, 'gone', null, []]);
    const shown = await server.json<SessionSummaryView>('/api/v1/sessions/after?group=web');
    expect([shown.group, shown.missing_group, shown.total?.name]).toEqual(['web', null, 'web']);
  });

  test('is taken along as one row a part and one a sample, under the dashboards’ words', async () => {
    const sums = await server.get('/api/v1/sessions/before?format=csv');
    expect(sums.headers.get('content-disposition')).toBe(
      'attachment; filename="memory_aggregated_before_web-1_2026-01-15T12-00-00.000Z.csv"',
    );
    const lines = (await sums.text()).trim().split('\n');
    const figures = 'samples,first_bytes,last_bytes,min_bytes,mean_bytes,max_bytes,growth_bytes,peak';
    const ofPss = figures.replaceAll(/[^,]+/g, (name) => `pss_${name}`);
    expect(lines[0]).toBe(`kind,name,pid,key,user,processes,${figures},rss_is_upper_bound,${ofPss}`);
    expect(lines.map((line) => line.split(',')[0])).toEqual([
      ...['kind', 'host', 'group', 'member', 'member', 'program', 'program', 'process', 'process', 'process'],
    ]);
    // A command that a spreadsheet would run.
    expect(lines[5]).toContain("program,'=node,");
    const series = await server.get('/api/v1/sessions/before/series?format=csv&px=50');
    expect(series.headers.get('content-disposition')).toBe(
      'attachment; filename="memory_timeseries_before_web-1_2026-01-15T12-00-00.000Z.csv"',
    );
    const rows = (await series.text()).trim().split('\n');
    expect(rows[0]).toBe('t,used_bytes,api_rss_bytes,workers_rss_bytes');
    expect(rows).toHaveLength(SECONDS + 1);
  });

  test('that there is not is a 404, and a name that cannot be a 400', async () => {
    for (const [path, status, code] of [
      ['/api/v1/sessions/nope', 404, 'no_such_session'],
      ['/sessions?name=nope', 404, 'no_such_session'],
      ['/api/v1/sessions/compare?a=before&b=nope', 404, 'no_such_session'],
      ['/api/v1/sessions/..%2ftime', 400, 'bad_parameter'],
      ['/api/v1/sessions/..%5ctime', 400, 'bad_parameter'],
      ['/api/v1/sessions/a%00b', 400, 'bad_parameter'],
      ['/api/v1/sessions/before?group=nobody', 404, 'no_such_group'],
    ] as const) {
      const response = await server.get(path);
      expect([path, response.status, (await response.json()).code]).toEqual([path, status, code]);
    }
  });
});

describe('two sessions', () => {
  const compare = (query: string) =>
    server.json<ComparisonView>(`/api/v1/sessions/compare?a=before&b=after&group=web${query}`);

  test('stand side by side by host, group, member and program', async () => {
    const { rows, verdict, checks } = await compare('');
    expect([verdict, checks]).toEqual([null, []]);
    expect(
      rows.map(({ kind, name, peak_delta_bytes: peak, pss_peak_delta_bytes: pss, rss_is_upper_bound }) => [
        ...[kind, name, peak, pss, rss_is_upper_bound],
      ]),
    ).toEqual([
      ['host', 'used memory', 0, null, false],
      ['group', 'web', -42 * MIB, null, true],
      ['member', 'api', -42 * MIB, null, false],
      ['member', 'workers', 0, 0, true],
      ['program', '=node', -42 * MIB, null, false],
      ['program', 'node', 0, 0, true],
    ]);
  });

  test('are judged by the group, a member or a program', async () => {
    const passed = await compare('&max_peak=238MiB&max_delta=0%25');
    expect([passed.verdict, passed.subject]).toEqual(['pass', { kind: 'group', name: 'web' }]);
    const failed = await compare('&max_peak=157MiB&member=api');
    expect([failed.verdict, failed.checks]).toEqual([
      'fail',
      [
        {
          threshold: 'max_peak',
          verdict: 'fail',
          limit_bytes: 157 * MIB,
          value_bytes: 158 * MIB,
          text: 'The peak of B is 158 MiB, the limit 157 MiB.',
        },
      ],
    ]);
    const response = await server.get('/api/v1/sessions/compare?a=before&b=after&max_peak=lots');
    expect([response.status, (await response.json()).field]).toEqual([400, 'max_peak']);
  });

  test('are a page and a table', async () => {
    const { comparison } = await server.json<SessionsPageAnswer>('/sessions?a=before&b=after&max_mean=1GiB');
    expect([comparison?.verdict, comparison?.subject.kind]).toEqual(['fail', 'host']);
    const csv = await server.get('/api/v1/sessions/compare?a=before&b=after&format=csv');
    expect(csv.headers.get('content-disposition')).toBe(
      'attachment; filename="memory_compare_before_after.csv"',
    );
  });
});

describe('a session by request', () => {
  const plan = {
    name: 'live',
    label: 'from the page',
    group: 'web',
    interval_seconds: 0.2,
    duration_seconds: 600,
  };

  test('is recorded by a process of its own, counted, stopped and removed', async () => {
    const started = await write('POST', '/api/v1/sessions', plan);
    expect([started.status, started.answer.state]).toEqual([201, 'recording']);
    expect(started.answer.samples).toBeGreaterThan(0);
    const again = await write('POST', '/api/v1/sessions', plan);
    expect([again.status, again.answer.code]).toEqual([409, 'session_exists']);
    const early = await write('DELETE', '/api/v1/sessions/live');
    expect([early.status, early.answer.code]).toEqual([409, 'session_state']);
    // Of one that still records, what is new is read on.
    const first = await server.json<SessionSummaryView>('/api/v1/sessions/live');
    await expect
      .poll(async () => (await server.json<SessionSummaryView>('/api/v1/sessions/live')).used.samples)
      .toBeGreaterThan(first.used.samples);
    const verdict = await server.json<ComparisonView>(
      '/api/v1/sessions/compare?a=before&b=live&max_mean=1PiB',
    );
    expect(verdict.verdict).toBe('inconclusive');
    const stopped = await write('POST', '/api/v1/sessions/live/stop');
    expect([stopped.status, stopped.answer.state]).toEqual([200, 'stopped']);
    expect(stopped.answer.peak_used_bytes).toBeGreaterThan(0);
    const twice = await write('POST', '/api/v1/sessions/live/stop');
    expect([twice.status, twice.answer.code]).toEqual([409, 'session_state']);
    const label = /,LABEL\n.*,(\w+)\n$/.exec(readFirstSystemFile('live'))?.[1];
    expect(label).toBe('live');
    const removed = await write('DELETE', '/api/v1/sessions/live');
    expect([removed.status, removed.answer.samples]).toEqual([200, stopped.answer.samples]);
    expect(existsSync(folderOf('live'))).toBe(false);
    expect((await write('DELETE', '/api/v1/sessions/live')).status).toBe(404);
  });

  test('that cannot be is refused with the field, and leaves nothing', async () => {
    const refused = async (change: object) => {
      const { status, answer } = await write('POST', '/api/v1/sessions', {
        ...plan,
        name: 'never',
        ...change,
      });
      return [status, answer.code, answer.field];
    };
    for (const name of ['../never', '.never', 'never/x', 'compare', 7])
      expect(await refused({ name })).toEqual([400, 'bad_parameter', 'name']);
    expect(await refused({ interval_seconds: 0.01 })).toEqual([400, 'bad_parameter', 'interval_seconds']);
    expect(await refused({ duration_seconds: 1e9 })).toEqual([400, 'bad_parameter', 'duration_seconds']);
    expect(await refused({ label: 'a\nb' })).toEqual([400, 'bad_parameter', 'label']);
    expect((await refused({ duration: 60 })).slice(0, 2)).toEqual([400, 'bad_parameter']);
    expect(await refused({ group: 'nobody' })).toEqual([404, 'no_such_group', 'group']);
    expect(existsSync(folderOf('never'))).toBe(false);
    expect(existsSync(join(dirname(dumps), 'never'))).toBe(false);
  });

  test('without the server’s own Origin is refused', async () => {
    const response = await fetch(`${server.origin}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...plan, name: 'foreign' }),
    });
    expect(response.status).toBe(403);
    expect(existsSync(folderOf('foreign'))).toBe(false);
  });

  test('are at most four at once', async () => {
    const asked = ['p1', 'p2', 'p3', 'p4', 'p5'];
    const answers = await Promise.all(
      asked.map((name) => write('POST', '/api/v1/sessions', { ...plan, name })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 503]);
    expect(answers.find(({ status }) => status === 503)?.answer.code).toBe('busy');
    const names = answers.flatMap(({ status, answer }) => (status === 201 ? [answer.name] : []));
    const stopped = await Promise.all(names.map((name) => write('POST', `/api/v1/sessions/${name}/stop`)));
    expect(stopped.map(({ answer }: { answer: SessionView }) => answer.state)).toEqual(
      names.map(() => 'stopped'),
    );
  });
});

function readFirstSystemFile(name: string): string {
  const names = readdirSync(folderOf(name), { recursive: true, encoding: 'utf8' });
  return readFileSync(join(folderOf(name), names.find((one) => one.includes('sys_mem_')) ?? ''), 'utf8');
}
