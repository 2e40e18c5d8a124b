import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessRow } from '../../../server/domain/metrics.ts';
import { PROCESS_METRICS } from '../../../server/domain/metrics.ts';
import type { ProcessFilter } from '../../../server/domain/process-filter.ts';
import { DEFAULT_SORT, LIMIT, SEED_PRESET, THRESHOLDS } from '../../../server/domain/process-filter.ts';
import { compareRows, isFiltering, openFilter } from '../../../server/domain/row-selection.ts';
import { escapeText } from '../../../server/domain/text-notation.ts';
import { MIB } from '../../../server/domain/units.ts';

const PLAIN: ProcessRow = {
  pid: 812,
  ppid: 1,
  key: 's1-812-4711',
  weak_identity: false,
  user: 'postgres',
  start_ticks: 4711,
  comm: 'Web Content',
  cmd: '/usr/lib/firefox -contentproc --id=7',
  cgroup: '/user.slice',
  state: 'S',
  threads: 4,
  level: 2,
  started: '2026-01-15T12:00:00.000Z',
  first_seen: '2026-01-15T12:00:00.000Z',
  last_seen: '2026-01-15T13:00:00.000Z',
  lifetime_seconds: 600,
  rss_bytes: 10 * MIB,
  vsz_bytes: 900 * MIB,
  hwm_bytes: null,
  pss_bytes: null,
  swap_bytes: null,
  cpu_seconds: null,
  rss_min_bytes: 5 * MIB,
  rss_mean_bytes: 50 * MIB,
  rss_max_bytes: 100 * MIB,
  subtree_processes: 3,
  subtree_rss_bytes: 200 * MIB,
  subtree_rss_mean_bytes: 300 * MIB,
  subtree_rss_max_bytes: 500 * MIB,
};

function row(figures: Partial<ProcessRow>): ProcessRow {
  return { ...PLAIN, ...figures };
}

function matchesFilter(process: ProcessRow, filter: ProcessFilter): boolean {
  return openFilter(filter, () => [process])(process);
}

function finds(q: string, figures: Partial<ProcessRow> = {}): boolean {
  return matchesFilter(row(figures), { q });
}

const threshold = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });
const anyFilter: fc.Arbitrary<ProcessFilter> = fc.record({
  min_life: threshold,
  min_rss: threshold,
  min_subtree: threshold,
  q: fc.option(fc.constantFrom('', 'a', 'b', '7'), { nil: undefined }),
  user: fc.option(fc.constantFrom('', 'a', 'b'), { nil: undefined }),
  cgroup: fc.option(fc.constantFrom('', '/a'), { nil: undefined }),
  exe: fc.option(fc.constantFrom('', 'a', 'B'), { nil: undefined }),
  state: fc.option(fc.constantFrom('', 'S', 'D'), { nil: undefined }),
});
const anyRow: fc.Arbitrary<ProcessRow> = fc
  .record({
    pid: fc.integer({ min: 1, max: 99 }),
    level: fc.nat(9),
    lifetime_seconds: fc.nat(1000),
    rss_max_bytes: fc.nat(1000).map((mib) => mib * MIB),
    subtree_rss_max_bytes: fc.nat(1000).map((mib) => mib * MIB),
    cmd: fc.constantFrom('/bin/a', '/bin/b', null),
    user: fc.constantFrom('a', null),
    comm: fc.constantFrom('B', null),
    swap_bytes: fc.option(fc.nat(3)),
    cgroup: fc.constantFrom(null, '/a', '/b'),
  })
  .map(row);

