import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import {
  viewAnalysis,
  viewHistorical,
  viewVisualizer,
} from '../../../server/application/view-recorded-dashboards.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { historyOf, minutes } from './recorded.ts';

const GROUPS: readonly WatchGroup[] = [
  {
    name: 'main_service',
    members: [
      { name: 'server', rule: { pattern: 'serve' } },
      { name: 'job', rule: { pattern: 'job' } },
    ],
  },
  { name: 'menu_bar', members: [{ name: 'bar', rule: { pattern: 'menubar' } }] },
];

/** A sample a minute: the server grows by 2 MiB in each, the job runs in the first only. */
function hours(samples: number): SampleLiteral[] {
  return minutes(
    ...Array.from({ length: samples }, (_, at) => [
      { pid: 1 },
      { pid: 5, rss_mb: 100 + 2 * at, vsz_mb: 500, cmd: 'serve' },
      ...(at === 0 ? [{ pid: 6, rss_mb: 7, vsz_mb: 70, cmd: 'job' }] : []),
    ]),
  );
}

async function viewed<T>(
  samples: readonly SampleLiteral[],
  ask: (history: History) => Promise<T>,
): Promise<T> {
  const history = await historyOf(samples);
  try {
    return await ask(history);
  } finally {
    history.close();
  }
}

describe('What the visualizer exported', () => {
  const exported = (groups: readonly WatchGroup[], isByMember: boolean) =>
    viewed(hours(2), (history) => viewVisualizer(history, groups, { isByMember }, 'UTC'));

  test('has the points of each group under its name, and of the system', async () => {
    const { main_service, menu_bar, system } = (await exported(GROUPS, false)) as Record<string, unknown[]>;
    expect(main_service).toEqual([
      { timestamp: '2026-01-15T12:00:00.000Z', rss_mb: 107, vms_mb: 570, percent: expect.any(Number) },
      { timestamp: '2026-01-15T12:01:00.000Z', rss_mb: 102, vms_mb: 500, percent: expect.any(Number) },
    ]);
    expect(menu_bar).toMatchObject([{ rss_mb: 0, vms_mb: 0 }, { rss_mb: 0 }]);
    expect(system[0]).toMatchObject({ timestamp: '2026-01-15T12:00:00.000Z', percent: expect.any(Number) });
  });

  test('has the members of one group, where one is asked for', async () => {
    expect(await exported(GROUPS.slice(0, 1), true)).toMatchObject({
      server: [{ rss_mb: 100 }, { rss_mb: 102 }],
      job: [{ rss_mb: 7 }, { rss_mb: 0 }],
    });
  });

  test('has every sample up to a thousand, and the range that is asked for', async () => {
    const all = await viewed(hours(300), async (history) => [
      await viewVisualizer(history, GROUPS, { isByMember: false }, 'UTC'),
      await viewVisualizer(history, GROUPS, { isByMember: false, from: '-1h' }, 'UTC'),
    ]);
    const counts = all.map((one) => (one as Record<string, unknown[]>).main_service.length);
    expect(counts).toEqual([300, 61]);
  });

  test('refuses a member whose name is that of the system', async () => {
    const clash = { name: 'g', members: [{ name: 'system', rule: { pid: 1 } }] };
    await expect(exported([clash], true)).rejects.toMatchObject({ code: 'bad_parameter', field: 'watch' });
  });
});

describe('Long ranges', () => {
  /** A second apart: the server holds 10 MiB, but in each tenth sample, and then ten times as much. */
  const SAMPLES = 6000;
  const spiky: readonly SampleLiteral[] = Array.from({ length: SAMPLES }, (_, at) => ({
    t: new Date(Date.UTC(2026, 0, 15, 12) + at * 1000).toISOString(),
    processes: [{ pid: 5, rss_mb: at % 10 === 3 ? 100 : 10, cmd: 'serve' }],
  }));

  interface Told<View> {
    readonly main_service: { readonly server: View };
  }

  test('are told by samples that are spread over them, whose mean is that of all and not of peaks', async () => {
    const [growth, along] = await viewed(spiky, async (history) => [
      await viewAnalysis(history, GROUPS, { hours: 24 }, 'UTC'),
      await viewHistorical(history, GROUPS, { hours: 24 }, 'UTC'),
    ]);
    const { average_mb, points } = (growth as unknown as Told<{ average_mb: number; points: number }>)
      .main_service.server;
    const told = (along as unknown as Told<{ timestamp: string; rss_mb: number }[]>).main_service.server;
    expect(points).toBe(1000);
    expect(average_mb).toBeGreaterThan(17);
    expect(average_mb).toBeLessThan(21);
    expect(told).toHaveLength(1000);
    expect([told[0], told[999]].map(({ timestamp }) => timestamp)).toEqual([
      spiky[0].t,
      spiky[SAMPLES - 1].t,
    ]);
    const mean = told.reduce((sum, { rss_mb }) => sum + rss_mb, 0) / told.length;
    expect(mean).toBeCloseTo(average_mb, 1);
  });
});

describe('The analysis of growth', () => {
  interface Growth {
    readonly status: string;
    readonly growth_rate_mb_per_hour: number | null;
    readonly note: string;
  }
  const serverOf = async (samples: number) => {
    const view = await viewed(hours(samples), (history) =>
      viewAnalysis(history, GROUPS, { hours: 24 }, 'UTC'),
    );
    return (view.main_service as Record<string, Growth>).server;
  };

  test('tells rate, growth, average, current and points, and gives no verdict', async () => {
    expect(await serverOf(61)).toMatchObject({
      ...{ status: 'unjudged', level: null, growth_rate_mb_per_hour: 120, total_growth_mb: 120 },
      ...{ average_mb: 160, current_mb: 220, points: 61 },
    });
  });

  test.each([
    [5, 'not enough data: 5 of 30 points', null],
    [14, 'not enough data: 14 of 30 points', 120],
    [40, 'not enough data: 0.6 of 1 h', 120],
  ])('of %i points a minute apart says what is missing', async (samples, note, rate) => {
    expect(await serverOf(samples)).toMatchObject({
      ...{ status: 'insufficient', note, growth_rate_mb_per_hour: rate },
    });
  });
});

test('All groups are read in one pass over the samples, and told as each alone', async () => {
  const groups: readonly WatchGroup[] = [
    ...GROUPS,
    { name: 'by_pid', members: [{ name: 'five', rule: { pid: 5 } }] },
    { name: 'by_user', members: [{ name: 'root', rule: { user: 'root' } }] },
  ];
  await viewed(hours(40), async (history) => {
    let reads = 0;
    const counted: History = {
      ...history,
      readInstants: (...asked) => {
        reads++;
        return history.readInstants(...asked);
      },
    };
    const together = await viewAnalysis(counted, groups, { hours: 24 }, 'UTC');
    expect(reads).toBe(1);
    const alone = await Promise.all(groups.map((one) => viewAnalysis(history, [one], { hours: 24 }, 'UTC')));
    expect(together).toEqual(Object.assign({}, ...alone));
    expect(together.by_pid).toMatchObject({ five: { points: 40, total_growth_mb: 78 } });
  });
});
