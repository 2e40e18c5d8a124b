import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { viewEvents } from '../../../server/application/view-events.ts';
import { viewMinimap } from '../../../server/application/view-minimap.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewTop } from '../../../server/application/view-top.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { ProcessLiteral, SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START } from '../../support/dump-builder.ts';
import { historyOf } from './recorded.ts';

/** Overview, top, events and minimap against plain loops over the samples. */

async function recorded<T>(
  samples: readonly SampleLiteral[],
  look: (history: History) => Promise<T>,
): Promise<T> {
  const history = await historyOf(samples);
  try {
    return await look(history);
  } finally {
    await history.close();
  }
}

const GIB = 1024 * MIB;
const instantOf = (sample: SampleLiteral) => HISTORY_START + 1000 * Number(sample.t);

/** A process of a few that come and go; its memory, or not there. */
const figures = fc.record({
  rss_mb: fc.integer({ min: 0, max: 500 }),
  pss_mb: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
  swap_mb: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
});
const PIDS = [1, 2, 3, 4, 5, 6];

/** Minutes with gaps and samples without processes; counters that rise, a reboot that sets them back. */
const recording: fc.Arbitrary<readonly SampleLiteral[]> = fc
  .array(
    fc.record({
      step: fc.constantFrom(60, 60, 60, 60, 1200),
      processes: fc.option(fc.array(fc.option(figures, { nil: null }), { minLength: 6, maxLength: 6 }), {
        nil: null,
        freq: 6,
      }),
      available: fc.integer({ min: 1, max: 8 }),
      free: fc.integer({ min: 0, max: 2 }),
      kills: fc.constantFrom(0, 0, 0, 1, 3),
      faults: fc.nat(1000),
      reboots: fc.constantFrom(false, false, false, false, true),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((steps) => {
    let [t, boot, oom_kill, pgmajfault] = [0, 0, 0, 0];
    return steps.map(({ step, processes, available, free, kills, faults, reboots }): SampleLiteral => {
      t += step;
      boot += reboots ? 1 : 0;
      oom_kill = (reboots ? 0 : oom_kill) + kills;
      pgmajfault = (reboots ? 0 : pgmajfault) + faults;
      const rows = processes?.flatMap((one, at): ProcessLiteral[] =>
        one ? [{ pid: PIDS[at], ...JSON.parse(JSON.stringify(one)) }] : [],
      );
      const system = {
        mem_total_bytes: 8 * GIB,
        mem_available_bytes: available * GIB,
        mem_free_bytes: free * GIB,
      };
      return {
        t,
        boot: `boot-${boot}`,
        system: { ...system, oom_kill, pgmajfault },
        processes: rows ?? null,
      };
    });
  });

function isBreak(samples: readonly SampleLiteral[], at: number): boolean {
  return Number(samples[at].t) - Number(samples[at - 1].t) > 180 || samples[at].boot !== samples[at - 1].boot;
}

function knownOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((one) => one !== null);
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : null;
}

/** Gain of a counter since the sample before; `null` at the first and after a reboot. */
function gainOf(samples: readonly SampleLiteral[], at: number, id: 'pgmajfault' | 'oom_kill'): number | null {
  if (at === 0 || samples[at].boot !== samples[at - 1].boot) return null;
  const [now, before] = [at, at - 1].map((index) => samples[index].system?.[id] ?? 0);
  return now - before;
}

function faultsPerSecond(samples: readonly SampleLiteral[], at: number): number | null {
  const gain = gainOf(samples, at, 'pgmajfault');
  if (gain === null || isBreak(samples, at)) return null;
  return gain / (Number(samples[at].t) - Number(samples[at - 1].t));
}

describe('the overview', () => {
  test('tells rates between neighbours of one boot, and a ledger that adds up at every sample', async () => {
    await fc.assert(
      fc.asyncProperty(recording, async (samples) => {
        const { series } = await recorded(samples, (history) => viewOverview(history, { px: 1200 }, 'UTC'));
        const places = samples.map((sample) => series.t.indexOf(instantOf(sample)));
        for (const [at, place] of places.entries()) {
          expect(knownOrNull(series.major_faults_per_second[place])).toBe(faultsPerSecond(samples, at));
          expect(sumOf(Object.values(series.ledger).map((values) => knownOrNull(values[place])))).toBe(
            8 * GIB,
          );
        }
        const breaks = [...series.t.keys()].filter((at) => !places.includes(at));
        for (const values of [series.major_faults_per_second, series.ledger.free_bytes])
          expect(breaks.map((at) => values[at])).toEqual(breaks.map(() => Number.NaN));
      }),
      { numRuns: 25 },
    );
  });

  test('loses no peak of pressure, faults or swapping in a chart of few pixels', async () => {
    const once = (peak: number, at: number, value: number) => (at === peak ? value : 0);
    const since = (peak: number, at: number, value: number) => (at >= peak ? value : 0);
    const samples = Array.from({ length: 500 }, (_, at): SampleLiteral => {
      const system = {
        ...{ psi_some_avg10: 1 + once(77, at, 8), psi_full_avg10: once(211, at, 8) },
        ...{ pgmajfault: at * 60 + since(303, at, 6000) },
        ...{ pswpin: since(404, at, 60), pswpout: since(455, at, 120) },
      };
      return { t: at * 60, system, processes: null };
    });
    const view = await recorded(samples, (history) => viewOverview(history, { px: 50 }, 'UTC'));
    expect(view.method).toBe('m4');
    const { series } = view;
    const peakOf = (values: Float64Array) => Math.max(...values.filter((one) => !Number.isNaN(one)));
    expect(peakOf(series.psi_some_avg10)).toBe(9);
    expect(peakOf(series.psi_full_avg10)).toBe(8);
    expect(peakOf(series.major_faults_per_second)).toBe(101);
    expect(peakOf(series.swap_in_bytes_per_second)).toBe(4096);
    expect(peakOf(series.swap_out_bytes_per_second)).toBe(8192);
  });
});

function breakOf(samples: readonly SampleLiteral[], at: number): string[] {
  if (samples[at].boot !== samples[at - 1].boot) return ['reboot'];
  return isBreak(samples, at) ? ['gap'] : [];
}

describe('events', () => {
  test('are the gaps, the reboots and the kills between samples of one boot, oldest first', async () => {
    await fc.assert(
      fc.asyncProperty(recording, async (samples) => {
        const { events, total } = await recorded(samples, (history) => viewEvents(history, {}, 'UTC'));
        const expected = [...samples.keys()].slice(1).flatMap((at) => {
          const span = `${instantOf(samples[at - 1])} ${instantOf(samples[at])}`;
          const kills = gainOf(samples, at, 'oom_kill') ?? 0;
          return [...breakOf(samples, at), ...(kills > 0 ? [`oom_kill ${kills}`] : [])].map(
            (what) => `${span} ${what}`,
          );
        });
        const told = events.map(({ t, to, kind, count }) => `${t} ${to} ${kind}${count ? ` ${count}` : ''}`);
        expect(told.sort()).toEqual(expected.sort());
        expect(total).toBe(expected.length);
        expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).sort((a, b) => a - b));
      }),
      { numRuns: 25 },
    );
  });

  test('of a process are its start, its new commands and its end', async () => {
    const shell = (cmd: string): ProcessLiteral => ({ pid: 7, ppid: 1, start: 100_500, cmd });
    const samples = [
      [{ pid: 1 }],
      [{ pid: 1 }, shell('/bin/sh wrapper')],
      [{ pid: 1 }, shell('/bin/sh wrapper')],
      [{ pid: 1 }, shell('python3 job.py')],
      [{ pid: 1 }],
    ].map((processes, at): SampleLiteral => ({ t: at * 60, processes }));
    const minute = (at: number) => HISTORY_START + at * 60_000;
    await recorded(samples, async (history) => {
      const { events } = await viewEvents(history, { pid: 7 }, 'UTC');
      expect(events).toMatchObject([
        { kind: 'start', t: HISTORY_START + 5000, pid: 7, text: 'Process 7 started at 12:00:05' },
        { kind: 'exec', t: minute(2), to: minute(3), cmd: 'python3 job.py' },
        { kind: 'exit', t: minute(3), to: minute(4), text: 'Process 7 ended between 12:03:00 and 12:04:00' },
      ]);
      const [{ key }] = events;
      expect((await viewEvents(history, { key }, 'UTC')).events).toEqual(events);
      expect((await viewEvents(history, { pid: 7, to: '20260115_120100' }, 'UTC')).events).toHaveLength(1);
      await expect(viewEvents(history, { pid: 99 }, 'UTC')).resolves.toMatchObject({ events: [] });
    });
  });
});

