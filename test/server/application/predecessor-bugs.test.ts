import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import type { LevelRequest } from '../../../server/application/view-level.ts';
import { viewLevel } from '../../../server/application/view-level.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewPlot } from '../../../server/application/view-plot.ts';
import { viewSubtree } from '../../../server/application/view-subtree.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { historyOf, minutes } from './recorded.ts';

/** Small examples that were wrong in the predecessor; each would fail on its behaviour. */

const DEFAULTS: LevelRequest = {
  lvl: 0,
  window: 'upto',
  limit: 100,
  sort: 'subtree_rss_max_bytes',
  dir: 'desc',
};

async function recorded<T>(
  samples: readonly SampleLiteral[],
  use: (history: History) => Promise<T>,
): Promise<T> {
  const history = await historyOf(samples);
  try {
    return await use(history);
  } finally {
    await history.close();
  }
}

const level = (history: History, request: Partial<LevelRequest> = {}) =>
  viewLevel(history, { ...DEFAULTS, ...request }, 'UTC');
const subtree = (history: History, pid: number, request: Partial<LevelRequest> = {}) =>
  viewSubtree(history, { ...DEFAULTS, ...request, pid }, 'UTC');
const plot = (history: History, pid: number) => viewPlot(history, { pid, px: 1200 }, 'UTC');
const pids = (rows: readonly { readonly pid: number }[]) => rows.map(({ pid }) => pid);
const inMib = (values: readonly (number | null)[]) =>
  values.map((bytes) => (bytes === null ? null : bytes / MIB));

describe('B8: a pid that is used again', () => {
  const samples = minutes(
    [{ pid: 30, start: 10, rss_mb: 400, cmd: 'A' }],
    [],
    [{ pid: 30, start: 112_000, rss_mb: 5, cmd: 'B' }],
  );

  test('is another process with figures of its own', async () => {
    await recorded(samples, async (history) => {
      const { rows } = await level(history);
      expect(rows).toMatchObject([
        { cmd: 'B', rss_min_bytes: 5 * MIB, rss_mean_bytes: 5 * MIB, rss_max_bytes: 5 * MIB },
      ]);
      expect(rows[0].lifetime_seconds).toBe(0);
    });
  });

  test('has a plot of the one that is alive, and both as instances', async () => {
    await recorded(samples, async (history) => {
      const view = await plot(history, 30);
      expect(inMib(view.own.rss_bytes)).toEqual([5]);
      expect(view.instances.map(({ cmd }) => cmd)).toEqual(['A', 'B']);
    });
  });

  test('after a reboot, even with the same start ticks', async () => {
    const reboot = [
      { t: 0, processes: [{ pid: 5, start: 7, rss_mb: 90 }] },
      { t: 60, boot: 'boot-2', uptime: 30, processes: [{ pid: 5, start: 7, rss_mb: 1 }] },
    ];
    await recorded(reboot, async (history) => {
      expect((await level(history)).rows).toMatchObject([{ rss_max_bytes: MIB }]);
      expect((await subtree(history, 5)).instances).toHaveLength(2);
    });
  });
});

describe('B9: a process that runs another program', () => {
  test('stays one row and one life, with the command of the instant', async () => {
    const samples = minutes(
      [{ pid: 20, start: 1, cmd: '/bin/sh run', rss_mb: 1 }],
      [{ pid: 20, start: 1, cmd: 'python3 run', rss_mb: 9 }],
    );
    await recorded(samples, async (history) => {
      const { rows, levels } = await level(history);
      expect(rows).toMatchObject([{ cmd: 'python3 run', rss_min_bytes: MIB, rss_max_bytes: 9 * MIB }]);
      expect(levels).toMatchObject([{ processes: 1 }]);
      expect((await level(history, { ts: '-60s' })).rows).toMatchObject([{ cmd: '/bin/sh run' }]);
    });
  });
});