describe('a threshold', () => {
  test.each<[ProcessFilter, Partial<ProcessRow>, Partial<ProcessRow>]>([
    [{ min_life: 300 }, { lifetime_seconds: 300 }, { lifetime_seconds: 299.99 }],
    [{ min_rss: 100 }, { rss_max_bytes: 100 * MIB }, { rss_max_bytes: 100 * MIB - 1 }],
    [{ min_subtree: 500 }, { subtree_rss_max_bytes: 500 * MIB }, { subtree_rss_max_bytes: 500 * MIB - 1 }],
  ])('%j is reached at the value and not just below', (filter, reached, missed) => {
    expect(matchesFilter(row(reached), filter)).toBe(true);
    expect(matchesFilter(row(missed), filter)).toBe(false);
  });

  test('looks at the largest RSS of the window, not at the one of the instant', () => {
    expect(matchesFilter(row({ rss_bytes: 0, rss_max_bytes: 100 * MIB }), { min_rss: 100 })).toBe(true);
    expect(matchesFilter(row({ rss_bytes: 900 * MIB, rss_max_bytes: MIB }), { min_rss: 100 })).toBe(false);
  });

  test('is off when absent: without any, every process is shown', () => {
    const nobody = row({ lifetime_seconds: 0, rss_max_bytes: 0, subtree_rss_max_bytes: 0, cmd: null });
    expect(matchesFilter(nobody, {})).toBe(true);
    expect(matchesFilter(nobody, { min_life: undefined, min_rss: undefined, q: undefined })).toBe(true);
    expect(matchesFilter(nobody, { q: '' })).toBe(true);
    expect(isFiltering({})).toBe(false);
    expect(isFiltering({ min_life: undefined, q: '' })).toBe(false);
  });

  test('is on when it is there', () => {
    for (const { id } of THRESHOLDS) expect(isFiltering({ [id]: 1 })).toBe(true);
    expect(isFiltering({ q: 'x' })).toBe(true);
  });

  test('can be any of the three, and the preset of the predecessor sets all', () => {
    expect(THRESHOLDS.map(({ id }) => id)).toEqual(['min_life', 'min_rss', 'min_subtree']);
    expect(SEED_PRESET).toEqual({ min_life: 300, min_rss: 100, min_subtree: 500 });
    expect(matchesFilter(PLAIN, SEED_PRESET)).toBe(true);
    expect(matchesFilter(row({ lifetime_seconds: 299 }), SEED_PRESET)).toBe(false);
  });
});

describe('a facet', () => {
  test.each<[ProcessFilter, Partial<ProcessRow>, Partial<ProcessRow>]>([
    [{ user: 'app' }, { user: 'app' }, { user: 'apps' }],
    [{ cgroup: '/a' }, { cgroup: '/a' }, { cgroup: '/a/b' }],
    [{ exe: 'web' }, { cmd: '/usr/bin/web --all' }, { cmd: 'webs' }],
    [{ exe: 'kworker' }, { cmd: null, comm: 'kworker' }, { cmd: 'x', comm: 'kworker' }],
    [{ state: 'S' }, { state: 'Sl' }, { state: 's' }],
    [{ state: 'Sl' }, { state: 'S' }, { state: 'R' }],
    [{ user: 'null' }, { user: 'null' }, { user: null }],
    [{ user: 'a\\\\b' }, { user: 'a\\\\b' }, { user: 'a\\b' }],
  ])('%j is of exactly that text', (filter, kept, missed) => {
    expect(matchesFilter(row(kept), filter)).toBe(true);
    expect(matchesFilter(row(missed), filter)).toBe(false);
    expect(isFiltering(filter)).toBe(true);
  });

  test('that is empty is off', () => {
    expect(matchesFilter(PLAIN, { user: '', cgroup: '', exe: '', state: '' })).toBe(true);
    expect(isFiltering({ user: '', cgroup: '', exe: '', state: '' })).toBe(false);
  });
});

describe('a filter', () => {
  test('means the same at every level', () => {
    fc.assert(
      fc.property(anyRow, anyFilter, fc.nat(50), (process, filter, level) => {
        expect(matchesFilter({ ...process, level }, filter)).toBe(matchesFilter(process, filter));
      }),
    );
  });

  test('combines its parts with AND', () => {
    fc.assert(
      fc.property(anyRow, anyFilter, (process, filter) => {
        const parts = Object.entries(filter).map(([name, value]) => ({ [name]: value }));
        const each = parts.every((part) => matchesFilter(process, part));
        expect(matchesFilter(process, filter)).toBe(each);
      }),
      { numRuns: 500 },
    );
  });

  test('that hides a process is one that says it filters', () => {
    fc.assert(
      fc.property(anyRow, anyFilter, (process, filter) => {
        expect(matchesFilter(process, filter) || isFiltering(filter)).toBe(true);
      }),
    );
  });
});

