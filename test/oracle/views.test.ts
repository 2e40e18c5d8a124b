import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { ProcessLiteral } from '../support/dump-builder.ts';
import { instantOf as at } from '../support/dump-builder.ts';
import { history, level, mib, minutes, pids, plot, subtree } from './hand-made.ts';
import { oracleLevel } from './oracle-level.ts';
import { oraclePlot } from './oracle-plot.ts';
import { splitLine } from './read-dumps.ts';

/** The oracle itself, on examples small enough to be worked out by hand. B numbers: bugs of the predecessor. */

describe('filter, order and limit', () => {
  const family = minutes([
    { pid: 10, rss_mb: 1 },
    { pid: 20, ppid: 10, rss_mb: 2 },
    { pid: 30, ppid: 20, rss_mb: 700, cmd: 'hog' },
    { pid: 31, ppid: 20, rss_mb: 650 },
    { pid: 40, rss_mb: 90 },
  ]);

  test('B17: a small parent stays above the large grandchild that matches', () => {
    const { rows, matched, shown, hidden } = subtree(history(family), { pid: 10, min_rss: 680 });
    expect(rows.map(({ pid, depth, matched: own }) => [pid, depth, own])).toEqual([
      [10, 0, false],
      [20, 1, false],
      [30, 2, true],
    ]);
    expect({ matched, shown, hidden }).toEqual({
      matched: 1,
      shown: 3,
      hidden: { processes: 1, rss_bytes: 650 * MIB },
    });
  });

  test('B17: nothing that matches gives no rows, and the process itself is still told', () => {
    const { rows, process, hidden } = subtree(history(family), { pid: 40, min_rss: 100 });
    expect([rows, process.pid, hidden.processes]).toEqual([[], 40, 1]);
  });

  test('B18: a threshold means the same at every level', () => {
    const folder = history(family);
    expect(pids(level(folder, { min_subtree: 100 }).rows)).toEqual([10]);
    expect(pids(level(folder, { lvl: 1, min_subtree: 100 }).rows)).toEqual([20]);
    expect(pids(level(folder, { lvl: 2, min_rss: 680 }).rows)).toEqual([30]);
    expect(pids(level(folder, { min_rss: 50 }).rows)).toEqual([40]);
  });

  test('B19: the limit comes last, and says what it hides', () => {
    const { rows, matched, shown, hidden, totals } = level(history(family), { lvl: 2, limit: 1 });
    expect(pids(rows)).toEqual([30]);
    expect({ matched, shown, hidden }).toEqual({
      matched: 2,
      shown: 1,
      hidden: { processes: 1, rss_bytes: 650 * MIB },
    });
    expect(mib(totals.rss_bytes)).toBe(1350);
  });

  test('levels are told of the whole tree', () => {
    expect(level(history(family), { q: 'hog' }).levels).toEqual([
      { level: 0, processes: 2, rss_bytes: 91 * MIB },
      { level: 1, processes: 1, rss_bytes: 2 * MIB },
      { level: 2, processes: 2, rss_bytes: 1350 * MIB },
    ]);
  });

  test('ties go by pid and unknown comes last, whichever way', () => {
    const folder = history(
      minutes([{ pid: 3, pss_mb: 1 }, { pid: 1 }, { pid: 2, pss_mb: 4 }, { pid: 4, pss_mb: 1 }]),
    );
    expect(pids(level(folder, { sort: 'pss_bytes', dir: 'asc' }).rows)).toEqual([3, 4, 2, 1]);
    expect(pids(level(folder, { sort: 'pss_bytes', dir: 'desc' }).rows)).toEqual([2, 3, 4, 1]);
  });

  test('an instant is the nearest sample with processes at or before it', () => {
    const folder = history(minutes([{ pid: 1 }], null, [{ pid: 2 }]));
    expect(level(folder, { ts: at(119) }).ts).toBe(new Date(at(0)).toISOString());
    expect(oracleLevel(folder, { ts: at(-1) })).toBe('unknown_timestamp');
  });
});

