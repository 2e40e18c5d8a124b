import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import type { Family, History, InstantRange, LifeSpan } from '../../../../server/application/ports.ts';
import { viewTable } from '../../../../server/application/view-table.ts';
import type { DumpFormat } from '../../../../server/domain/dump-format.ts';
import { SYSTEM_METRICS } from '../../../../server/domain/system-metrics.ts';
import { MIB } from '../../../../server/domain/units.ts';
import type { ProcessLiteral, SampleLiteral } from '../../../support/dump-builder.ts';
import { instantOf } from '../../../support/dump-builder.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import { historyOf, minutes, sampleOf, seedMinutes } from '../../application/recorded.ts';

const HOST = 'test-1';
const FIGURES = ['process_rss_bytes', ...SYSTEM_METRICS.map(({ id }) => id)] as const;
const EVERY_SAMPLE = { samples: Number.POSITIVE_INFINITY };
const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

async function using<T>(
  history: History | Promise<History>,
  use: (history: History) => Promise<T>,
): Promise<T> {
  const opened = await history;
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** Seconds after the start in which each life of a pid was first and last seen. */
async function livesOf(history: History, pid: number): Promise<number[][]> {
  const seconds = (t: number) => (t - instantOf(0)) / 1000;
  return (await livesOfPid(history, HOST, pid)).map(({ firstSeen, lastSeen }) =>
    [firstSeen, lastSeen].map(seconds),
  );
}

async function familyOf(history: History, id: number, range: InstantRange): Promise<Family> {
  const every = Number.POSITIVE_INFINITY;
  const ranked = await history.rankChildren(HOST, id, range, { ...EVERY_SAMPLE, first: every });
  return history.readFamily(HOST, id, range, { ranked, drawn: every });
}

/** Everything that a history answers, with ids replaced by keys, so that two histories can be compared. */
async function everythingIn(history: History): Promise<unknown> {
  const spine = history.spine(HOST);
  const snapshots = await Promise.all(spine.t.map((t) => history.readSnapshot(HOST, t)));
  const lives = new Map<string, LifeSpan>();
  for (const life of snapshots.flatMap((table) => table?.lives ?? [])) lives.set(life.key, life);
  const nameless = ({ id: _, ...life }: LifeSpan) => life;
  const perLife = [...lives.values()].map(async (life) => {
    const statistics = (await history.readStatistics(HOST, [life.id], EVER)).get(life.id);
    const children: Family = await familyOf(history, life.id, EVER);
    return [
      nameless(life),
      statistics,
      await history.readTimeline(HOST, life.id, EVER, EVERY_SAMPLE),
      children.drawn
        .map((child) => ({ key: child.life.key, ...child.timeline }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
      (await livesOfPid(history, HOST, life.pid)).map(nameless),
    ];
  });
  return {
    spine,
    system: await history.readSystem(HOST, FIGURES, EVER),
    snapshots: snapshots.map((table) => table && { ...table, lives: table.lives.map(nameless) }),
    lives: (await Promise.all(perLife)).sort((a, b) =>
      JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1,
    ),
  };
}

describe('a life with a start time', () => {
  test('goes on over absence, exec and another parent', async () => {
    const p = (more: Partial<ProcessLiteral>) => ({ pid: 9, start: 50, ppid: 1, cmd: 'a', ...more });
    const samples = minutes([{ pid: 1 }, p({})], [{ pid: 1 }], [{ pid: 1 }, p({ ppid: 0, cmd: 'b' })]);
    await using(historyOf(samples), async (history) => {
      expect(await livesOf(history, 9)).toEqual([[0, 120]]);
      expect(await livesOfPid(history, HOST, 9)).toMatchObject([{ weak: false, cmd: 'b' }]);
    });
  });

  test('is told from another by start ticks, and by boot', async () => {
    const samples: SampleLiteral[] = [
      { t: 0, processes: [{ pid: 9, start: 50 }] },
      { t: 60, processes: [{ pid: 9, start: 51 }] },
      { t: 120, boot: 'boot-2', uptime: 30, processes: [{ pid: 9, start: 51 }] },
    ];
    await using(historyOf(samples), async (history) => {
      expect(await livesOf(history, 9)).toEqual([
        [0, 0],
        [60, 60],
        [120, 120],
      ]);
    });
  });

  test('started at its first sample less its lifetime there', async () => {
    const samples: SampleLiteral[] = [
      { t: 60, uptime: 1060, processes: [{ pid: 9, start: 100_000 }] },
      { t: 0, uptime: 1000.5, processes: [{ pid: 9, start: 100_000 }] },
    ];
    await using(historyOf(samples), async (history) => {
      expect(await livesOfPid(history, HOST, 9)).toMatchObject([{ started: instantOf(0) - 500 }]);
    });
  });
});

describe('a life without a start time', () => {
  const init: ProcessLiteral = { pid: 1, cmd: 'init' };
  const p = (more: Partial<ProcessLiteral> = {}): ProcessLiteral => ({
    pid: 9,
    ppid: 1,
    cmd: 'a x',
    ...more,
  });
  const seed = (...processes: readonly (readonly ProcessLiteral[] | null)[]) =>
    historyOf(seedMinutes(...processes), 'seed');

  test('ends where the pid is absent', async () => {
    await using(seed([init, p()], [init], [init, p()]), async (history) => {
      expect(await livesOf(history, 9)).toEqual([
        [0, 0],
        [120, 120],
      ]);
      expect(await livesOfPid(history, HOST, 9)).toMatchObject([{ weak: true }, { weak: true }]);
    });
  });

  test('does not end at a system file alone, which tells of nobody that he is gone', async () => {
    await using(seed([init, p()], null, [init, p()]), async (history) => {
      expect(await livesOf(history, 9)).toEqual([[0, 120]]);
      const [{ id }] = await livesOfPid(history, HOST, 9);
      const { rss } = await history.readTimeline(HOST, id, EVER, EVERY_SAMPLE);
      expect(rss.t).toEqual([instantOf(0), instantOf(120)]);
    });
  });

  test('ends across a gap, also where a system file alone lies in between', async () => {
    const samples: SampleLiteral[] = [0, 60, 120, 180, 240, 2000, 2060, 2120].map((t) => ({
      ...{ t, boot: null, interval: null, uptime: null },
      processes: t === 2000 ? null : [init, p()],
    }));
    await using(historyOf(samples, 'seed'), async (history) => {
      expect(await livesOf(history, 9)).toEqual([
        [0, 240],
        [2060, 2120],
      ]);
    });
  });

  test('ends where the first word of its command changes, not the others', async () => {
    await using(seed([init, p()], [init, p({ cmd: 'a y' })], [init, p({ cmd: 'b y' })]), async (history) => {
      expect(await livesOf(history, 9)).toEqual([
        [0, 60],
        [120, 120],
      ]);
    });
  });

  test('ends where its parent changes although the old one is there, and else goes on', async () => {
    const sh: ProcessLiteral = { pid: 2, cmd: 'sh' };
    await using(seed([init, sh, p({ ppid: 2 })], [init, sh, p()]), async (history) => {
      expect(await livesOf(history, 9)).toHaveLength(2);
    });
    await using(seed([init, sh, p({ ppid: 2 })], [init, p()]), async (history) => {
      expect(await livesOf(history, 9)).toHaveLength(1);
    });
  });

  test('is told apart anew when later spacings turn a pause into a gap', async () => {
    const at = (t: number): SampleLiteral => ({
      t,
      boot: null,
      interval: null,
      uptime: null,
      processes: [init, p()],
    });
    await using(historyOf([0, 600, 2000].map(at), 'seed'), async (history) => {
      expect(await livesOf(history, 9)).toEqual([[0, 2000]]);
      for (const t of [2010, 2020, 2030, 2040, 2050, 2060]) await history.append(sampleOf(at(t), 'seed'));
      expect(await livesOf(history, 9)).toEqual([
        [0, 0],
        [600, 600],
        [2000, 2060],
      ]);
      const [life] = await livesOfPid(history, HOST, 9);
      expect(await history.lifeOfKey(HOST, life.key)).toEqual(life);
      expect((await history.readTimeline(HOST, life.id, EVER, EVERY_SAMPLE)).rss.t).toEqual([instantOf(0)]);
    });
  });

  test('is told apart anew when a sample comes late, and children follow their parents', async () => {
    const [first, second, third] = seedMinutes(
      [init, p(), { pid: 10, ppid: 9, cmd: 'c' }],
      [init],
      [init, p(), { pid: 10, ppid: 9, cmd: 'c' }],
    );
    await using(historyOf([first, third], 'seed'), async (history) => {
      expect(await livesOf(history, 9)).toEqual([[0, 120]]);
      await history.append(sampleOf(second, 'seed'));
      expect(await livesOf(history, 9)).toEqual([
        [0, 0],
        [120, 120],
      ]);
      const [, life] = await livesOfPid(history, HOST, 9);
      const children = await familyOf(history, life.id, EVER);
      expect(children.drawn.map((child) => [child.life.pid, child.timeline.rss.t])).toEqual([
        [10, [instantOf(120)]],
      ]);
    });
  });
});

/** A few pids that come, go, change hands and programs. */
const anyProcesses = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.uniqueArray(
      fc.record({
        pid: fc.integer({ min: 1, max: 6 }),
        ppid: fc.integer({ min: 0, max: 6 }),
        start: fc.integer({ min: 0, max: 1 }),
        rss_mb: fc.integer({ min: 0, max: 9 }),
        cmd: fc.constantFrom('a', 'a x', 'b'),
      }),
      { selector: ({ pid }) => pid, maxLength: 6 },
    ),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);
const anyHistory = fc.array(fc.tuple(anyProcesses, fc.constantFrom(60, 60, 60, 61, 600)), {
  minLength: 1,
  maxLength: 9,
});

function literalsOf(
  parts: readonly (readonly [readonly ProcessLiteral[] | null, number])[],
  format: DumpFormat,
) {
  let t = 0;
  const facts = format === 'seed' ? { boot: null, interval: null, uptime: null } : {};
  return parts.map(([processes, spacing]): SampleLiteral => {
    t += spacing;
    return { t, processes, ...facts };
  });
}

describe('samples that come out of order', () => {
  test.each(['v2', 'seed'] as const)(
    'make the same history as in order (%s), asked in between or not',
    async (format) => {
      const order = fc.array(fc.nat(), { minLength: 9, maxLength: 9 });
      await fc.assert(
        fc.asyncProperty(anyHistory, order, fc.boolean(), async (parts, ranks, asksInBetween) => {
          const literals = literalsOf(parts, format);
          const shuffled = literals.map((literal, at) => ({ literal, rank: ranks[at] }));
          shuffled.sort((a, b) => a.rank - b.rank);
          const expected = await using(historyOf(literals, format), everythingIn);
          const late = await using(openHistory(), async (history) => {
            for (const { literal } of shuffled) {
              await history.append(sampleOf(literal, format));
              if (asksInBetween) await livesOfPid(history, HOST, 1);
            }
            return everythingIn(history);
          });
          expect(late).toEqual(expected);
        }),
        { numRuns: 12 },
      );
    },
  );

  test('an older dump that arrives late moves first_seen and started, and leaves the command as last seen', async () => {
    const [early, late] = minutes([{ pid: 9, start: 5, cmd: 'old' }], [{ pid: 9, start: 5, cmd: 'new' }]);
    await using(historyOf([late, early]), async (history) => {
      expect(await livesOf(history, 9)).toEqual([[0, 60]]);
      expect(await livesOfPid(history, HOST, 9)).toMatchObject([{ cmd: 'new' }]);
      expect(history.spine(HOST).t).toEqual([0, 60].map(instantOf));
    });
  });
});

describe('a second sample of an instant', () => {
  test('is refused and changes nothing, in either format', async () => {
    for (const format of ['v2', 'seed'] as const) {
      const [first, second] = minutes([{ pid: 1, rss_mb: 1 }], [{ pid: 1, rss_mb: 2 }]);
      await using(historyOf([first, second], format), async (history) => {
        const before = await everythingIn(history);
        const double = { ...first, processes: [{ pid: 1, rss_mb: 77 }, { pid: 2 }] };
        expect(await history.append(sampleOf(double, format))).toBe('duplicate');
        expect(await everythingIn(history)).toEqual(before);
      });
    }
  });
});

describe('questions while samples come in', () => {
  test.each(['v2', 'seed'] as const)('are answered from whole samples (%s)', async (format) => {
    await using(openHistory(), async (history) => {
      const processes = [
        { pid: 1, rss_mb: 1 },
        { pid: 2, ppid: 1, rss_mb: 2 },
        { pid: 3, ppid: 2, rss_mb: 3 },
      ];
      const literals = Array.from({ length: 60 }, (_, at): SampleLiteral => ({ t: at * 60, processes }));
      const [first, ...rest] = literals.map((literal) => sampleOf(literal, format));
      await history.append(first);
      const ask = async () => {
        const { rows } = await viewTable(history, {}, 'UTC');
        expect(rows.map(({ pid, rss_max_bytes }) => [pid, rss_max_bytes / MIB])).toEqual([
          [1, 1],
          [2, 2],
          [3, 3],
        ]);
      };
      const asking: Promise<void>[] = [];
      // Every third comes out of order, so that weak lives are told apart anew in between.
      for (const [at, sample] of [
        ...rest.filter((_, k) => k % 3),
        ...rest.filter((_, k) => k % 3 === 0),
      ].entries()) {
        asking.push(ask());
        await history.append(sample);
        if (at % 10 === 0) await ask();
      }
      await Promise.all(asking);
      expect(await livesOf(history, 3)).toEqual([[0, 59 * 60]]);
    });
  });
});

describe('the lives of a pid', () => {
  test('are in order of time, and get their commands in the order that is asked for', async () => {
    const [early, late] = minutes([{ pid: 9, start: 50, cmd: 'a' }], [{ pid: 9, start: 90, cmd: 'b' }]);
    await using(historyOf([early, late]), async (history) => {
      const spans = await history.spansOfPid(HOST, 9);
      const [first, second] = spans;
      expect([first.lastSeen, second.firstSeen]).toEqual([early.t, late.t].map(instantOf));
      const named = await history.withCommands(HOST, [second, first]);
      expect(named).toEqual([
        { ...second, cmd: 'b' },
        { ...first, cmd: 'a' },
      ]);
    });
  });
});

describe('questions about what is not there', () => {
  test('have empty answers', async () => {
    await using(historyOf(minutes([{ pid: 1 }], null, [])), async (history) => {
      const [{ id }] = await livesOfPid(history, HOST, 1);
      const never = { from: 0, to: 1 };
      expect(await history.readSnapshot(HOST, instantOf(60))).toBeNull();
      expect(await history.readSnapshot(HOST, instantOf(1))).toBeNull();
      expect(await history.readSnapshot(HOST, instantOf(120))).toMatchObject({
        processes: { count: 0 },
        lives: [],
      });
      expect((await history.readTimeline(HOST, id, never, EVERY_SAMPLE)).samples).toBe(0);
      expect((await familyOf(history, id, never)).count).toBe(0);
      expect((await history.readStatistics(HOST, [id], never)).size).toBe(0);
      expect((await history.readSystem(HOST, FIGURES, never)).t).toHaveLength(0);
      expect(await livesOfPid(history, HOST, 99)).toEqual([]);
      expect(await history.lifeOfKey(HOST, 'nobody')).toBeNull();
      expect(history.spine('nowhere').t).toEqual([]);
    });
  });
});
