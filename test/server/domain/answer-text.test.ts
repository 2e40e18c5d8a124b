import { describe, expect, test } from 'vitest';
import type { ToldAnswer, ToldSubtree } from '../../../server/domain/answer-text.ts';
import { answerText, longNameOf } from '../../../server/domain/answer-text.ts';

const GIB = 1024 ** 3;
const TS = '2026-01-15T20:00:00.000Z';
const FROM = '2026-01-15T19:00:00.000Z';

const NODE: ToldSubtree = {
  ...{ key: 's1-812-1', pid: 812, cmd: '/usr/bin/node vite build', comm: 'node', subtree_processes: 7 },
  ...{ bytes: 5 * GIB, rss_is_upper_bound: false, is_new: false },
  ...{ delta_bytes: 3.6 * GIB, share_of_growth: 0.88 },
};
const ANSWER: ToldAnswer = {
  ...{ asked: TS, ts: TS, is_far: false, from_asked: FROM, from: FROM, from_is_far: false, rebooted: false },
  ...{ mem_total_bytes: 15.6 * GIB, used_bytes: 13.2 * GIB, used_delta_bytes: 4.1 * GIB },
  ...{ largest: [NODE], culprits: [NODE] },
};

const textOf = (change: Partial<ToldAnswer>) => answerText({ ...ANSWER, ...change }, Date.parse(TS), 'UTC');
const grown = (change: Partial<ToldSubtree>) => textOf({ culprits: [{ ...NODE, ...change }] });

describe('the answer in words', () => {
  test('says how much is used, how it grew, who holds most and whose growth it is', () => {
    expect(textOf({})).toBe(
      '13.2 of 15.6 GiB used at 20:00 (+4.10 GiB since 19:00). Largest: node 812 "vite build" 5.00 GiB with 6 children; 88 % of the growth is node 812.',
    );
  });

  test.for<[string, Partial<ToldAnswer>, RegExp]>([
    ['used did not change', { used_delta_bytes: 0 }, /used at 20:00 \(the same as at 19:00\)\./],
    ['used shrank', { used_delta_bytes: -GIB }, /\(−1\.00 GiB since 19:00\)/],
    [
      'there is no earlier sample',
      { from: null, culprits: [] },
      /; no sample at or before 19:00 to compare with\. Largest: node 812 "vite build" 5\.00 GiB with 6 children\.$/,
    ],
    ['nobody grew', { culprits: [] }, /; no process grew\.$/],
    ['nobody grew, nor did used', { culprits: [], used_delta_bytes: -1 }, /with 6 children\.$/],
    [
      'used is not known',
      { used_bytes: null, used_delta_bytes: null },
      /^How much memory was used at 20:00 is not known\. Largest/,
    ],
    ['the total is not known', { mem_total_bytes: null }, /^13\.2 GiB used at/],
    ['the units differ', { used_bytes: GIB / 2 }, /^512 MiB of 15\.6 GiB used/],
    ['nobody holds anything', { largest: [], culprits: [] }, /No process holds memory\.$/],
    [
      'the sample is far away',
      { asked: '2026-01-15T21:30:00.000Z', is_far: true },
      /The last sample before 21:30 is of 20:00, 1h 30m 0s earlier\.$/,
    ],
    [
      'the earlier sample is far away',
      { from: '2026-01-14T18:00:07.000Z', from_is_far: true },
      /since 2026-01-14 18:00:07\).*The last sample before 19:00 is of 2026-01-14 18:00:07, 1d 0h 59m 53s earlier\.$/,
    ],
    [
      'the host was started anew',
      { rebooted: true },
      /with 6 children\. The host was started anew in between: every process is new\.$/,
    ],
  ])('where %s', ([, change, expected]) => {
    expect(textOf(change)).toMatch(expected);
  });

  test('says of sums of RSS that they are upper bounds', () => {
    const one = { ...NODE, rss_is_upper_bound: true, subtree_processes: 2 };
    expect(textOf({ largest: [one] })).toMatch(/"vite build" at most 5\.00 GiB with 1 child;/);
  });

  test('names the one that grew where it is another, new, more than everything, or used did not grow', () => {
    expect(grown({ key: 'k', pid: 9, cmd: 'cc1 -quiet' })).toMatch(/88 % of the growth is cc1 9 "-quiet"\.$/);
    expect(grown({ is_new: true })).toMatch(/88 % of the growth is node 812, which is new\.$/);
    expect(grown({ share_of_growth: 1.2 })).toMatch(
      /node 812 grew by 3\.60 GiB, more than all of the growth: others shrank\.$/,
    );
    expect(grown({ share_of_growth: null })).toMatch(/; most grown: node 812, \+3\.60 GiB\.$/);
  });

  test('has times of the zone that is asked for', () => {
    expect(answerText(ANSWER, Date.parse(TS), '+02:00')).toMatch(/used at 22:00 \(\+4\.10 GiB since 21:00\)/);
  });
});

describe('a process in a sentence', () => {
  test.for<[string | null, string | null, string]>([
    ['/usr/bin/redis-server', 'redis', 'redis-server 1'],
    ['postgres: checkpointer ', 'postgres', 'postgres 1 "checkpointer"'],
    [`x ${'a'.repeat(60)}`, 'x', `x 1 "${'a'.repeat(40)}…"`],
    ['evil \\x1b[2Jrm', 'evil', 'evil 1 "\\x1b[2Jrm"'],
    ['', 'kworker/0', 'kworker/0 1'],
    [null, null, 'process 1'],
  ])('%j, %j is called %s', ([cmd, comm, name]) => {
    expect(longNameOf({ pid: 1, cmd, comm })).toBe(name);
  });
});
