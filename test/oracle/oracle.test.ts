import { describe, expect, test } from 'vitest';
import { MIB } from '../../server/domain/units.ts';
import type { HistoryOptions, ProcessLiteral, SampleLiteral } from '../support/dump-builder.ts';
import { instantOf, writeHistory } from '../support/dump-builder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { ComparableLevel, ComparablePid, ComparablePlot } from './contract.ts';
import { oracleLevel } from './oracle-level.ts';
import { oraclePid } from './oracle-pid.ts';
import { oraclePlot } from './oracle-plot.ts';
import { splitLine } from './read-dumps.ts';

/** The oracle itself, on examples small enough to be worked out by hand. B numbers: bugs of the predecessor. */

function history(samples: readonly SampleLiteral[], options: HistoryOptions = {}): string {
  const folder = tempFolder();
  writeHistory(folder, samples, options);
  return folder;
}

/** One sample a minute. */
function minutes(...processes: readonly (readonly ProcessLiteral[] | null)[]): SampleLiteral[] {
  return processes.map((rows, index) => ({ t: index * 60, processes: rows }));
}

/** One sample a minute of a recorder that tells no interval and no boot, as the predecessor's. */
function seedMinutes(...processes: readonly (readonly ProcessLiteral[])[]): SampleLiteral[] {
  return minutes(...processes).map((sample) => ({ ...sample, boot: null, interval: null }));
}

function answered<T extends object>(answer: T | string): T {
  if (typeof answer === 'string') throw new Error(`no answer: ${answer}`);
  return answer;
}
const level = (folder: string, query: Parameters<typeof oracleLevel>[1] = {}): ComparableLevel =>
  answered(oracleLevel(folder, query));
const subtree = (folder: string, query: Parameters<typeof oraclePid>[1]): ComparablePid =>
  answered(oraclePid(folder, query));
const plot = (folder: string, query: Parameters<typeof oraclePlot>[1]): ComparablePlot =>
  answered(oraclePlot(folder, query));

const pids = (rows: readonly { readonly pid: number }[]) => rows.map(({ pid }) => pid);
const mib = (bytes: number | null) => (bytes === null ? null : bytes / MIB);
const at = (t: number) => instantOf(t);

describe('identity', () => {
  test('B8: a reused pid is two lives, each with its own statistics', () => {
    const folder = history(
      minutes(
        [{ pid: 30, start: 10, rss_mb: 400, cmd: 'A' }],
        [],
        [{ pid: 30, start: 9000, rss_mb: 5, cmd: 'B' }],
      ),
    );
    const { process, instances } = subtree(folder, { pid: 30 });
    expect(process).toMatchObject({ cmd: 'B', rss_mean_bytes: 5 * MIB, rss_max_bytes: 5 * MIB });
    expect(instances.map(({ cmd }) => cmd)).toEqual(['A', 'B']);
    expect(oraclePid(folder, { pid: 30, ts: at(60) })).toBe('no_data_for_pid');
  });

  test('B8: the same pid and start ticks in another boot is another life', () => {
    const folder = history([
      { t: 0, processes: [{ pid: 5, start: 7 }] },
      { t: 60, boot: 'boot-2', uptime: 30, processes: [{ pid: 5, start: 7 }] },
    ]);
    expect(subtree(folder, { pid: 5 }).instances).toHaveLength(2);
  });

  test('B9: an exec goes on as one life, shown once with the command of the instant', () => {
    const folder = history(
      minutes([{ pid: 20, start: 1, cmd: '/bin/sh run' }], [{ pid: 20, start: 1, cmd: 'python3 run' }]),
    );
    expect(level(folder).rows.map(({ cmd }) => cmd)).toEqual(['python3 run']);
    expect(level(folder, { ts: at(0) }).rows.map(({ cmd }) => cmd)).toEqual(['/bin/sh run']);
    expect(subtree(folder, { pid: 20 }).instances).toHaveLength(1);
  });
});