describe('B11: a subtree’s maximum', () => {
  test('is the largest simultaneous sum, not the sum of each one’s maximum', async () => {
    const tree = (a: number, b: number) => [
      { pid: 1, rss_mb: 1 },
      { pid: 2, ppid: 1, rss_mb: a },
      { pid: 3, ppid: 1, rss_mb: b },
    ];
    await recorded(minutes(tree(500, 10), tree(10, 500)), async (history) => {
      const { rows } = await level(history);
      expect(rows).toMatchObject([
        { subtree_rss_max_bytes: 511 * MIB, subtree_rss_mean_bytes: 511 * MIB, subtree_rss_bytes: 511 * MIB },
      ]);
      expect(inMib((await plot(history, 1)).subtree.rss_bytes)).toEqual([511, 511]);
    });
  });
});

describe('B12: who belongs to a subtree', () => {
  test('is told by each sample for itself: a child that moved away counts there no more', async () => {
    const samples = minutes(
      [{ pid: 1 }, { pid: 2, ppid: 1 }, { pid: 3, ppid: 1 }, { pid: 9, ppid: 2, rss_mb: 100 }],
      [{ pid: 1 }, { pid: 2, ppid: 1 }, { pid: 3, ppid: 1 }, { pid: 9, ppid: 3, rss_mb: 100 }],
    );
    await recorded(samples, async (history) => {
      expect(inMib((await plot(history, 2)).subtree.rss_bytes)).toEqual([101, 1]);
      expect(inMib((await plot(history, 3)).subtree.rss_bytes)).toEqual([1, 101]);
      expect(pids((await subtree(history, 2)).rows)).toEqual([2]);
      expect((await plot(history, 2)).children).toMatchObject([{ pid: 9, t: [expect.any(Number)] }]);
    });
  });
});

describe('B13: a snapshot of an earlier instant', () => {
  test('knows nothing of what came later, unless everything is asked for', async () => {
    await recorded(minutes([{ pid: 1, rss_mb: 10 }], [{ pid: 1, rss_mb: 900 }]), async (history) => {
      const early = await level(history, { ts: '-60s' });
      expect(early.rows).toMatchObject([{ rss_max_bytes: 10 * MIB, subtree_rss_max_bytes: 10 * MIB }]);
      expect((await level(history, { ts: '-60s', min_rss: 100 })).rows).toEqual([]);
      const all = await level(history, { ts: '-60s', window: 'all', min_rss: 100 });
      expect(all.rows).toMatchObject([{ rss_bytes: 10 * MIB, rss_max_bytes: 900 * MIB }]);
    });
  });
});

describe('B15: a lifetime', () => {
  test('counts from the start, so that one sample is enough and a new hog is not hidden as young', async () => {
    const samples: SampleLiteral[] = [
      { t: 0, uptime: 5000, processes: [{ pid: 7, start: 440_000, rss_mb: 800 }] },
    ];
    await recorded(samples, async (history) => {
      const { rows } = await level(history, { min_life: 600, min_rss: 500 });
      expect(rows).toMatchObject([{ lifetime_seconds: 600, started: '2026-01-15T11:50:00.000Z' }]);
      expect((await level(history)).hidden.processes).toBe(0);
    });
  });
});

describe('B16: minimum and mean', () => {
  test('are over the samples in which the process was alive, and absence is not 0', async () => {
    const p = { pid: 7, start: 9, rss_mb: 100 };
    await recorded(
      minutes([{ pid: 1 }], [{ pid: 1 }, p], [{ pid: 1 }, { ...p, rss_mb: 300 }]),
      async (history) => {
        const { process, own } = await plot(history, 7);
        expect(process).toMatchObject({
          rss_min_bytes: 100 * MIB,
          rss_mean_bytes: 200 * MIB,
          rss_max_bytes: 300 * MIB,
        });
        expect(inMib(own.rss_bytes)).toEqual([100, 300]);
      },
    );
  });
});

