import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEDGER_PARTS } from '../../../../server/domain/ledger.ts';
import { MIB } from '../../../../server/domain/units.ts';
import type { OverviewAnswer } from '../../../../server/interfaces/http/schemas/overview.ts';
import type { LevelAnswer, PidAnswer, PlotAnswer } from '../../../../server/interfaces/http/schemas.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import { FIRST, NEWEST, SECOND, SMALL_RECORDING, VIEWS, withParameters } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { openTestGroups, PAGE, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  const rule = { name: 'any', kind: 'level', limit: '1MiB', for: '0s' };
  writeFileSync(join(scratch, 'config.json'), JSON.stringify({ alert_rules: [rule] }));
  await openTestGroups(scratch).save({ name: 'web', members: [{ name: 'all', rule: { user: 'www' } }] });
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

const level = (query = '') => server.json<LevelAnswer>(`/api/v1/snapshot/level?${query}`);
const subtree = (query: string) => server.json<PidAnswer>(`/api/v1/snapshot/pid?${query}`);
const plot = (query: string) => server.json<PlotAnswer>(`/api/v1/snapshot/pid/plot?${query}`);
const overview = (query = '') => server.json<OverviewAnswer>(`/api/v1/?${query}`);
const pids = (rows: readonly { readonly pid: number }[]) => rows.map(({ pid }) => pid);

/** The contract's fields of a process in a snapshot. */
const ROW = [
  ...['pid', 'ppid', 'key', 'weak_identity', 'user', 'comm', 'cmd', 'cgroup', 'state', 'threads', 'level'],
  ...['started', 'first_seen', 'last_seen', 'lifetime_seconds', 'rss_bytes', 'vsz_bytes', 'hwm_bytes'],
  ...['pss_bytes', 'swap_bytes', 'cpu_seconds', 'rss_min_bytes', 'rss_mean_bytes', 'rss_max_bytes'],
  ...['subtree_processes', 'subtree_rss_bytes', 'subtree_rss_mean_bytes', 'subtree_rss_max_bytes'],
];
/** More may be added; what is there beyond the contract today is named, so that it is there on purpose. */
const ROW_BEYOND_CONTRACT = ['start_ticks'];
const NEIGHBOURS = ['host', 'previous', 'next', 'incomplete', 'base', 'gone'];

function expectFields(value: object, ...fields: readonly string[]): void {
  expect(Object.keys(value).sort()).toEqual([...fields].sort());
}

describe('every view', () => {
  test.each(VIEWS)('%s is JSON to those who do not ask for a page', async (path) => {
    const response = await server.get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toBeTypeOf('object');
  });

  test.each(VIEWS)('%s is the page to those who accept text/html', async (path) => {
    const response = await server.get(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe(PAGE);
  });

  test.each(VIEWS)('%s is what format= says, whatever is accepted', async (path) => {
    const types = await Promise.all(
      ['json', 'csv', 'html'].map(async (format) => {
        const accept = format === 'html' ? 'application/json' : 'text/html';
        const response = await server.get(withParameters(path, `format=${format}`), { accept });
        return response.headers.get('content-type');
      }),
    );
    expect(types).toEqual([
      'application/json; charset=utf-8',
      'text/csv; charset=utf-8',
      'text/html; charset=utf-8',
    ]);
  });

  test.each(VIEWS)('%s as CSV is a table with a header and a file name', async (path) => {
    const response = await server.get(withParameters(path, 'format=csv'));
    const [header, ...rows]: string[][] = parse(await response.text());
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(header).size).toBe(header.length);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="memory_[\w.-]+\.csv"$/,
    );
  });

  test.each(VIEWS)('%s varies by Accept, is kept and asked for again by its ETag', async (path) => {
    for (const format of ['json', 'csv', 'html']) {
      const url = withParameters(path, `format=${format}`);
      const first = await server.get(url);
      const etag = first.headers.get('etag') ?? '';
      expect(first.headers.get('vary')?.split(/, */)).toContain('Accept');
      expect(first.headers.get('cache-control')).toBe('no-cache');
      expect(etag).toMatch(/^(W\/)?".+"$/);
      const again = await server.get(url, { 'if-none-match': etag });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
  });

  test.each(VIEWS)('%s answers HEAD with the headers of GET and no body', async (path) => {
    const response = await fetch(`${server.origin}${path}`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-length')).toBe(
      (await server.get(path)).headers.get('content-length'),
    );
  });

  test.each(VIEWS)('%s ignores parameters that it does not know', async (path) => {
    const plain = await server.get(path);
    const more = await server.get(
      withParameters(path, 'nonsense=1&pid[]=7&__proto__=x&constructor=y&file=../../etc/passwd&_=17'),
    );
    expect([more.status, await more.text()]).toEqual([200, await plain.text()]);
  });
});

