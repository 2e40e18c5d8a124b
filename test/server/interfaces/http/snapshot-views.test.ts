import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { MIB } from '../../../../server/domain/units.ts';
import type { FacetsAnswer } from '../../../../server/interfaces/http/schemas/facets.ts';
import type { GroupsAnswer } from '../../../../server/interfaces/http/schemas/groups.ts';
import type { SearchAnswer } from '../../../../server/interfaces/http/schemas/search.ts';
import type {
  SnapshotAnswer,
  SparklinesAnswer,
} from '../../../../server/interfaces/http/schemas/snapshot.ts';
import type { LevelAnswer, PidAnswer, Problem } from '../../../../server/interfaces/http/schemas.ts';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { instantOf, writeHistory } from '../../../support/dump-builder.ts';
import { FIRST, NEWEST, SECOND, SMALL_RECORDING } from './small-recording.ts';
import { openTestServer } from './test-server.ts';

/** The small recording, with a job in its first sample that is gone later and another that takes its pid. */
const job = { pid: 30, ppid: 1, rss_mb: 25, user: 'batch', cmd: '=job', state: 'D', cgroup: '/batch.slice' };
const [first, second, newest] = SMALL_RECORDING;
const RECORDING: readonly SampleLiteral[] = [
  { ...first, processes: [...(first.processes ?? []), { ...job, start: 100 }] },
  second,
  { ...newest, processes: [...(newest.processes ?? []), { ...job, start: 111_000, rss_mb: 3 }] },
];

const server = openTestServer((dumps) => {
  writeHistory(dumps, RECORDING);
});

const snapshot = (query = '') => server().json<SnapshotAnswer>(`/api/v1/snapshot?${query}`);
const groups = (query: string) => server().json<GroupsAnswer>(`/api/v1/groups?${query}`);
const facets = (query = '') => server().json<FacetsAnswer>(`/api/v1/facets?${query}`);
const search = (query: string) => server().json<SearchAnswer>(`/api/v1/search?${query}`);
const csv = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await server().get(path)).text(), { columns: true });

describe('the snapshot', () => {
  test('is the whole host as one tree, siblings as sorted', async () => {
    const answer = await snapshot('sort=rss_bytes');
    expect(answer.rows.map(({ pid, depth, matched }) => [pid, depth, matched])).toEqual([
      [1, 0, true],
      [20, 1, true],
      [22, 2, true],
      [21, 2, true],
      [90, 1, true],
      [30, 1, true],
    ]);
    expect(answer).toMatchObject({
      ...{ ts: NEWEST, previous: SECOND, next: null, host: 'test-1', matched: 6, shown: 6 },
      ...{ mem_total_bytes: 8192 * MIB, used_bytes: 2048 * MIB, base: null, gone: null },
      ...{ totals: { processes: 6, rss_bytes: 158 * MIB }, hidden: { processes: 0, rss_bytes: 0 } },
    });
    expect(answer.levels.map(({ processes }) => processes)).toEqual([1, 3, 2]);
    expect(Object.keys(answer.rows[0])).not.toContain('base_rss_bytes');
  });

  test('keeps the ancestors of what matches, and counts only matches towards the limit', async () => {
    const answer = await snapshot('exe=web&limit=2&sort=rss_bytes');
    expect(answer.rows.map(({ pid, matched }) => [pid, matched])).toEqual([
      [1, false],
      [20, true],
      [22, true],
    ]);
    expect([answer.matched, answer.shown, answer.hidden.processes]).toEqual([3, 3, 3]);
  });

  test.each([
    ['user=www', [20, 21, 22]],
    ['user=ww', []],
    ['cgroup=/batch.slice', [30]],
    ['exe=bash', [90]],
    ['exe=job', []],
    ['state=D', [30]],
    ['state=Disk', [30]],
    ['user=www&state=D', []],
    ['user=&exe=', [1, 20, 21, 22, 30, 90]],
  ])('%s keeps %j', async (query, kept) => {
    const { rows } = await snapshot(query);
    const matching = rows.filter(({ matched }) => matched).map(({ pid }) => pid);
    expect(matching.sort((a, b) => a - b)).toEqual(kept);
  });

  test('as CSV has depth and match, and the base where there is one', async () => {
    const rows = await csv('/api/v1/snapshot?format=csv&sort=pid&dir=asc');
    expect(rows.map(({ pid, depth, matched }) => [pid, depth, matched])).toContainEqual(['21', '2', 'true']);
    expect(rows.find(({ pid }) => pid === '30')?.cmd).toBe("'=job");
    expect(Object.keys(rows[0])).not.toContain('base_rss_bytes');
    const [compared] = await csv(`/api/v1/snapshot?format=csv&base=${FIRST}`);
    expect(compared).toMatchObject({ pid: '1', base_rss_bytes: String(10 * MIB) });
  });
});

