import { describe, expect, test } from 'vitest';
import { countFacets } from '../../../server/domain/facets.ts';
import { groupRows, openGrouping } from '../../../server/domain/groups.ts';
import type { ProcessRow } from '../../../server/domain/metrics.ts';
import type { Grouping } from '../../../server/domain/process-filter.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';

/** Only what is counted. */
function row(pid: number, figures: Partial<ProcessRow>): ProcessRow {
  const unknown = { user: null, cgroup: null, state: null, cmd: null, comm: null };
  return {
    ...unknown,
    pid,
    key: `k${pid}`,
    rss_bytes: 1,
    pss_bytes: null,
    swap_bytes: null,
    ...figures,
  } as ProcessRow;
}

const ROWS = [
  row(1, { user: 'root', cmd: '/sbin/init', rss_bytes: 10, pss_bytes: 8 }),
  row(2, { user: 'app', cmd: '/usr/bin/web -a', rss_bytes: 70, state: 'Sl', pss_bytes: 30 }),
  row(3, { user: 'app', cmd: 'web -b', rss_bytes: 70, state: 'R' }),
  row(4, { user: 'app', comm: 'kworker', rss_bytes: 0, state: 'S' }),
];

function of(by: Grouping, rows = ROWS) {
  return { rows, namesOf: openGrouping(by, WATCH_GROUPS, () => rows) };
}

describe('facets', () => {
  test('count rows by name, the largest first, the unknown under null', () => {
    expect(countFacets(ROWS, {}).facets).toEqual({
      user: [
        { name: 'app', processes: 3, rss_bytes: 140 },
        { name: 'root', processes: 1, rss_bytes: 10 },
      ],
      cgroup: [{ name: null, processes: 4, rss_bytes: 150 }],
      exe: [
        { name: 'web', processes: 2, rss_bytes: 140 },
        { name: 'init', processes: 1, rss_bytes: 10 },
        { name: 'kworker', processes: 1, rss_bytes: 0 },
      ],
      state: [
        { name: 'R', processes: 1, rss_bytes: 70 },
        { name: 'S', processes: 2, rss_bytes: 70 },
        { name: null, processes: 1, rss_bytes: 10 },
      ],
    });
  });

  test('a facet counts what its own filter hides, and nothing that another one hides', () => {
    const { facets } = countFacets(ROWS, { user: 'app', exe: 'web' });
    expect(facets.user).toEqual([{ name: 'app', processes: 2, rss_bytes: 140 }]);
    expect(facets.exe.map(({ name }) => name)).toEqual(['web', 'kworker']);
    expect(facets.state.map(({ name, processes }) => [name, processes])).toEqual([
      ['R', 1],
      ['S', 1],
    ]);
  });

  test('list 50 names and say how many more there are', () => {
    const many = Array.from({ length: 53 }, (_, at) => row(at + 1, { user: `u${at}`, rss_bytes: at }));
    const { facets, more } = countFacets(many, {});
    expect([facets.user.length, facets.user[0].name]).toEqual([50, 'u52']);
    expect(more).toEqual({ user: 3, cgroup: 0, exe: 0, state: 0 });
  });
});

const WATCH_GROUPS: readonly WatchGroup[] = [
  {
    name: 'shop',
    members: [
      { name: 'front', rule: { pattern: 'web', user: 'app' } },
      { name: 'all', rule: { user: 'app' } },
    ],
  },
  { name: 'a', members: [{ name: '-a', rule: { pattern: '-a' } }] },
];

describe('groups', () => {
  test('by watch group have a process in each group that it belongs to, once a group, and the others under null', () => {
    const groups = groupRows(of('watch'), of('watch', ROWS.slice(1, 3)));
    expect(
      groups.map(({ name, processes, rss_bytes, base_rss_bytes }) => [
        name,
        processes,
        rss_bytes,
        base_rss_bytes,
      ]),
    ).toEqual([
      ['shop / front', 2, 140, 140],
      ['a / -a', 1, 70, 70],
      [null, 1, 10, 0],
      ['shop / all', 1, 0, 0],
    ]);
  });

  test('add up RSS as an upper bound unless it is of one process, and PSS of whom it is known', () => {
    const [web, init] = groupRows(of('exe'), null);
    expect(web).toEqual({
      ...{ name: 'web', processes: 2, rss_bytes: 140, pss_bytes: 30, swap_bytes: null },
      ...{ known: { pss: 1, swap: 0 }, rss_is_upper_bound: true },
      largest: { pid: 2, key: 'k2', cmd: '/usr/bin/web -a', comm: null, rss_bytes: 70 },
    });
    expect(init).toMatchObject({ name: 'init', rss_is_upper_bound: false, pss_bytes: 8 });
  });

  test('compare with whatever processes the group had at the base', () => {
    const before = [row(9, { cmd: 'web old', rss_bytes: 50 }), row(8, { cmd: 'gone', rss_bytes: 5 })];
    const groups = groupRows(of('exe'), of('exe', before));
    expect(groups.map(({ name, base_rss_bytes }) => [name, base_rss_bytes])).toEqual([
      ['web', 50],
      ['init', 0],
      ['kworker', 0],
    ]);
  });

  test('lose and repeat no process, whatever they are made by', () => {
    for (const by of ['cmd', 'exe', 'user', 'cgroup'] as const) {
      const groups = groupRows(of(by), null);
      expect(groups.reduce((sum, { processes }) => sum + processes, 0)).toBe(ROWS.length);
      expect(groups.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0)).toBe(150);
      expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    }
  });
});