describe('level', () => {
  test('has exactly the fields of the contract, and Row those of Row', async () => {
    const answer = await level('lvl=1');
    const fields = ['ts', 'level', 'levels', 'rows', 'totals', 'matched', 'shown', 'hidden'];
    expectFields(answer, ...fields, ...NEIGHBOURS);
    expectFields(answer.levels[0], 'level', 'processes', 'rss_bytes');
    expectFields(answer.totals, 'processes', 'rss_bytes', 'pss_bytes', 'swap_bytes', 'known');
    expectFields(answer.totals.known, 'pss', 'swap');
    expectFields(answer.hidden, 'processes', 'rss_bytes');
    for (const row of answer.rows) expectFields(row, ...ROW, ...ROW_BEYOND_CONTRACT);
  });

  test('is level 0 of the newest snapshot when nothing is asked', async () => {
    const answer = await level();
    expect(answer).toMatchObject({ ts: NEWEST, level: 0, previous: SECOND, next: null, host: 'test-1' });
    expect(pids(answer.rows)).toEqual([1]);
  });

  test('counts every level of the unfiltered tree, whatever is filtered', async () => {
    const levels = [
      { level: 0, processes: 1, rss_bytes: 10 * MIB },
      { level: 1, processes: 2, rss_bytes: 75 * MIB },
      { level: 2, processes: 2, rss_bytes: 70 * MIB },
    ];
    expect((await level()).levels).toEqual(levels);
    expect((await level('lvl=2&min_rss=4000&limit=1')).levels).toEqual(levels);
  });

  test('tells the figures of a row at the instant and over the window up to it', async () => {
    const [row] = (await level('lvl=1')).rows;
    expect(row).toEqual({
      ...{ pid: 20, ppid: 1, user: 'www', comm: 'p20', cmd: '/usr/bin/web --all', cgroup: '/', state: 'S' },
      ...{ threads: 1, level: 1, weak_identity: false, start_ticks: 2000, key: expect.any(String) },
      started: '2026-01-15T11:43:40.000Z',
      first_seen: FIRST,
      last_seen: NEWEST,
      lifetime_seconds: 1120 - 20,
      ...{ rss_bytes: 70 * MIB, vsz_bytes: 140 * MIB, hwm_bytes: null, pss_bytes: 40 * MIB },
      ...{ swap_bytes: null, cpu_seconds: null },
      ...{ rss_min_bytes: 50 * MIB, rss_mean_bytes: 60 * MIB, rss_max_bytes: 70 * MIB },
      subtree_processes: 3,
      subtree_rss_bytes: 140 * MIB,
      subtree_rss_mean_bytes: ((151 + 170 + 140) * MIB) / 3,
      subtree_rss_max_bytes: 170 * MIB,
    });
  });

  test('adds up known values only, and says how many were known', async () => {
    expect((await level('lvl=1')).totals).toEqual({
      processes: 2,
      rss_bytes: 75 * MIB,
      pss_bytes: 40 * MIB,
      swap_bytes: 2 * MIB,
      known: { pss: 1, swap: 1 },
    });
    expect((await level('lvl=2')).totals).toMatchObject({ pss_bytes: null, known: { pss: 0, swap: 0 } });
  });

  test('B19: applies limit last: matched and totals are of all that match, hidden is what is not shown', async () => {
    expect(await level('lvl=2&limit=1&sort=rss_bytes')).toMatchObject({
      rows: [{ pid: 22 }],
      totals: { processes: 2, rss_bytes: 70 * MIB },
      matched: 2,
      shown: 1,
      hidden: { processes: 1, rss_bytes: 30 * MIB },
    });
    expect(await level('lvl=1&min_rss=60')).toMatchObject({
      rows: [{ pid: 20 }],
      totals: { processes: 1, rss_bytes: 70 * MIB },
      matched: 1,
      hidden: { processes: 1, rss_bytes: 5 * MIB },
    });
  });

  test('filters mean the same at each level, combine with AND, and are off when absent or empty', async () => {
    expect(pids((await level('lvl=2&min_rss=100')).rows)).toEqual([21]);
    expect(pids((await level('lvl=0&min_rss=100')).rows)).toEqual([]);
    expect(pids((await level('lvl=0&min_subtree=185')).rows)).toEqual([1]);
    expect(pids((await level('lvl=1&min_subtree=170&min_life=1100')).rows)).toEqual([20]);
    expect(pids((await level('lvl=1&min_subtree=170&min_life=1101')).rows)).toEqual([]);
    expect(pids((await level('lvl=1&min_life=&min_rss=&q=&limit=&sort=')).rows)).toEqual([20, 90]);
  });

  test('q is a literal substring of command, name, user or pid', async () => {
    expect(pids((await level('lvl=1&q=WWW')).rows)).toEqual([20]);
    expect(pids((await level('lvl=1&q=-bash')).rows)).toEqual([90]);
    expect(pids((await level('lvl=1&q=.*')).rows)).toEqual([]);
    expect(pids((await level('lvl=1&q=9')).rows)).toEqual([90]);
  });

  test('B13: statistics are up to the instant, or over everything with window=all', async () => {
    const [upto] = (await level('lvl=1&ts=20260115_120000Z')).rows;
    const [all] = (await level('lvl=1&ts=20260115_120000Z&window=all')).rows;
    expect([upto.rss_max_bytes, upto.subtree_rss_max_bytes]).toEqual([50 * MIB, 151 * MIB]);
    expect([all.rss_max_bytes, all.subtree_rss_max_bytes]).toEqual([70 * MIB, 170 * MIB]);
    expect(upto.last_seen).toBe(NEWEST);
  });

  test('sorts by any metric in either direction, unknown last, ties by pid', async () => {
    expect(pids((await level('lvl=2&sort=rss_max_bytes')).rows)).toEqual([21, 22]);
    expect(pids((await level('lvl=2&sort=rss_max_bytes&dir=asc')).rows)).toEqual([22, 21]);
    expect(pids((await level('lvl=2&sort=cmd')).rows)).toEqual([21, 22]);
    expect(pids((await level('lvl=1&sort=pss_bytes&dir=asc')).rows)).toEqual([20, 90]);
    expect(pids((await level('lvl=1&sort=swap_bytes')).rows)).toEqual([90, 20]);
  });

  test('beyond the deepest level is an empty table, not an error', async () => {
    expect(await level('lvl=7')).toMatchObject({ level: 7, rows: [], matched: 0, hidden: { processes: 0 } });
  });

  test('as CSV has the rows of the JSON under the same names', async () => {
    const { rows } = await level('lvl=1');
    const response = await server.get('/api/v1/snapshot/level?lvl=1&format=csv');
    const records: Record<string, string>[] = parse(await response.text(), { columns: true });
    const asText = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([id, value]) => [id, String(value ?? '')]));
    expect(records).toEqual(
      rows.map((row) => ({ ...asText(row), cmd: row.pid === 90 ? "'-bash" : row.cmd })),
    );
  });

  test('as CSV with raw=1 has texts exactly as recorded', async () => {
    const response = await server.get('/api/v1/snapshot/level?lvl=1&format=csv&raw=1');
    const records: Record<string, string>[] = parse(await response.text(), { columns: true });
    expect(records.map(({ cmd }) => cmd)).toEqual(['/usr/bin/web --all', '-bash']);
  });
});

