import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WatchedProcess, WatchRule } from '../../../server/domain/watch-group.ts';
import {
  GROUP_NAME,
  MEMBER_NAME,
  openWatchMatcher,
  openWatchNames,
  watchedPids,
  watchedTexts,
} from '../../../server/domain/watch-group.ts';
import { belongsTo } from '../../oracle/oracle-watch.ts';

function process(pid: number, given: Partial<WatchedProcess> = {}): WatchedProcess {
  return { pid, ppid: 0, user: 'root', cgroup: '/', cmd: `/bin/p${pid}`, comm: `p${pid}`, ...given };
}

function groupOf(...rules: readonly WatchRule[]) {
  return { name: 'g', members: rules.map((rule, at) => ({ name: `m${at}`, rule })) };
}

/** Pids that one rule matches. */
function pidsOf(rule: WatchRule, processes: readonly WatchedProcess[]): number[] {
  return [...watchedPids(groupOf(rule), processes)];
}

const matches = (rule: WatchRule, given: Partial<WatchedProcess>) =>
  pidsOf(rule, [process(7, given)]).length === 1;

describe('a pattern', () => {
  test.each([
    ['menu', '/opt/Menu Bar App', true],
    ['MENU', '/opt/menu', true],
    ['menu*app', '/opt/menu bar app --x', true],
    ['menu*app', 'app of the menu', false],
    ['*', 'x', true],
    ['a*a', 'ba', false],
    ['a*a', 'aba', true],
    ['aa*a', 'aaa', true],
    ['**b', 'ab', true],
    ['b*', 'ab', true],
    ['.*', 'abc', false],
    ['[ab]', 'a', false],
    ['(a+)+$', 'aaaa', false],
    ['straße', 'STRASSE', false],
    ['ÄÖ', 'äö', true],
    ['\\', 'a\\\\b', true],
    ['\\x1b', 'a\\x1bb', true],
  ])('%j in %j: %s', (pattern, cmd, expected) => {
    expect(matches({ pattern }, { cmd, comm: null })).toBe(expected);
  });

  test('is looked for in the command and in the name, each alone', () => {
    expect(matches({ pattern: 'kworker' }, { cmd: '', comm: 'kworker/0:1' })).toBe(true);
    expect(matches({ pattern: 'a*b' }, { cmd: 'a', comm: 'b' })).toBe(false);
    expect(matches({ pattern: '*' }, { cmd: null, comm: null })).toBe(false);
  });

  test('ends, however many stars it has and however long the text', () => {
    const pattern = 'a*'.repeat(2000);
    expect(matches({ pattern: `${pattern}b` }, { cmd: 'a'.repeat(100_000) })).toBe(false);
  });
});

describe('a rule', () => {
  test('asks for exactly this user, cgroup and executable', () => {
    const given = { user: 'www', cgroup: '/a/b', cmd: '/usr/bin/node x.js' };
    expect(matches({ user: 'www' }, given)).toBe(true);
    expect(matches({ user: 'WWW' }, given)).toBe(false);
    expect(matches({ user: 'ww' }, given)).toBe(false);
    expect(matches({ cgroup: '/a' }, given)).toBe(false);
    expect(matches({ cgroup: '/a/b' }, given)).toBe(true);
    expect(matches({ exe: 'node' }, given)).toBe(true);
    expect(matches({ exe: 'x.js' }, given)).toBe(false);
    expect(matches({ user: 'www' }, { ...given, user: null })).toBe(false);
  });

  test('holds where all of it does', () => {
    const given = { user: 'www', cmd: 'node' };
    expect(matches({ user: 'www', pattern: 'node' }, given)).toBe(true);
    expect(matches({ user: 'www', pattern: 'deno' }, given)).toBe(false);
    expect(matches({ user: 'web', pattern: 'node' }, given)).toBe(false);
  });

  test('of a pid is of it and all below it', () => {
    const tree = [process(1), process(20, { ppid: 1 }), process(21, { ppid: 20 }), process(30, { ppid: 1 })];
    expect(pidsOf({ pid: 20 }, tree)).toEqual([20, 21]);
    expect(pidsOf({ pid: 20, pattern: 'p21' }, tree)).toEqual([21]);
    expect(pidsOf({ pid: 1 }, tree.toReversed())).toEqual([30, 21, 20, 1]);
  });

  test('of a pid that is not there matches nobody, its children neither', () => {
    expect(pidsOf({ pid: 20 }, [process(1), process(21, { ppid: 20 })])).toEqual([]);
  });

  test('of a pid ends where parents go round in a loop', () => {
    const loop = [
      process(2, { ppid: 4 }),
      process(3, { ppid: 2 }),
      process(4, { ppid: 3 }),
      process(5, { ppid: 5 }),
    ];
    expect(pidsOf({ pid: 3 }, loop)).toEqual([2, 3, 4]);
    expect(pidsOf({ pid: 5 }, loop)).toEqual([5]);
    expect(pidsOf({ pid: 9 }, loop)).toEqual([]);
  });
});