describe('trees', () => {
  test('B21: an orphan is a root, and so is its own parent', () => {
    const folder = history(
      minutes([
        { pid: 5, ppid: 77 },
        { pid: 6, ppid: 6 },
        { pid: 7, ppid: 6 },
      ]),
    );
    expect(pids(level(folder).rows).sort()).toEqual([5, 6]);
    expect(pids(level(folder, { lvl: 1 }).rows)).toEqual([7]);
  });

  test('B21: a loop is cut at its smallest (start ticks, pid)', () => {
    const folder = history(
      minutes([
        { pid: 2, ppid: 4, start: 9 },
        { pid: 3, ppid: 2, start: 5 },
        { pid: 4, ppid: 3, start: 7 },
        { pid: 8, ppid: 4, start: 1 },
      ]),
    );
    const { rows } = subtree(folder, { pid: 3 });
    expect(rows.map(({ pid, level: own }) => [pid, own])).toEqual([
      [3, 0],
      [4, 1],
      [2, 2],
      [8, 2],
    ]);
  });

  test('B23: children are direct children, with their real parent', () => {
    const folder = history(
      minutes([{ pid: 1 }, { pid: 2, ppid: 1, rss_mb: 3 }, { pid: 3, ppid: 2, rss_mb: 4 }]),
    );
    const { children, children_summary } = plot(folder, { pid: 1 });
    expect(pids(children)).toEqual([2]);
    expect(children_summary.map(({ pid, ppid }) => [pid, ppid])).toEqual([[2, 1]]);
    expect(children[0].subtree_rss_bytes).toEqual([7 * MIB]);
  });
});

describe('lines', () => {
  const me: ProcessLiteral = { pid: 1, rss_mb: 5 };
  const child: ProcessLiteral = { pid: 2, ppid: 1, start: 3 };

  test('a gap breaks a line in its middle', () => {
    const folder = history([0, 60, 600].map((t) => ({ t, processes: [me] })));
    const { own, gaps } = plot(folder, { pid: 1 });
    expect(own.t).toEqual([0, 60, 330, 600].map(at));
    expect(own.rss_bytes.map(mib)).toEqual([5, 5, null, 5]);
    expect(gaps).toMatchObject([{ reason: 'stopped' }]);
  });

  test('a reboot is a gap however short it is', () => {
    const samples = [
      { t: 0, processes: [me] },
      { t: 60, boot: 'boot-2', uptime: 20, processes: [me] },
    ];
    expect(plot(history(samples), { pid: 1, since: at(0) }).gaps).toMatchObject([{ reason: 'reboot' }]);
  });

  test("a child's line breaks where it was no child", () => {
    const folder = history(minutes([me, child], [me, { ...child, ppid: 0 }], [me, child], [me, child]));
    const [line] = plot(folder, { pid: 1 }).children;
    expect(line.t).toEqual([0, 60, 120, 180].map(at));
    expect(line.rss_bytes.map(mib)).toEqual([1, null, 1, 1]);
  });

  test('twelve children are drawn, the rest is one sum, and all are summed up in rows', () => {
    const many = Array.from({ length: 14 }, (_, n) => ({ pid: 100 + n, ppid: 1, rss_mb: n + 1 }));
    const { children, others, children_summary } = plot(history(minutes([me, ...many])), { pid: 1 });
    expect(pids(children)).toEqual(Array.from({ length: 12 }, (_, n) => 113 - n));
    expect(others).toMatchObject({ processes: 2, rss_bytes: [3 * MIB] });
    expect(children_summary).toHaveLength(14);
  });

  test('statistics of a plot are of its range', () => {
    const folder = history(minutes(...[10, 20, 900].map((rss_mb) => [{ pid: 1, rss_mb }])));
    const { process, peak } = plot(folder, { pid: 1, to: at(60) });
    expect([process.rss_bytes, process.rss_max_bytes, peak.rss_bytes].map(mib)).toEqual([20, 20, 20]);
    expect(oraclePlot(folder, { pid: 1, from: at(200), to: at(300) })).toBe('no_data_for_pid');
  });
});

describe('files', () => {
  test('layout and compression make no difference', () => {
    const samples = minutes([{ pid: 1, cmd: 'say "a, b", twice' }], [{ pid: 1, cmd: 'say "a, b", twice' }]);
    const [plain, ...others] = [
      {},
      { compressed: true },
      { layout: 'flat' } as const,
      { layout: 'flat', compressed: true } as const,
    ].map((options) => level(history(samples, options)));
    expect(plain.rows[0].cmd).toBe('say "a, b", twice');
    for (const other of others) expect(other).toEqual(plain);
  });

  test.for([
    ['a,b', ['a', 'b']],
    ['a,,', ['a', '', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",""', ['say "hi"', '']],
  ] as const)('the record %s', ([line, cells]) => {
    expect(splitLine(line)).toEqual(cells);
  });
});