describe('pid', () => {
  test('has exactly the fields of the contract', async () => {
    const answer = await subtree('pid=20');
    const fields = ['ts', 'process', 'ancestors', 'rows', 'instances', 'matched', 'shown', 'hidden'];
    expectFields(answer, ...fields, 'totals', ...NEIGHBOURS);
    for (const row of [answer.process, ...answer.ancestors])
      expectFields(row, ...ROW, ...ROW_BEYOND_CONTRACT);
    for (const row of answer.rows) expectFields(row, ...ROW, ...ROW_BEYOND_CONTRACT, 'depth', 'matched');
    expectFields(answer.instances[0], 'key', 'cmd', 'from', 'to');
  });

  test('is the subtree depth first, siblings as sorted, under the ancestors from the root', async () => {
    const answer = await subtree('pid=1&sort=rss_bytes');
    expect(answer.rows.map(({ pid, depth, level }) => [pid, depth, level])).toEqual([
      [1, 0, 0],
      [20, 1, 1],
      [22, 2, 2],
      [21, 2, 2],
      [90, 1, 1],
    ]);
    expect(pids((await subtree('pid=21')).ancestors)).toEqual([1, 20]);
    expect((await subtree('pid=21')).rows).toMatchObject([{ pid: 21, depth: 0, level: 2, matched: true }]);
  });

  test('keeps the ancestors of a match, marked as not matching themselves', async () => {
    const answer = await subtree('pid=1&min_rss=95');
    expect(answer.rows.map(({ pid, matched }) => [pid, matched])).toEqual([
      [1, false],
      [20, false],
      [21, true],
    ]);
    expect(answer).toMatchObject({
      matched: 1,
      shown: 3,
      totals: { processes: 1, rss_bytes: 30 * MIB },
      hidden: { processes: 2, rss_bytes: 45 * MIB },
    });
  });

  test('limit counts matches', async () => {
    const answer = await subtree('pid=1&q=worker&limit=1&sort=pid&dir=asc');
    expect(pids(answer.rows)).toEqual([1, 20, 21]);
    expect(answer).toMatchObject({ matched: 2, shown: 3 });
  });

  test('takes a key instead of a pid, and keys are stable from one route to the next', async () => {
    const [{ key }] = (await level('lvl=1')).rows;
    expect((await subtree(`key=${key}`)).process.pid).toBe(20);
    expect((await plot(`key=${key}`)).process.key).toBe(key);
    expect((await subtree('pid=20&ts=-60s')).process.key).toBe(key);
  });
});