describe('a group', () => {
  const web = [process(1, { cmd: 'web a' }), process(2, { cmd: 'web b' }), process(3, { cmd: 'db' })];

  test('counts a process for the first member that it matches, and names all of them', () => {
    const { memberOf, ambiguous } = openWatchMatcher(
      groupOf({ pattern: 'b' }, { pattern: 'web' }, { pattern: 'web b' }),
    )(web);
    expect([...memberOf]).toEqual([0, 0, 0]);
    expect([...ambiguous]).toEqual([
      [0, [0, 1]],
      [1, [0, 1, 2]],
    ]);
  });

  test('has what matches in each sample anew', () => {
    const match = openWatchMatcher(groupOf({ pid: 1 }));
    expect([...match([process(1), process(2, { ppid: 1 })]).memberOf]).toEqual([0, 0]);
    expect([...match([process(2), process(1)]).memberOf]).toEqual([-1, 0]);
  });

  test('is right however many texts there were before', () => {
    const match = openWatchMatcher(groupOf({ pattern: 'p7' }));
    const many = Array.from({ length: 25_000 }, (_, at) => process(at + 1, { comm: null }));
    const wanted = many.flatMap(({ pid }, row) => (String(pid).startsWith('7') ? [row] : []));
    for (const _ of ['first', 'again'])
      expect([...match(many).memberOf].flatMap((member, row) => (member === 0 ? [row] : []))).toEqual(wanted);
  });

  test('is told with its member’s name for each process, in the order of the groups', () => {
    const namesOf = openWatchNames(
      [groupOf({ pattern: 'db' }, { pattern: 'a' }), { ...groupOf({ pattern: '*' }), name: 'all' }],
      web,
    );
    expect([1, 2, 3, 4].map(namesOf)).toEqual([
      ['g / m1', 'all / m0'],
      ['all / m0'],
      ['g / m0', 'all / m0'],
      [],
    ]);
  });
});

test('a group tells which texts its rules look at', () => {
  expect(watchedTexts(groupOf({ pid: 1 }))).toEqual([]);
  expect(watchedTexts(groupOf({ pattern: 'a' }, { user: 'b' }))).toEqual(['user', 'cmd', 'comm']);
  expect(watchedTexts(groupOf({ exe: 'a', cgroup: '/' }))).toEqual(['cgroup', 'cmd', 'comm']);
});

describe('any group in any sample', () => {
  const text = fc.constantFrom('a', 'b', 'A', 'ab', 'a b', 'ba', '/x/a -b');
  const sample = fc
    .array(
      fc.record({
        ppid: fc.nat(9),
        user: fc.option(fc.constantFrom('u', 'v')),
        cgroup: fc.option(fc.constantFrom('/a', '/a/b')),
        cmd: fc.option(text),
        comm: fc.option(text),
      }),
      { maxLength: 8 },
    )
    .map((rows) => rows.map((row, at) => ({ pid: at + 1, ...row })));
  const rule: fc.Arbitrary<WatchRule> = fc.record(
    {
      pattern: fc.constantFrom('a', 'b', 'a*b', '*', 'B', 'a*', '*a*a'),
      user: fc.constantFrom('u', 'w'),
      cgroup: fc.constantFrom('/a', '/a/b'),
      exe: fc.constantFrom('a', 'b'),
      pid: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: [] },
  );

  test('has the members that looking at every pair gives', () => {
    fc.assert(
      fc.property(sample, fc.array(rule, { minLength: 1, maxLength: 4 }), (processes, rules) => {
        const { memberOf, ambiguous } = openWatchMatcher(groupOf(...rules))(processes);
        const all = processes.map((one) =>
          rules.flatMap((wanted, at) => (belongsTo(one, wanted, processes) ? [at] : [])),
        );
        expect([...memberOf]).toEqual(all.map(([first = -1]) => first));
        expect([...ambiguous]).toEqual([...all.entries()].filter(([, members]) => members.length > 1));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a name', () => {
  test.each(['a', 'clipboard', 'Web-1.2_x', '9', 'systems', 'System', 'x'.repeat(40)])(
    'of a group may be %j',
    (name) => {
      expect(GROUP_NAME.test(name)).toBe(true);
    },
  );

  test.each(['', 'system', 'timestamp', '-a', '.a', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(41)])(
    'of a group may not be %j',
    (name) => {
      expect(GROUP_NAME.test(name)).toBe(false);
    },
  );

  test.each(['Menu Bar App', 'ß', '<b>', '日本', '🐘', '🐘'.repeat(60), 'x'])(
    'of a member may be %j',
    (name) => {
      expect(MEMBER_NAME.test(name)).toBe(true);
    },
  );

  test.each(['', ' ', ' a', 'a ', 'a\tb', 'a\nb', '\u202ea', 'a\u2028b', '\u0000', 'x'.repeat(61), '\ud800'])(
    'of a member may not be %j',
    (name) => {
      expect(MEMBER_NAME.test(name)).toBe(false);
    },
  );
});