describe('the minimap', () => {
  test('has no more points than pixels, among them the most that was used, and every gap', async () => {
    await fc.assert(
      fc.asyncProperty(recording, fc.integer({ min: 1, max: 40 }), async (samples, px) => {
        const view = await recorded(samples, (history) => viewMinimap(history, { px }, 'UTC'));
        const used = samples.map(({ system }) => 8 * GIB - (system?.mem_available_bytes ?? 0));
        expect(view.t.length).toBeLessThanOrEqual(px);
        expect(Math.max(...view.used_bytes.map((one) => one ?? 0))).toBe(Math.max(...used));
        for (const [at, t] of view.t.entries())
          expect(view.used_bytes[at]).toBe(used[samples.findIndex((one) => instantOf(one) === t)]);
        const breaks = samples.slice(1).filter((_, at) => isBreak(samples, at + 1));
        expect(view.gaps.map(({ to }) => Date.parse(to))).toEqual(breaks.map(instantOf));
        expect(view.newest).toBe(new Date(instantOf(samples[samples.length - 1])).toISOString());
      }),
      { numRuns: 25 },
    );
  });
});

type TopMetric = 'rss' | 'pss' | 'swap';

function memoryOf(sample: SampleLiteral, pid: number, metric: TopMetric): number | null {
  const one = sample.processes?.find((process) => process.pid === pid);
  const value = one?.[`${metric}_mb`];
  return value === undefined ? null : value * MIB;
}