describe('plot', () => {
  test('has exactly the fields of the contract', async () => {
    const answer = await plot('pid=20');
    const fields = [
      'process',
      'peak',
      'own',
      'subtree',
      'children',
      'children_summary',
      'children_total',
      'others',
      'gaps',
    ];
    const beyond = ['ts', 'host', 'range', 'instances'];
    expectFields(answer, ...fields, 'step_ms', 'method', 'resolution', 'raw_points', ...beyond);
    expectFields(answer.process, ...ROW, ...ROW_BEYOND_CONTRACT);
    expectFields(answer.peak, 't', 'rss_bytes');
    expectFields(answer.own, 't', 'rss_bytes');
    expectFields(answer.subtree, 't', 'rss_bytes');
    expectFields(answer.children[0], 'key', 'pid', 'cmd', 't', 'rss_bytes', 'subtree_rss_bytes');
    expectFields(answer.children_summary[0], ...ROW, ...ROW_BEYOND_CONTRACT);
  });

  test('draws the process, its subtree and its direct children along time', async () => {
    const t = [0, 60, 120].map(instantOf);
    const answer = await plot('pid=20');
    expect(answer.own).toEqual({ t, rss_bytes: [50, 60, 70].map((mib) => mib * MIB) });
    expect(answer.subtree).toEqual({ t, rss_bytes: [151, 170, 140].map((mib) => mib * MIB) });
    expect(answer.peak).toEqual({ t: t[2], rss_bytes: 70 * MIB });
    expect(answer.children.map(({ pid, rss_bytes }) => [pid, rss_bytes.map((b) => (b ?? 0) / MIB)])).toEqual([
      [21, [100, 20, 30]],
      [22, [1, 90, 40]],
    ]);
    expect(answer).toMatchObject({ step_ms: 60_000, method: 'raw', raw_points: 3, gaps: [], others: null });
  });

  test('is told in steps where they are asked for, in JSON and as a table', async () => {
    const { own, method, resolution } = await plot('pid=20&resolution=1h');
    expect({ own, method, resolution }).toMatchObject({
      own: { rss_bytes: [60 * MIB], rss_min_bytes: [50 * MIB], rss_max_bytes: [70 * MIB] },
      ...{ method: 'buckets', resolution: '1h' },
    });
    const sheet = await server.get('/api/v1/snapshot/pid/plot?pid=20&resolution=1h&format=csv');
    expect((await sheet.text()).split(/\r?\n/)[0]).toBe(
      't,rss_bytes,subtree_rss_bytes,rss_min_bytes,rss_max_bytes,subtree_rss_min_bytes,subtree_rss_max_bytes',
    );
    const refused = await server.get('/api/v1/snapshot/pid/plot?pid=20&resolution=2m&format=json');
    expect([refused.status, await refused.json()]).toMatchObject([400, { field: 'resolution' }]);
  });

  test('keeps to the range', async () => {
    const answer = await plot('pid=20&from=20260115_120100Z&to=20260115_120100Z');
    expect(answer.own).toEqual({ t: [instantOf(60)], rss_bytes: [60 * MIB] });
    expect(answer.process).toMatchObject({ rss_min_bytes: 60 * MIB, rss_max_bytes: 60 * MIB });
  });

  test('of a process without children has none', async () => {
    expect(await plot('pid=90')).toMatchObject({ children: [], children_summary: [], others: null });
  });

  test('ts picks the life that is alive then', async () => {
    expect((await plot('pid=90&ts=latest')).process.pid).toBe(90);
    const response = await server.get('/api/v1/snapshot/pid/plot?pid=90&ts=20260115_120000Z');
    expect(response.status).toBe(404);
  });
});