describe('B10, B17, B18, B21, B22, B23', () => {
  const samples = minutes([
    { pid: 1, rss_mb: 1 },
    { pid: 10, ppid: 1, rss_mb: 1 },
    { pid: 20, ppid: 10, rss_mb: 1 },
    { pid: 30, ppid: 20, rss_mb: 700 },
    { pid: 40, ppid: 20, rss_mb: 900 },
    { pid: 41, ppid: 40, rss_mb: 298 },
  ]);

  test('a subtree is added up whole, each process once', async () => {
    await recorded(samples, async (history) => {
      expect((await level(history)).rows).toMatchObject([
        { subtree_processes: 6, subtree_rss_bytes: 1901 * MIB },
      ]);
    });
  });

  test('a filter comes after the tree: a grandchild of small parents is found, the root may be empty', async () => {
    await recorded(samples, async (history) => {
      const view = await subtree(history, 10, { min_rss: 600 });
      expect(view.rows.map(({ pid, matched }) => [pid, matched])).toEqual([
        [10, false],
        [20, false],
        [40, true],
        [30, true],
      ]);
      expect(view.totals.rss_bytes).toBe(1600 * MIB);
    });
  });

  test('children are direct ones, with the parent that they have', async () => {
    await recorded(samples, async (history) => {
      const view = await plot(history, 20);
      expect(pids(view.children)).toEqual([40, 30]);
      expect(view.children_summary.map(({ pid, ppid }) => [pid, ppid])).toEqual([
        [40, 20],
        [30, 20],
      ]);
    });
  });

  test('a child that ran another program later is called as in the range that is drawn', async () => {
    const child = (cmd: string) => [{ pid: 1 }, { pid: 2, ppid: 1, cmd }];
    await recorded(minutes(child('sh'), child('sh'), child('java')), async (history) => {
      const to = new Date(history.spine('test-1').t[1]).toISOString();
      const early = await viewPlot(history, { pid: 1, px: 1200, to }, 'UTC');
      expect([early.children[0].cmd, early.children_summary[0].cmd]).toEqual(['sh', 'sh']);
      expect((await plot(history, 1)).children[0].cmd).toBe('java');
    });
  });

  test('a loop of parents is cut, and everybody has a level', async () => {
    const loop = minutes([
      { pid: 5, ppid: 6, start: 2 },
      { pid: 6, ppid: 5, start: 1 },
      { pid: 7, ppid: 6, start: 3 },
    ]);
    await recorded(loop, async (history) => {
      expect(pids((await level(history)).rows)).toEqual([6]);
      expect(pids((await subtree(history, 6, { sort: 'pid', dir: 'asc' })).rows)).toEqual([6, 5, 7]);
    });
  });
});

describe('what the predecessor could not hold', () => {
  test('a snapshot without any process is one, and empty', async () => {
    await recorded(minutes([]), async (history) => {
      expect(await level(history)).toMatchObject({ levels: [], rows: [], matched: 0 });
      await expect(subtree(history, 1)).rejects.toMatchObject({ code: 'no_data_for_pid' });
    });
  });

  test('B30: a line is broken at a gap, with one null in it', async () => {
    const samples = [0, 60, 1200, 1260].map((t) => ({ t, processes: [{ pid: 1 }, { pid: 2, ppid: 1 }] }));
    await recorded(samples, async (history) => {
      const view = await plot(history, 1);
      expect(inMib(view.own.rss_bytes)).toEqual([1, 1, null, 1, 1]);
      expect(inMib(view.children[0].rss_bytes)).toEqual([1, 1, null, 1, 1]);
      expect(view.gaps).toMatchObject([{ reason: 'stopped' }]);
      const overview = await viewOverview(history, { px: 1200 }, 'UTC');
      expect([...overview.series.process_rss_bytes]).toEqual(
        [2, 2, Number.NaN, 2, 2].map((mib) => mib * MIB),
      );
      expect(overview.coverage.covered_ratio).toBeCloseTo(120 / 1260);
    });
  });

  test('a process with more than twelve children: twelve, and the rest in one sum', async () => {
    const children = Array.from({ length: 15 }, (_, at) => ({ pid: 100 + at, ppid: 1, rss_mb: 50 - at }));
    await recorded(minutes([{ pid: 1 }, ...children]), async (history) => {
      const view = await plot(history, 1);
      expect(pids(view.children)).toEqual(children.slice(0, 12).map(({ pid }) => pid));
      expect(view.others).toMatchObject({ processes: 3, rss_bytes: [(38 + 37 + 36) * MIB] });
      expect(view.children_summary).toHaveLength(15);
    });
  });
});