/** 1: it is there, holds memory, and the figure is not told. */
function unknownOf(sample: SampleLiteral, pid: number, metric: TopMetric): 0 | 1 {
  const isThere = (memoryOf(sample, pid, 'rss') ?? 0) > 0;
  return isThere && memoryOf(sample, pid, metric) === null ? 1 : 0;
}

/** Of those that are in no line: the sum of what is known; `null` where nothing of any is, though it may be much. */
function restOf(sample: SampleLiteral, pids: readonly number[], metric: TopMetric): number | null {
  const isAnyHidden = pids.some((pid) => unknownOf(sample, pid, metric) === 1);
  const isAnyKnown = PIDS.some((pid) => memoryOf(sample, pid, metric) !== null);
  const sum = sumOf(pids.map((pid) => memoryOf(sample, pid, metric)));
  return sum ?? (isAnyHidden || !isAnyKnown ? null : 0);
}

describe('the largest processes', () => {
  const metric = fc.constantFrom<TopMetric>('rss', 'pss', 'swap');

  test('are those with the largest maximum; they and the others add up to the total at each sample', async () => {
    await fc.assert(
      fc.asyncProperty(recording, metric, fc.integer({ min: 1, max: 7 }), async (samples, by, n) => {
        const oneBoot = samples.map((sample) => ({ ...sample, boot: 'one' }));
        const withProcesses = oneBoot.filter(({ processes }) => processes);
        fc.pre(withProcesses.length > 0);
        const view = await recorded(oneBoot, (history) =>
          viewTop(history, { metric: by, n, px: 1200 }, 'UTC'),
        );
        const maxima = PIDS.map((pid) =>
          Math.max(0, ...withProcesses.map((one) => memoryOf(one, pid, by) ?? 0)),
        );
        const expected = maxima.filter((one) => one > 0).sort((a, b) => b - a);
        const told = view.series.map(({ bytes }) => Math.max(...bytes.map((one) => one ?? 0)));
        expect(told).toEqual(expected.slice(0, n));
        for (const sample of withProcesses) {
          const at = view.t.indexOf(instantOf(sample));
          const lines = view.series.map(({ pid, bytes }) => [bytes[at], memoryOf(sample, pid, by)]);
          expect(lines.map(([line]) => line)).toEqual(lines.map(([, value]) => value));
          expect(view.total[at]).toBe(sumOf(PIDS.map((pid) => memoryOf(sample, pid, by))));
          const rest = PIDS.filter((pid) => !view.series.some((one) => one.pid === pid));
          expect(view.others.bytes[at]).toBe(restOf(sample, rest, by));
          expect(view.series.map(({ unknown }) => unknown[at])).toEqual(
            view.series.map(({ pid }) => unknownOf(sample, pid, by)),
          );
          expect(view.others.unknown[at]).toBe(sumOf(rest.map((pid) => unknownOf(sample, pid, by))) ?? 0);
        }
        const breaks = view.t.flatMap((t, at) => (oneBoot.some((one) => instantOf(one) === t) ? [] : [at]));
        for (const { unknown } of [...view.series, view.others])
          expect(breaks.map((at) => unknown[at])).toEqual(breaks.map(() => null));
        expect(view).toMatchObject({ method: 'raw', raw_points: withProcesses.length });
      }),
      { numRuns: 40 },
    );
  });

  test('of a long range are told at the instants of each stretch in which all processes held most', async () => {
    const samples = Array.from({ length: 600 }, (_, at): SampleLiteral => {
      const processes = [{ pid: 1 }, { pid: 2, rss_mb: at === 333 ? 900 : 100 + (at % 7) }];
      return { t: at * 60, processes };
    });
    const view = await recorded(samples, (history) =>
      viewTop(history, { metric: 'rss', n: 1, px: 200 }, 'UTC'),
    );
    expect(view).toMatchObject({ method: 'largest', raw_points: 600, others: { processes: 1 } });
    expect(view.t).toHaveLength(50);
    expect(Math.max(...view.series[0].bytes.map((one) => one ?? 0))).toBe(900 * MIB);
    expect(view.t).toContain(instantOf(samples[333]));
  });

  test('break at a gap, and tell how much of the PSS is known', async () => {
    const processes = [
      { pid: 1, rss_mb: 10, pss_mb: 4 },
      { pid: 2, rss_mb: 10 },
      { pid: 3, rss_mb: 0 },
    ];
    const samples = [0, 60, 3600].map((t): SampleLiteral => ({ t, processes }));
    const view = await recorded(samples, (history) =>
      viewTop(history, { metric: 'pss', n: 12, px: 600 }, 'UTC'),
    );
    expect(view.series).toMatchObject([{ pid: 1, bytes: [4 * MIB, 4 * MIB, null, 4 * MIB] }]);
    expect(view.known_ratio).toEqual([0.5, 0.5, null, 0.5]);
    expect(view.series[0].unknown).toEqual([0, 0, null, 0]);
    expect(view.others).toEqual({
      processes: 2,
      bytes: [null, null, null, null],
      unknown: [1, 1, null, 1],
    });
    expect(view.total).toEqual([4 * MIB, 4 * MIB, null, 4 * MIB]);
  });
});