describe('`q`', () => {
  test.each([
    ['a part of the command', 'contentproc'],
    ['a part of the command in other letters', 'FireFox'],
    ['across arguments', 'proc --id'],
    ['the name', 'web cont'],
    ['the user', 'postg'],
    ['the pid', '812'],
    ['a part of the pid', '81'],
  ])('finds %s: %s', (_, q) => {
    expect(finds(q)).toBe(true);
  });

  test.each(['chrome', '8122', '/user.slice', 'null', 's1-812', '  '])('does not find %j elsewhere', (q) => {
    expect(finds(q)).toBe(false);
  });

  test.each(['null', 'undefined', '-'])('does not find %j in what is unknown', (q) => {
    expect(finds(q, { cmd: null, comm: null, user: null })).toBe(false);
  });

  test('is literal: every character of a pattern stands for itself', () => {
    for (const q of ['.*', 'fire.ox', '^/usr', '7$', '[a-z]', '(a+)+$', 'a|b', '\\d', '+', '?', '%', '_']) {
      expect(finds(q, { cmd: '/usr/lib/firefox 7', comm: 'ab', user: 'a' })).toBe(false);
      expect(finds(q, { cmd: `x ${escapeText(q)} y` })).toBe(true);
    }
  });

  test('finds what is shown: one backslash, escaped controls, direction marks spelt out', () => {
    expect(finds('c:\\temp', { cmd: escapeText('C:\\temp\\x') })).toBe(true);
    expect(finds('\\x1b[2J', { cmd: escapeText('\x1b[2J') })).toBe(true);
    expect(finds('\\u{202e}gpj', { cmd: escapeText('\u202egpj.exe') })).toBe(true);
  });

  test('finds any part of any command, in time, whatever the two hold', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,40}$/), fc.nat(39), fc.nat(39), (text, a, b) => {
        const part = text.slice(Math.min(a, b), Math.max(a, b));
        expect(finds(part, { cmd: escapeText(text) })).toBe(true);
      }),
    );
    expect(finds('(a+)+$', { cmd: 'a'.repeat(100_000) })).toBe(false);
  });
});

describe('the order of rows', () => {
  const sorts = fc.constantFrom('rss_max_bytes', 'swap_bytes', 'cgroup', 'cmd', 'pid', 'level');
  const dirs = fc.constantFrom('asc', 'desc');
  const rows = fc.array(anyRow, { maxLength: 20 });

  test('is by the largest subtree, descending, unless asked otherwise', () => {
    expect(DEFAULT_SORT).toEqual({ sort: 'subtree_rss_max_bytes', dir: 'desc' });
    const order = [1, 3, 2].map((n) => row({ pid: n, subtree_rss_max_bytes: n }));
    order.sort(compareRows(DEFAULT_SORT.sort, DEFAULT_SORT.dir));
    expect(order.map(({ pid }) => pid)).toEqual([3, 2, 1]);
  });

  test.each([
    ['asc', [4, 2, 3, 1, 5]],
    ['desc', [3, 2, 4, 1, 5]],
  ] as const)('has the unknown last and ties by pid, %s', (dir, expected) => {
    const order = [
      row({ pid: 5, swap_bytes: null }),
      row({ pid: 3, swap_bytes: 7 }),
      row({ pid: 1, swap_bytes: null }),
      row({ pid: 4, swap_bytes: 0 }),
      row({ pid: 2, swap_bytes: dir === 'asc' ? 7 : 0 }),
    ];
    order.sort(compareRows('swap_bytes', dir));
    expect(order.map(({ pid }) => pid)).toEqual(expected);
  });

  test('is that of a naive sort: known values, then the unknown, ties by pid ascending in both directions', () => {
    const naive = (
      all: readonly ProcessRow[],
      sort: 'swap_bytes' | 'cgroup' | 'pid',
      dir: 'asc' | 'desc',
    ) => {
      const key = (process: ProcessRow) => process[sort] ?? '';
      const byPid = all.toSorted((a, b) => a.pid - b.pid);
      const known = byPid.filter((process) => process[sort] !== null);
      const values = [...new Set(known.map(key))].sort((a, b) => (a < b ? -1 : 1));
      if (dir === 'desc') values.reverse();
      const groups = values.map((value) => known.filter((process) => key(process) === value));
      return [...groups.flat(), ...byPid.filter((process) => process[sort] === null)];
    };
    const nullable = fc.constantFrom('swap_bytes', 'cgroup', 'pid');
    fc.assert(
      fc.property(rows, nullable, dirs, (all, sort, dir) => {
        expect(all.toSorted(compareRows(sort, dir))).toEqual(naive(all, sort, dir));
      }),
    );
  });

  test('is the same from whatever order the rows come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyRow, { selector: ({ pid }) => pid }), sorts, dirs, (all, sort, dir) => {
        const compare = compareRows(sort, dir);
        expect(all.toReversed().sort(compare)).toEqual(all.toSorted(compare));
      }),
    );
  });

  test('can be by every metric of a row', () => {
    for (const { id } of PROCESS_METRICS)
      expect(() => [PLAIN, PLAIN].sort(compareRows(id, 'asc'))).not.toThrow();
    expect(() => compareRows('__proto__' as 'pid', 'asc')).toThrow(RangeError);
  });
});

test('the limit is 1 to 10 000, and 100 unless asked otherwise', () => {
  expect(LIMIT).toEqual({ default: 100, min: 1, max: 10_000 });
});
