import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MIB } from '../../../../server/domain/units.ts';
import type { GroupsAnswer } from '../../../../server/interfaces/http/schemas/groups.ts';
import type { SnapshotAnswer } from '../../../../server/interfaces/http/schemas/snapshot.ts';
import type { TopAnswer } from '../../../../server/interfaces/http/schemas/top.ts';
import type {
  WatchGroupsAnswer,
  WatchTimelineAnswer,
} from '../../../../server/interfaces/http/schemas/watch-groups.ts';
import type { Problem } from '../../../../server/interfaces/http/schemas.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { FIRST, NEWEST, SMALL_RECORDING } from './small-recording.ts';
import type { TestServer } from './test-server.ts';
import { serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const config = () => join(scratch, 'config.json');
let server: TestServer;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

const SHOP = [
  { name: 'Workers', rule: { pattern: 'worker' } },
  { name: 'All of web', rule: { pid: 20 } },
];

async function change(
  method: 'PUT' | 'DELETE',
  name: string,
  body?: unknown,
  on = server,
): Promise<Response> {
  const headers = { origin: on.origin, 'content-type': 'application/json' };
  const text = body === undefined ? null : JSON.stringify(body);
  return fetch(`${on.origin}/api/v1/watch-groups/${name}`, { method, headers, body: text });
}

async function problemOf(response: Response): Promise<readonly unknown[]> {
  const { status, code, field } = (await response.json()) as Problem;
  expect(response.status).toBe(status);
  return [status, code, field];
}

beforeEach(async () => {
  writeFileSync(config(), '{"later": true}');
  expect((await change('PUT', 'shop', { members: SHOP })).status).toBe(200);
});

const groups = (query = '') => server.json<WatchGroupsAnswer>(`/api/v1/watch-groups${query}`);

describe('the watch groups', () => {
  test('are told with their rules, what they have now, and what is ambiguous', async () => {
    const { ts, host, trouble, groups: list } = await groups();
    expect([ts, host, trouble]).toEqual([NEWEST, 'test-1', null]);
    const [{ name, members, totals, ambiguous, ambiguous_total }] = list;
    expect(name).toBe('shop');
    expect(members.map(({ name: member, rule, totals: sums }) => [member, rule, sums?.processes])).toEqual([
      ['Workers', SHOP[0].rule, 2],
      ['All of web', SHOP[1].rule, 1],
    ]);
    expect(members[0].largest.map(({ pid }) => pid)).toEqual([22, 21]);
    expect(totals).toEqual({
      ...{ processes: 3, rss_bytes: 140 * MIB, pss_bytes: 40 * MIB, swap_bytes: null },
      known: { pss: 1, swap: 0 },
    });
    expect(ambiguous.map(({ process, members: names }) => [process.pid, names])).toEqual([
      [21, ['Workers', 'All of web']],
      [22, ['Workers', 'All of web']],
    ]);
    expect(ambiguous_total).toBe(2);
  });

  test('are told of another instant, and of none that is not there', async () => {
    const [{ totals }] = (await groups(`?ts=${FIRST}`)).groups;
    expect(totals?.rss_bytes).toBe(151 * MIB);
    expect((await server.get('/api/v1/watch-groups?ts=20200101_000000')).status).toBe(404);
  });

  test('are a page, JSON and tables at /watch, too', async () => {
    expect(await server.json('/watch')).toEqual(await groups());
    const page = await server.get('/watch', { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const csv = await (await server.get('/watch?format=csv')).text();
    expect(csv.split('\n').slice(0, 2)).toEqual([
      'group,member,rule_pattern,rule_user,rule_cgroup,rule_exe,rule_pid,processes,rss_bytes,pss_bytes,known_pss,swap_bytes,known_swap',
      `shop,Workers,worker,,,,,2,${70 * MIB},,0,,0`,
    ]);
  });

  test('are there where nothing has been recorded', async () => {
    const folder = tempFolder();
    const empty = await serveFolder(tempFolder(), folder);
    expect((await change('PUT', 'shop', { members: SHOP }, empty)).status).toBe(200);
    const answer = await empty.json<WatchGroupsAnswer>('/api/v1/watch-groups');
    expect(answer).toMatchObject({ ts: null, host: null, groups: [{ name: 'shop', totals: null }] });
    await empty.close();
  });

  test('stay as they were while the configuration is broken, which is told without its path', async () => {
    writeFileSync(config(), '{"watch_groups": [}');
    await expect
      .poll(async () => (await groups()).trouble)
      .toBe('The configuration cannot be used at line 1, column 19: not JSON: unexpected "}".');
    expect((await groups()).groups.map(({ name }) => name)).toEqual(['shop']);
    const response = await change('PUT', 'more', { members: SHOP });
    expect(await problemOf(response)).toEqual([500, 'bad_file', undefined]);
    expect(readFileSync(config(), 'utf8')).toBe('{"watch_groups": [}');
  });
});

describe('a change', () => {
  test('puts a group in its place, keeps the others and what else the file holds, and is there at once', async () => {
    expect(await (await change('PUT', 'b', { members: SHOP })).json()).toEqual({ groups: ['shop', 'b'] });
    const members = [{ name: 'x', rule: { user: 'www', exe: 'web' } }];
    expect(await (await change('PUT', 'shop', { members })).json()).toEqual({ groups: ['shop', 'b'] });
    expect((await groups()).groups[0].members[0]).toMatchObject(members[0]);
    expect(JSON.parse(readFileSync(config(), 'utf8'))).toMatchObject({ later: true });
  });

  test('deletes a group, once', async () => {
    expect(await (await change('DELETE', 'shop')).json()).toEqual({ groups: [] });
    expect(await problemOf(await change('DELETE', 'shop'))).toEqual([404, 'no_such_group', 'name']);
  });

  const member = (rule: unknown, name: unknown = 'a') => ({ members: [{ name, rule }] });
  test.each([
    ['x', {}, 'members'],
    ['x', { members: [] }, 'members'],
    ['x', { members: 'a' }, 'members'],
    ['x', [], 'query'],
    ['x', { members: SHOP, more: 1 }, 'query'],
    ['x', member({}), 'members[0].rule'],
    ['x', member({ patern: 'x' }), 'members[0].rule'],
    ['x', member({ pattern: '' }), 'members[0].rule.pattern'],
    ['x', member({ pattern: 'x'.repeat(4097) }), 'members[0].rule.pattern'],
    ['x', member({ pid: 0 }), 'members[0].rule.pid'],
    ['x', member({ pid: '1' }), 'members[0].rule.pid'],
    ['x', member({ user: null }), 'members[0].rule.user'],
    ['x', member({ pid: 1 }, ''), 'members[0].name'],
    ['x', member({ pid: 1 }, 'a\u202eb'), 'members[0].name'],
    ['x', { members: [...SHOP, SHOP[0]] }, 'members[2].name'],
    [
      'x',
      { members: Array.from({ length: 21 }, (_, at) => ({ name: `${at}`, rule: { pid: 1 } })) },
      'members',
    ],
    ['system', { members: SHOP }, 'name'],
    ['-x', { members: SHOP }, 'name'],
    ['a%2Fb', { members: SHOP }, 'name'],
  ])('to %s of %j is a 400 that names %s', async (name, body, field) => {
    const before = statSync(config()).ino;
    expect(await problemOf(await change('PUT', name, body))).toEqual([
      400,
      'bad_parameter',
      field === 'query' ? '' : field,
    ]);
    expect(statSync(config()).ino).toBe(before);
  });

  test('is refused without this server’s Origin, and nothing is written', async () => {
    const before = statSync(config()).ino;
    const headers = { 'content-type': 'application/json' };
    const url = `${server.origin}/api/v1/watch-groups/shop`;
    expect(await problemOf(await fetch(url, { method: 'DELETE', headers }))).toEqual([
      403,
      'origin_refused',
      undefined,
    ]);
    expect(statSync(config()).ino).toBe(before);
  });

  test('is never made by reading', async () => {
    const before = statSync(config());
    for (const path of [
      '/watch',
      '/api/v1/watch-groups',
      '/api/v1/watch-groups/shop/timeline',
      '/api/v1/top?watch=shop',
    ])
      expect((await server.get(path)).status).toBe(200);
    expect(statSync(config()).mtimeMs).toBe(before.mtimeMs);
  });
});

describe('watch=', () => {
  const pidsOf = async (path: string) =>
    (await server.json<SnapshotAnswer>(path)).rows.filter((row) => row.matched ?? true).map(({ pid }) => pid);

  test('keeps the processes of the group, at every level and below any process', async () => {
    expect(await pidsOf('/api/v1/snapshot?watch=shop')).toEqual([20, 21, 22]);
    expect(await pidsOf('/api/v1/snapshot/level?watch=shop&lvl=1')).toEqual([20]);
    expect(await pidsOf('/api/v1/snapshot/level?watch=shop&lvl=2')).toEqual([21, 22]);
    expect(await pidsOf('/api/v1/snapshot/pid?pid=22&watch=shop')).toEqual([22]);
    expect(await pidsOf('/api/v1/snapshot?watch=shop&q=worker&min_rss=95')).toEqual([21]);
  });

  test('tells what is hidden, and what of the group has gone since the base', async () => {
    const answer = await server.json<SnapshotAnswer>(`/api/v1/snapshot?watch=shop&base=${FIRST}`);
    expect(answer).toMatchObject({
      matched: 3,
      gone: { processes: 0, rss_bytes: 0 },
      totals: { rss_bytes: 140 * MIB },
    });
  });

  test('counts facets and puts together only what is of the group', async () => {
    const { facets } = await server.json<{ facets: Record<string, { name: string; processes: number }[]> }>(
      '/api/v1/facets?watch=shop',
    );
    expect(facets.user).toMatchObject([{ name: 'www', processes: 3 }]);
    const { groups: list } = await server.json<GroupsAnswer>('/api/v1/groups?by=exe&watch=shop');
    expect(list.map(({ name, processes }) => [name, processes])).toEqual([['web', 3]]);
  });

  test('draws the largest processes of the group alone', async () => {
    const all = await server.json<TopAnswer>('/api/v1/top');
    const { series, total } = await server.json<TopAnswer>('/api/v1/top?watch=shop');
    expect(series).toEqual(all.series.filter(({ pid }) => [20, 21, 22].includes(pid)));
    expect(total).toEqual([151, 170, 140].map((mib) => mib * MIB));
  });

  test('by=watch puts the processes together by member', async () => {
    const { groups: list } = await server.json<GroupsAnswer>('/api/v1/groups?by=watch');
    expect(list.map(({ name, processes }) => [name, processes])).toEqual([
      ['shop / All of web', 1],
      ['shop / Workers', 2],
      [null, 2],
    ]);
  });

  test('that there is not is a 404 that names those that there are', async () => {
    for (const path of [
      'snapshot',
      'snapshot/level',
      'facets',
      'top',
      'report',
      'snapshot/pid?pid=20',
      'groups?by=exe',
    ]) {
      const response = await server.get(`/api/v1/${path}${path.includes('?') ? '&' : '?'}watch=nope`);
      expect((await response.json()) as Problem, path).toMatchObject({
        ...{ status: 404, code: 'no_such_group', field: 'watch' },
        detail: 'Watch groups: shop.',
      });
    }
  });

  test('narrows the report', async () => {
    const html = await (await server.get('/api/v1/report?watch=shop')).text();
    expect(html).toContain('worker');
    expect(html).not.toContain('-bash');
  });
});

describe('the timeline of a group', () => {
  test('has its members and their sum in every sample', async () => {
    const answer = await server.json<WatchTimelineAnswer>('/api/v1/watch-groups/shop/timeline');
    expect(answer).toMatchObject({ host: 'test-1', name: 'shop', method: 'raw', raw_points: 3, gaps: [] });
    const mib = (values: readonly (number | null)[]) => values.map((value) => value && value / MIB);
    const [workers, web] = answer.members;
    expect([workers.name, mib(workers.rss_bytes), workers.processes, workers.pss_bytes]).toEqual([
      ...['Workers', [101, 110, 70], [2, 2, 2], [null, null, null]],
    ]);
    expect([web.name, mib(web.rss_bytes), mib(web.pss_bytes), web.pss_known]).toEqual([
      ...['All of web', [50, 60, 70], [40, 40, 40], [1, 1, 1]],
    ]);
    expect([mib(answer.total.rss_bytes), answer.total.processes]).toEqual([
      [151, 170, 140],
      [3, 3, 3],
    ]);
  });

  test('is a table, too', async () => {
    const csv = await (await server.get('/api/v1/watch-groups/shop/timeline?format=csv')).text();
    expect(csv.split('\n')[0]).toBe(
      't,Workers_processes,Workers_rss_bytes,Workers_pss_bytes,All of web_processes,All of web_rss_bytes,All of web_pss_bytes,total_processes,total_rss_bytes,total_pss_bytes',
    );
    const { headers } = await server.get('/api/v1/watch-groups/shop/timeline?format=csv');
    expect(headers.get('content-disposition')).toMatch(/filename="memory_watch_shop_test-1_/);
  });

  test('as a table keeps members apart that are called as the sum is, or as each other but for the case', async () => {
    const members = ['Total', 'web', 'Web'].map((name, at) => ({ name, rule: { pid: 20 + at } }));
    await change('PUT', 'alike', { members });
    const csv = await (await server.get('/api/v1/watch-groups/alike/timeline?format=csv')).text();
    expect(csv.split('\n')[0].match(/[^,]+(?=_rss_bytes)/g)).toEqual(['Total_2', 'web', 'Web_2', 'total']);
    const parquet = await server.get('/api/v1/watch-groups/alike/timeline?format=parquet');
    expect(parquet.status).toBe(200);
    await change('DELETE', 'alike');
  });

  test('of a group that there is not is a 404', async () => {
    expect(await problemOf(await server.get('/api/v1/watch-groups/nope/timeline'))).toEqual([
      404,
      'no_such_group',
      'name',
    ]);
  });
});

describe('regions over time of a watch group', () => {
  test('are asked for by an interval, which is kept in the file and goes with the next change', async () => {
    expect((await groups()).groups[0]).toMatchObject({ regions: null, regions_kept: null });
    expect((await change('PUT', 'shop', { members: SHOP, regions: '5m' })).status).toBe(200);
    expect(JSON.parse(readFileSync(config(), 'utf8')).watch_groups[0].regions).toBe('5m');
    expect((await groups()).groups[0]).toMatchObject({ regions: '5m', regions_kept: { obstacle: null } });
    await change('PUT', 'shop', { members: SHOP });
    expect((await groups()).groups[0].regions).toBeNull();
  });

  test.each(['soon', '1s', '2d', 300])('%j is no such interval', async (regions) => {
    const response = await change('PUT', 'shop', { members: SHOP, regions });
    expect(await problemOf(response)).toEqual([400, 'bad_parameter', 'regions']);
  });

  test('are told: how many, the newest, and those that were left out with the reason', async () => {
    const skipped = [{ pid: 9, comm: 'other', text: 'It is another user’s.' }];
    const kept = { obstacle: null, processes: 3, last: Date.parse(FIRST), roundSeconds: 7, skipped };
    const other = await serveFolder(dumps, tempFolder(), {
      regionWatch: { kept: (name) => (name === 'shop' ? kept : null), close: async () => undefined },
    });
    await change('PUT', 'shop', { members: SHOP, regions: '5m' }, other);
    const { groups: listed } = await other.json<WatchGroupsAnswer>('/api/v1/watch-groups');
    await other.close();
    expect(listed[0].regions_kept).toEqual({
      obstacle: null,
      processes: 3,
      last: new Date(FIRST).toISOString(),
      round_seconds: 7,
      skipped,
      skipped_total: 1,
    });
  });
});
