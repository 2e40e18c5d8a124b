import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { viewSnapshot } from '../../../server/application/view-snapshot.ts';
import { matchGroup } from '../../../server/application/view-watch-groups.ts';
import type { WatchedSums, WatchTimelineView } from '../../../server/application/view-watch-timeline.ts';
import { viewWatchTimeline } from '../../../server/application/view-watch-timeline.ts';
import { DEFAULT_SORT } from '../../../server/domain/process-filter.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { WatchGroup, WatchRule } from '../../../server/domain/watch-group.ts';
import { forgetHistory, historyOf as oracleOf } from '../../oracle/oracle-history.ts';
import type { OracleSums } from '../../oracle/oracle-watch.ts';
import { oracleTimeline } from '../../oracle/oracle-watch.ts';
import { HISTORY_START, writeHistory } from '../../support/dump-builder.ts';
import { effort } from '../../support/effort.ts';
import type { Split } from '../../support/open-recording.ts';
import { openSplitRecording } from '../../support/open-recording.ts';
import { randomHistory } from '../../support/random-history.ts';
import { withTempFolder } from '../../support/temp-folder.ts';
import { historyOf, minutes } from './recorded.ts';

const LONGEST = 10;

const rule: fc.Arbitrary<WatchRule> = fc.record(
  {
    pattern: fc.constantFrom('init', 'sh', 'i*x', 'p', 'WEB', '*'),
    user: fc.constantFrom('root', 'app'),
    cgroup: fc.constantFrom('/a', '/b'),
    exe: fc.constantFrom('sh', 'web', 'init'),
    pid: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: [] },
);

const group: fc.Arbitrary<WatchGroup> = fc
  .array(rule, { minLength: 1, maxLength: 3 })
  .map((rules) => ({ name: 'g', members: rules.map((one, at) => ({ name: `m${at}`, rule: one })) }));

/** Each sample in one of two segments or the tail. */
const anySplit = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: LONGEST, maxLength: LONGEST }).map(
  (places): Split =>
    (at) =>
      places[at],
);

function sumsAt(sums: WatchedSums, at: number): OracleSums {
  return {
    processes: sums.processes[at] ?? -1,
    rss_bytes: sums.rss_bytes[at] ?? -1,
    pss_bytes: sums.pss_bytes[at],
    pss_known: sums.pss_known[at] ?? -1,
    vsz_bytes: sums.vsz_bytes[at],
  };
}

/** The samples of a timeline, without the places where it breaks. */
function samplesOf({ t, members, total }: WatchTimelineView) {
  const places = [...t.keys()].filter((at) => total.processes[at] !== null);
  return places.map((at) => ({
    t: t[at],
    members: members.map((sums) => sumsAt(sums, at)),
    total: sumsAt(total, at),
  }));
}

async function watchedPidsAt(history: History, watch: WatchGroup, ts: number): Promise<number[]> {
  const request = { ...DEFAULT_SORT, window: 'upto', limit: 100, ts: String(ts), watch } as const;
  const { rows } = await viewSnapshot(history, request, 'UTC');
  return rows.filter(({ matched }) => matched).map(({ pid }) => pid);
}

describe('the timeline of any group over any history, sealed or not', () => {
  test('is what brute force finds in the dumps, and what the snapshots filter', {
    timeout: 240_000,
  }, async () => {
    const property = fc.asyncProperty(randomHistory(LONGEST), anySplit, group, (samples, split, watch) =>
      withTempFolder((folder) =>
        withTempFolder(async (index) => {
          writeHistory(folder, samples);
          const { history } = await openSplitRecording(folder, index, split);
          try {
            const oracle = oracleOf(folder);
            fc.pre(oracle.instants.length > 0);
            const wanted = oracleTimeline(oracle, watch);
            expect(samplesOf(await viewWatchTimeline(history, { watch, px: 1200 }, 'UTC'))).toEqual(wanted);
            for (const { t, total } of wanted)
              expect(await watchedPidsAt(history, watch, t)).toHaveLength(total.processes);
          } finally {
            await history.close();
            forgetHistory(folder);
          }
        }),
      ),
    );
    await fc.assert(property, { numRuns: effort(25, 400), seed: 20261122 });
  });
});

const ALL: WatchGroup = { name: 'g', members: [{ name: 'all', rule: { pattern: '*' } }] };

describe('a long range', () => {
  test('is told in one sample of each step, the one in which the host holds most, its figures as recorded', async () => {
    const rss = Array.from({ length: 1000 }, (_, at) => 10 + ((at * 7919) % 500));
    const history = await historyOf(minutes(...rss.map((rss_mb) => [{ pid: 1, rss_mb }])));
    const { t, total, method, raw_points } = await viewWatchTimeline(
      history,
      { watch: ALL, px: 1200 },
      'UTC',
    );
    expect([method, raw_points, t.length]).toEqual(['largest', 1000, 240]);
    const recorded = t.map((instant) => rss[(instant - HISTORY_START) / 60_000] * MIB);
    expect(total.rss_bytes).toEqual(recorded);
    expect(Math.max(...total.rss_bytes.map(Number))).toBe(Math.max(...rss) * MIB);
    await history.close();
  });

  test('is broken at gaps, and a member that is not there holds nothing', async () => {
    const history = await historyOf([
      ...minutes([{ pid: 1, rss_mb: 5, pss_mb: 3 }], [{ pid: 2, rss_mb: 9 }]),
      { t: 4000, processes: [{ pid: 1, rss_mb: 7 }] },
    ]);
    const watch: WatchGroup = {
      name: 'g',
      members: [
        { name: 'one', rule: { pid: 1 } },
        { name: 'two', rule: { pid: 2 } },
      ],
    };
    const { members, gaps, total } = await viewWatchTimeline(history, { watch, px: 1200 }, 'UTC');
    expect(gaps).toHaveLength(1);
    expect(members[0].rss_bytes).toEqual([5 * MIB, 0, null, 7 * MIB]);
    expect(members[0].pss_bytes).toEqual([3 * MIB, 0, null, null]);
    expect(total.processes).toEqual([1, 1, null, 1]);
    await history.close();
  });
});

describe('what a group has in a sample', () => {
  test('lists ten processes of a member and fifty that several match, and counts all', () => {
    const processes = Array.from({ length: 60 }, (_, at) => ({
      ...{ pid: at + 1, ppid: 0, user: 'u', cgroup: null, cmd: 'x', comm: null },
    }));
    const rows = processes.map(({ pid }) => ({
      ...{ pid, key: `k${pid}`, user: 'u', cmd: 'x', comm: null },
      ...{ rss_bytes: pid, pss_bytes: null, swap_bytes: 1 },
    }));
    const watch = { name: 'g', members: ['a', 'b'].map((name) => ({ name, rule: { user: 'u' } })) };
    const view = matchGroup(watch, { processes, rows });
    expect(view.members.map(({ totals, largest }) => [totals?.processes, largest.length])).toEqual([
      [60, 10],
      [0, 0],
    ]);
    expect(view.members[0].largest[0].pid).toBe(60);
    expect([view.ambiguous.length, view.ambiguous_total]).toEqual([50, 60]);
    expect(view.totals).toMatchObject({ processes: 60, rss_bytes: 1830, pss_bytes: null, swap_bytes: 60 });
  });
});