describe('identity without start ticks', () => {
  const livesOf = (folder: string, pid: number) =>
    subtree(folder, { pid }).instances.map(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  const p = (literal: Partial<ProcessLiteral> = {}): ProcessLiteral => ({
    pid: 9,
    ppid: 1,
    cmd: 'a x',
    ...literal,
  });
  const init: ProcessLiteral = { pid: 1, cmd: 'init' };
  const seed = (...processes: readonly (readonly ProcessLiteral[])[]) =>
    history(seedMinutes(...processes), { format: 'seed' });

  test('a life ends where the pid is absent', () => {
    expect(livesOf(seed([init, p()], [init], [init, p()]), 9)).toEqual([
      [at(0), at(0)],
      [at(120), at(120)],
    ]);
  });

  test('a life ends where the first word of the command changes, not where the rest does', () => {
    const folder = seed([init, p()], [init, p({ cmd: 'a y' })], [init, p({ cmd: 'b y' })]);
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(60)],
      [at(120), at(120)],
    ]);
  });

  test('a life ends where the parent changes although the old one is still there', () => {
    const folder = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, { pid: 2, cmd: 'sh' }, p()]);
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(0)],
      [at(60), at(60)],
    ]);
  });

  test('a life goes on where the old parent is gone, or its pid is someone else', () => {
    const gone = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, p()]);
    expect(livesOf(gone, 9)).toEqual([[at(0), at(60)]]);
    const reused = seed([init, { pid: 2, cmd: 'sh' }, p({ ppid: 2 })], [init, { pid: 2, cmd: 'cron' }, p()]);
    expect(livesOf(reused, 9)).toEqual([[at(0), at(60)]]);
  });

  test('a life ends across a gap of more than three usual spacings', () => {
    const times = [0, 60, 120, 180, 240, 421, 481, 541];
    const samples = times.map((t) => ({ t, boot: null, interval: null, processes: [init, p()] }));
    const folder = history(samples, { format: 'seed' });
    expect(livesOf(folder, 9)).toEqual([
      [at(0), at(240)],
      [at(421), at(541)],
    ]);
    expect(plot(folder, { pid: 9 }).gaps).toMatchObject([{ reason: 'stopped' }]);
  });
});

describe('figures', () => {
  test('B10, B11: a subtree maximum is the largest simultaneous sum, not a sum of maxima', () => {
    const folder = history(
      minutes(
        [
          { pid: 1, rss_mb: 1 },
          { pid: 2, ppid: 1, rss_mb: 500 },
          { pid: 3, ppid: 1, rss_mb: 10 },
        ],
        [
          { pid: 1, rss_mb: 1 },
          { pid: 2, ppid: 1, rss_mb: 20 },
          { pid: 3, ppid: 1, rss_mb: 600 },
        ],
      ),
    );
    const { process } = subtree(folder, { pid: 1 });
    expect(mib(process.subtree_rss_bytes)).toBe(621);
    expect(mib(process.subtree_rss_max_bytes)).toBe(621);
    expect(mib(process.subtree_rss_mean_bytes)).toBe((511 + 621) / 2);
  });

  test('B12: who belongs to a subtree is asked of each sample', () => {
    const folder = history(
      minutes(
        [{ pid: 1 }, { pid: 2, rss_mb: 10 }, { pid: 3, ppid: 2, rss_mb: 700 }],
        [{ pid: 1 }, { pid: 2, rss_mb: 10 }, { pid: 3, ppid: 1, rss_mb: 800 }],
      ),
    );
    expect(plot(folder, { pid: 2 }).subtree.rss_bytes.map(mib)).toEqual([710, 10]);
    expect(mib(subtree(folder, { pid: 2 }).process.subtree_rss_max_bytes)).toBe(710);
    expect(plot(folder, { pid: 2 }).children.map(({ t }) => t)).toEqual([[at(0)]]);
  });

  test('B13: statistics are of the samples up to the instant, unless the whole is asked for', () => {
    const folder = history(minutes(...[10, 20, 900].map((rss_mb) => [{ pid: 1, rss_mb }])));
    expect(mib(level(folder, { ts: at(60) }).rows[0].rss_max_bytes)).toBe(20);
    expect(mib(level(folder, { ts: at(60), window: 'all' }).rows[0].rss_max_bytes)).toBe(900);
  });

  test('B15: a lifetime is told by the uptime, so one sample is enough', () => {
    const folder = history([{ t: 0, uptime: 5000, processes: [{ pid: 1, start: 100_000 }] }]);
    const { process } = subtree(folder, { pid: 1 });
    expect(process.lifetime_seconds).toBe(4000);
    expect(Date.parse(process.started)).toBe(at(-4000));
    expect(Date.parse(process.first_seen)).toBe(at(0));
  });

  test('B15: without start ticks a lifetime is the time since it was first seen', () => {
    const folder = history(seedMinutes([{ pid: 1 }], [{ pid: 1 }]), { format: 'seed' });
    expect(subtree(folder, { pid: 1 }).process).toMatchObject({ lifetime_seconds: 60, weak_identity: true });
  });

  test('B16: samples in which it was not alive are not counted as 0', () => {
    const folder = history(
      minutes([{ pid: 1, start: 1, rss_mb: 30 }], [], [{ pid: 1, start: 1, rss_mb: 50 }]),
    );
    const { process } = subtree(folder, { pid: 1 });
    expect([process.rss_min_bytes, process.rss_mean_bytes].map(mib)).toEqual([30, 40]);
    expect(plot(folder, { pid: 1 }).own.rss_bytes.map(mib)).toEqual([30, 50]);
  });

  test('B22: only what may be added up is, and unknown is not 0', () => {
    const folder = history(
      minutes([
        { pid: 1, rss_mb: 5, pss_mb: 3 },
        { pid: 2, rss_mb: 7 },
      ]),
    );
    expect(level(folder).totals).toEqual({
      processes: 2,
      rss_bytes: 12 * MIB,
      pss_bytes: 3 * MIB,
      swap_bytes: null,
      known: { pss: 1, swap: 0 },
    });
  });
});

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