describe('overview', () => {
  test('has exactly the fields of the contract', async () => {
    const answer = await overview();
    const fields = ['host', 'hosts', 'coverage', 'series', 'step_ms', 'raw_points', 'events', 'answer'];
    expectFields(answer, ...fields, 'method', 'resolution', 'demo');
    const coverage = ['from', 'to', 'samples', 'duration_seconds', 'covered_ratio', 'gaps'];
    expectFields(answer.coverage, ...coverage);
    expectFields(
      answer.series,
      ...['t', 'mem_total_bytes', 'used_bytes', 'used_htop_bytes', 'available_bytes', 'shmem_bytes'],
      ...['swap_total_bytes', 'swap_used_bytes', 'process_rss_bytes', 'ledger', 'psi_some_avg10'],
      ...['psi_full_avg10', 'major_faults_per_second'],
      ...['swap_in_bytes_per_second', 'swap_out_bytes_per_second'],
    );
    expectFields(answer.series.ledger, ...LEDGER_PARTS.map(({ id }) => `${id}_bytes`));
    expect(answer).toMatchObject({ events: [], answer: null, demo: false });
  });

  test('tells the figures of each sample, unknown as null', async () => {
    const { series, coverage } = await overview();
    expect(coverage).toEqual({
      from: FIRST,
      to: '2026-01-15T12:03:00.000Z',
      samples: 4,
      duration_seconds: 180,
      covered_ratio: 1,
      gaps: [],
    });
    expect(series.used_bytes.map((bytes) => (bytes ?? 0) / MIB)).toEqual([2048, 2048, 2048, 2048]);
    const htop = (8192 - 4096 - 32 - 512 - 32) * MIB;
    expect(series.used_htop_bytes).toEqual([null, null, htop, null]);
    expect(series.swap_used_bytes).toEqual([null, null, 24 * MIB, null]);
    expect(series.shmem_bytes).toEqual([null, null, 64 * MIB, null]);
    expect(series.process_rss_bytes).toEqual([161 * MIB, 185 * MIB, 155 * MIB, null]);
  });

  test('holds a system file alone, which is no snapshot', async () => {
    expect((await overview()).series.t).toContain(instantOf(180));
    expect((await level('ts=20260115_120300Z')).ts).toBe(NEWEST);
    expect(await server.json('/api/v1/snapshots')).toEqual({ t: [0, 60, 120, 180].map(instantOf) });
  });

  test('keeps to a range, and a range without samples has none', async () => {
    expect((await overview('from=-1m')).series.t).toEqual([120, 180].map(instantOf));
    const future = await overview('from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z');
    expect(future).toMatchObject({ raw_points: 0, coverage: { samples: 0, covered_ratio: 0 } });
    expect(future.series.t).toEqual([]);
  });
});

describe('an instant', () => {
  const snapshotAt = async (ts: string) => (await level(`ts=${encodeURIComponent(ts)}`)).ts;

  test.each([
    ['latest', NEWEST],
    ['20260115_120100Z', SECOND],
    ['20260115_120100', SECOND],
    ['20260115_120100_000Z', SECOND],
    ['20260115_120059_999Z', FIRST],
    ['20260115_120159', SECOND],
    ['2026-01-15T12:01:00Z', SECOND],
    ['2026-01-15T12:01:00.000Z', SECOND],
    ['2026-01-15T13:01:00+01:00', SECOND],
    ['2026-01-15 12:01', SECOND],
    [String(instantOf(60)), SECOND],
    [String(instantOf(60) - 1), FIRST],
    ['-0s', NEWEST],
    ['-1m', SECOND],
    ['-90s', FIRST],
    ['2099-01-01T00:00:00Z', NEWEST],
  ])('may be written %s', async (ts, snapshot) => {
    expect(await snapshotAt(ts)).toBe(snapshot);
  });

  test('without a zone is read in the server’s', async () => {
    const berlin = await serveFolder(dumps, scratch, { zone: 'Europe/Berlin' });
    try {
      const { ts } = await berlin.json<LevelAnswer>('/api/v1/snapshot/level?ts=20260115_130100');
      expect(ts).toBe(SECOND);
    } finally {
      await berlin.close();
    }
  });
});