describe('a base', () => {
  test('adds what the same life held then; another life of the same pid is new', async () => {
    const { rows, base, gone } = await snapshot(`base=${FIRST}`);
    const before = new Map(rows.map((row) => [row.pid, [row.base_rss_bytes, row.base_subtree_rss_bytes]]));
    expect(before.get(20)).toEqual([50 * MIB, 151 * MIB]);
    expect(before.get(21)).toEqual([100 * MIB, 100 * MIB]);
    expect(before.get(90)).toEqual([null, null]);
    expect(before.get(30)).toEqual([null, null]);
    expect(base).toEqual({ ts: FIRST, used_bytes: 2048 * MIB });
    expect(gone).toEqual({ processes: 1, rss_bytes: 25 * MIB });
  });

  test('of a level or a subtree tells what of that is gone', async () => {
    const level = (lvl: number) =>
      server().json<LevelAnswer>(`/api/v1/snapshot/level?lvl=${lvl}&base=${FIRST}`);
    expect((await level(1)).gone).toEqual({ processes: 1, rss_bytes: 25 * MIB });
    expect((await level(2)).gone).toEqual({ processes: 0, rss_bytes: 0 });
    const of = (pid: number) => server().json<PidAnswer>(`/api/v1/snapshot/pid?pid=${pid}&base=${FIRST}`);
    expect((await of(1)).gone?.processes).toBe(1);
    expect(await of(20)).toMatchObject({
      gone: { processes: 0, rss_bytes: 0 },
      process: { base_rss_bytes: 50 * MIB },
      ancestors: [{ pid: 1, base_subtree_rss_bytes: 186 * MIB }],
    });
    expect((await of(30)).gone?.processes).toBe(0);
  });

  test('counts as gone what passed the filter then', async () => {
    expect((await snapshot(`base=${FIRST}&user=www`)).gone?.processes).toBe(0);
    expect((await snapshot(`base=${FIRST}&user=batch`)).gone?.processes).toBe(1);
  });

  test('before the first sample is a 404 that names it', async () => {
    const response = await server().get('/api/v1/snapshot?base=20200101_000000Z');
    expect(response.status).toBe(404);
    expect((await response.json()) as Problem).toMatchObject({ code: 'unknown_timestamp', field: 'base' });
  });
});

describe('facets and groups', () => {
  test('groups stand at a sample between its neighbours, beside its levels, as the tree does', async () => {
    const { previous, next, incomplete, levels } = await snapshot('q=web');
    expect(await groups('by=user&q=web')).toMatchObject({ previous, next, incomplete, levels });
    expect(previous).not.toBeNull();
  });

  test('count who passes the other filters', async () => {
    const answer = await facets('user=www');
    expect(answer.facets.user.map(({ name, processes }) => [name, processes])).toEqual([
      ['www', 3],
      ['root', 2],
      ['batch', 1],
    ]);
    expect(answer.facets.exe).toEqual([{ name: 'web', processes: 3, rss_bytes: 140 * MIB }]);
    expect(answer).toMatchObject({ ts: NEWEST, host: 'test-1', more: { user: 0, exe: 0 } });
  });

  test('put programs together, with the base', async () => {
    const answer = await groups(`by=exe&base=${FIRST}&limit=2`);
    expect(answer.groups).toMatchObject([
      {
        ...{ name: 'web', processes: 3, rss_bytes: 140 * MIB, base_rss_bytes: 151 * MIB },
        ...{ rss_is_upper_bound: true, pss_bytes: 40 * MIB, known: { pss: 1, swap: 0 }, swap_bytes: null },
        largest: { pid: 20, cmd: '/usr/bin/web --all' },
      },
      { name: 'init', rss_is_upper_bound: false },
    ]);
    expect([answer.groups.length, answer.groups_total, answer.totals.processes]).toEqual([2, 4, 6]);
  });

  test('as CSV are flat tables, formulas guarded', async () => {
    const [web] = await csv('/api/v1/groups?by=cmd&format=csv&exe=web');
    expect(web).toMatchObject({ name: '/usr/bin/web --all', known_pss: '1', largest_pid: '20' });
    const names = (await csv('/api/v1/groups?by=cmd&format=csv')).map(({ name }) => name);
    expect(names).toContain("'=job");
    const counts = await csv('/api/v1/facets?format=csv&user=www');
    expect(counts).toContainEqual({
      facet: 'exe',
      name: 'web',
      processes: '3',
      rss_bytes: String(140 * MIB),
    });
  });
});

describe('sparklines', () => {
  test('are lines of what is asked for, null where it was not alive', async () => {
    const { rows } = await snapshot();
    const keyOf = (pid: number) => rows.find((row) => row.pid === pid)?.key ?? '';
    const keys = [keyOf(20), keyOf(90), 's0-7-7', 'no key'].join(',');
    const answer = await server().json<SparklinesAnswer>(`/api/v1/sparklines?keys=${keys}&seconds=120`);
    expect(answer).toEqual({
      ...{ ts: NEWEST, host: 'test-1', t: [0, 60, 120].map(instantOf) },
      series: {
        [keyOf(20)]: { subtree_rss_bytes: [151 * MIB, 170 * MIB, 140 * MIB] },
        [keyOf(90)]: { subtree_rss_bytes: [null, 5 * MIB, 5 * MIB] },
      },
    });
    const short = await server().json<SparklinesAnswer>(`/api/v1/sparklines?keys=${keyOf(20)}&seconds=60`);
    expect(short.t).toEqual([60, 120].map(instantOf));
  });
});

describe('the search', () => {
  test('finds lives that are over, the newest first', async () => {
    const { results, total } = await search('q=JOB');
    expect(total).toBe(2);
    expect(results.map(({ last_seen, rss_max_bytes }) => [last_seen, rss_max_bytes])).toEqual([
      [NEWEST, 3 * MIB],
      [FIRST, 25 * MIB],
    ]);
    expect(results[0]).toMatchObject({ kind: 'process', pid: 30, cmd: '=job', comm: 'p30', user: 'batch' });
  });

  test('a number is a pid first, then a part of a text', async () => {
    const { results, total } = await search('q=2');
    expect([total, results.map(({ pid }) => pid)]).toEqual([3, [21, 22, 20]]);
    expect((await search('q=20')).results.map(({ pid }) => pid)).toEqual([20]);
    expect((await search('q=www&limit=1')).results.length).toBe(1);
  });

  test('as CSV has its results, formulas guarded', async () => {
    const rows = await csv('/api/v1/search?q=job&format=csv');
    expect(rows.map(({ cmd, pid }) => [cmd, pid])).toEqual([
      ["'=job", '30'],
      ["'=job", '30'],
    ]);
  });
});
