import { describe, expect, test } from 'vitest';
import { compareSummaries, findSubject } from '../../../server/domain/compare-sessions.ts';
import type { SessionFigures } from '../../../server/domain/session-figures.ts';
import { openFigures } from '../../../server/domain/session-figures.ts';
import type { SessionPart, SessionSummary } from '../../../server/domain/session-summary.ts';
import { checkThresholds, parseLimit, verdictOf } from '../../../server/domain/session-thresholds.ts';

function figures(...values: readonly number[]): SessionFigures | null {
  const open = openFigures();
  for (const [t, value] of values.entries()) open.add(t, value);
  return open.read();
}

const part = (name: string, ...values: readonly number[]): SessionPart => ({
  name,
  processes: 1,
  figures: figures(...values),
  pss: null,
});

function summary(
  used: readonly number[],
  programs: readonly SessionPart[],
  members: readonly SessionPart[] = [],
): SessionSummary {
  const group = members.length > 0 ? { total: part('web', 1, 2), members } : null;
  return { used: figures(...used), group, ambiguous: 0, programs, lives: [] };
}

describe('two sessions side by side', () => {
  const a = summary([100, 200], [part('node', 10, 30), part('gone', 5), part('same', 7)], [part('api', 3)]);
  const b = summary([100, 400], [part('node', 60), part('new', 8), part('same', 7)], [part('api')]);
  const rows = compareSummaries(a, b);
  const told = rows.map(({ kind, name, mean_delta_bytes: mean, peak_delta_bytes: peak }) => [
    kind,
    name,
    mean,
    peak,
  ]);

  test('differ by mean and peak, the largest difference of a program first', () => {
    expect(told).toEqual([
      ['host', 'used memory', 100, 200],
      ['group', 'web', 0, 0],
      ['member', 'api', -3, -3],
      ['program', 'node', 40, 30],
      ['program', 'new', 8, 8],
      ['program', 'gone', -5, -5],
      ['program', 'same', 0, 0],
    ]);
  });

  test('where the host is unknown in one of them, so is the difference', () => {
    expect(compareSummaries(a, summary([], []))[0].mean_delta_bytes).toBeNull();
  });

  test('differ by PSS where it is known of what was there in both', () => {
    const shared = (name: string, pss: readonly number[]) => ({
      ...{ name, processes: 2, figures: figures(50, 60) },
      pss: figures(...pss),
    });
    const before = summary([1], [shared('both', [10, 30]), shared('unread', []), shared('gone', [9])]);
    const after = summary([1], [shared('both', [12]), shared('unread', [5]), shared('new', [4, 6])]);
    const differences = compareSummaries(before, after).map(
      ({ name, pss_mean_delta_bytes: mean, pss_peak_delta_bytes: peak, rss_is_upper_bound: isBound }) => [
        ...[name, mean, peak, isBound],
      ],
    );
    expect(differences).toEqual([
      ['used memory', null, null, false],
      ['gone', -9, -9, true],
      ['new', 5, 6, true],
      ['both', -8, -18, true],
      ['unread', null, null, true],
    ]);
  });

  test('have a subject by kind and name', () => {
    expect(findSubject(rows, { kind: 'group' })?.name).toBe('web');
    expect(findSubject(rows, { kind: 'program', name: 'new' })?.a.figures).toBeNull();
    expect(findSubject(rows, { kind: 'member', name: 'node' })).toBeNull();
  });
});

describe('a threshold', () => {
  const before = figures(100, 100);
  const after = figures(80, 120);
  const verdicts = (limits: Parameters<typeof checkThresholds>[0], a = before, b = after, isFinal = true) =>
    checkThresholds(limits, a, b, isFinal).map(({ threshold, verdict, value_bytes }) => [
      threshold,
      verdict,
      value_bytes,
    ]);

  test('holds at its limit and fails above it', () => {
    expect(verdicts({ max_peak: { bytes: 120 }, max_mean: { bytes: 99 } })).toEqual([
      ['max_peak', 'pass', 120],
      ['max_mean', 'fail', 100],
    ]);
    expect(verdicts({ max_growth: { bytes: 39 } })).toEqual([['max_growth', 'fail', 40]]);
    expect(verdicts({ max_delta: { bytes: 0 } })).toEqual([['max_delta', 'pass', 0]]);
  });

  test('of a share is one of the mean of A', () => {
    const [check] = checkThresholds({ max_delta: { ratio: 0.05 } }, before, figures(106), true);
    expect([check.verdict, check.limit_bytes, check.value_bytes]).toEqual(['fail', 5, 6]);
    expect(check.text).toBe('The mean of B above that of A is 6 B, the limit 5 B.');
  });

  test('is inconclusive where its figure is unknown, never passed', () => {
    const all = {
      max_peak: { bytes: 1e9 },
      max_mean: { bytes: 1e9 },
      max_growth: { bytes: 1e9 },
      max_delta: { ratio: 9 },
    };
    for (const [, verdict] of verdicts(all, before, null)) expect(verdict).toBe('inconclusive');
    expect(verdicts({ max_growth: { bytes: 1e9 } }, before, figures(1))).toEqual([
      ['max_growth', 'inconclusive', null],
    ]);
    expect(verdicts({ max_delta: { ratio: 9 } }, null, after)).toEqual([['max_delta', 'inconclusive', null]]);
  });

  test('that holds is inconclusive while one of them records; that does not hold has failed', () => {
    expect(verdicts({ max_peak: { bytes: 200 }, max_mean: { bytes: 1 } }, before, after, false)).toEqual([
      ['max_peak', 'inconclusive', 120],
      ['max_mean', 'fail', 100],
    ]);
  });
});

test('a failure decides the verdict, then what is unknown', () => {
  const of = (...verdicts: readonly ('pass' | 'fail' | 'inconclusive')[]) =>
    verdictOf(
      verdicts.map((verdict) => ({
        threshold: 'max_peak',
        verdict,
        limit_bytes: 1,
        value_bytes: 1,
        text: '',
      })),
    );
  expect([of(), of('pass'), of('pass', 'inconclusive'), of('inconclusive', 'fail', 'pass')]).toEqual([
    null,
    'pass',
    'inconclusive',
    'fail',
  ]);
});

test('a limit is a size, and of a difference also a share', () => {
  expect(parseLimit('max_peak', '500MiB')).toEqual({ bytes: 524_288_000 });
  expect(parseLimit('max_delta', '5%')).toEqual({ ratio: 0.05 });
  expect(parseLimit('max_delta', '1.5 MiB')).toEqual({ bytes: 1_572_864 });
  for (const text of ['', '5', '-1MiB', '5 %%', 'much'])
    expect(parseLimit('max_delta', text), text).toEqual(text === '5' ? { bytes: 5 } : null);
  expect(parseLimit('max_peak', '5%')).toBeNull();
});
