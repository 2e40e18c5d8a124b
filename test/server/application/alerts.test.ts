import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledgeAlert } from '../../../server/application/acknowledge-alert.ts';
import { openAlertEvents } from '../../../server/application/alert-events.ts';
import type { Acknowledgement, AcknowledgementStore } from '../../../server/application/alert-ports.ts';
import { openAlertWatch } from '../../../server/application/alert-watch.ts';
import { openAlerts } from '../../../server/application/alerts.ts';
import { evaluateAlerts } from '../../../server/application/evaluate-alerts.ts';
import type { History, InstantRange } from '../../../server/application/ports.ts';
import { viewAlerts } from '../../../server/application/view-alerts.ts';
import { viewEvents } from '../../../server/application/view-events.ts';
import type { AlertRuleConfig } from '../../../server/domain/alert-rule.ts';
import type { HostEvent } from '../../../server/domain/events.ts';
import { withHost } from '../../../server/domain/sample.ts';
import { MIB } from '../../../server/domain/units.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import type { ProcessLiteral, SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START } from '../../support/dump-builder.ts';
import { historyOf, sampleOf } from './recorded.ts';

const HOST = 'test-host';
const MINUTE = 60_000;
const EVERYTHING = { from: 0, to: HISTORY_START + 3_600_000 };
const SHOP: WatchGroup = {
  name: 'shop',
  members: [
    { name: 'Web', rule: { user: 'www' } },
    { name: 'Jobs', rule: { pattern: 'job' } },
  ],
};

/** Where a test has no disk. */
function openKept(): AcknowledgementStore {
  let list: readonly Acknowledgement[] = [];
  return {
    list: async () => list,
    async save(one) {
      list = [...list, one];
    },
    async remove({ host, rule, from, to }) {
      const isMeant = (one: Acknowledgement) =>
        one.host === host && one.rule === rule && from <= one.t && one.t <= to;
      list = list.filter((one) => !isMeant(one));
    },
  };
}

const alertsOf = (history: History, rules: readonly AlertRuleConfig[] | null, groups = [SHOP]) =>
  openAlerts(history, { alertRules: () => rules, groups: () => groups, trouble: () => null }, openKept());

async function withHistory<T>(
  samples: readonly SampleLiteral[],
  use: (history: History) => Promise<T>,
): Promise<T> {
  const history = await historyOf(samples.map((sample) => ({ ...sample, host: HOST })));
  try {
    return await use(history);
  } finally {
    await history.close();
  }
}

const available = (...mib: readonly number[]): SampleLiteral[] =>
  mib.map((free, at) => ({
    t: at * 60,
    processes: [
      { pid: 1, rss_mb: 10 },
      { pid: 7, ppid: 1, rss_mb: 100 + at, cmd: '/usr/bin/hog --all' },
      { pid: 8, ppid: 7, rss_mb: 50, cmd: '/usr/bin/hog worker' },
    ],
    system: { mem_total_bytes: 1000 * MIB, mem_available_bytes: free * MIB },
  }));

const MEMORY: AlertRuleConfig = {
  name: 'Memory',
  kind: 'mem_available',
  limit: '10%',
  for: '1m',
  cool_down: '0s',
};

describe('alerts of recorded samples', () => {
  test('say when, why and who, whether they fire at the end of the range or are over', async () => {
    await withHistory(available(500, 90, 80, 200, 70, 60, 50), async (history) => {
      const { firing, resolved, rules, range, host } = await viewAlerts(
        alertsOf(history, [MEMORY]),
        {},
        'UTC',
      );
      expect([host, range]).toEqual([
        HOST,
        { from: '2026-01-15T12:00:00.000Z', to: '2026-01-15T12:06:00.000Z' },
      ]);
      expect(resolved).toMatchObject([
        {
          ...{ rule: 'Memory', kind: 'mem_available', severity: 'warning', unit: 'bytes', is_older: false },
          ...{ since: '2026-01-15T12:01:00.000Z', fired: '2026-01-15T12:02:00.000Z' },
          ...{ ended: '2026-01-15T12:03:00.000Z', value: 80 * MIB, limit: 100 * MIB, whole: 1000 * MIB },
          peak: { ts: '2026-01-15T12:02:00.000Z', value: 80 * MIB },
          culprit: { pid: 7, processes: 2, bytes: 152 * MIB, ts: '2026-01-15T12:02:00.000Z' },
          acknowledged: null,
          text: 'MemAvailable 80.0 MiB, below 10 % of 0.977 GiB for 1m. Most was held by hog 7 "--all" and 1 below it: at most 152 MiB.',
        },
      ]);
      expect(firing).toMatchObject([
        { fired: '2026-01-15T12:05:00.000Z', ended: null, peak: { value: 50 * MIB }, culprit: { pid: 7 } },
      ]);
      expect(rules).toMatchObject([
        {
          rule: MEMORY,
          state: 'firing',
          obstacle: null,
          evaluated_from: null,
          value: 50 * MIB,
          limit: 100 * MIB,
        },
      ]);
    });
  });

  test('are of the range that is asked for, as it was at its end', async () => {
    await withHistory(available(500, 90, 80, 200, 70, 60, 50), async (history) => {
      const alerts = alertsOf(history, [MEMORY]);
      const at = (query: object) => viewAlerts(alerts, query, 'UTC');
      const then = await at({ to: '2026-01-15T12:02:00Z' });
      expect(then.firing.map(({ fired }) => fired)).toEqual(['2026-01-15T12:02:00.000Z']);
      const later = await at({ from: '2026-01-15T12:03:30Z' });
      expect([later.firing.length, later.resolved_total]).toEqual([1, 0]);
      const beyond = await at({ from: '2026-01-15T12:03:30Z', to: '2027-01-01T00:00:00Z' });
      expect(beyond).toEqual(later);
      await expect(at({ from: 'soon' })).rejects.toMatchObject({ code: 'bad_parameter', field: 'from' });
      await expect(at({ host: 'other' })).rejects.toMatchObject({ code: 'unknown_host' });
    });
  });

  test('are of a few rules where none are written, and of none where the list is empty', async () => {
    await withHistory(available(500, 20, 20, 20), async (history) => {
      const usual = await viewAlerts(alertsOf(history, null), {}, 'UTC');
      expect([usual.are_usual, usual.firing.map(({ rule }) => rule)]).toEqual([
        true,
        ['Memory is running out'],
      ]);
      expect(usual.rules.map(({ state }) => state)).toEqual(['firing', 'unknown', 'unknown', 'unknown']);
      const none = await viewAlerts(alertsOf(history, []), {}, 'UTC');
      expect([none.are_usual, none.rules, none.firing]).toEqual([false, [], []]);
    });
  });

  test('of a group that is not there are not evaluated, which is said', async () => {
    await withHistory(available(500), async (history) => {
      const rule: AlertRuleConfig = { name: 'b', kind: 'budget', watch: 'lost', limit: '1B' };
      const { rules, firing } = await viewAlerts(alertsOf(history, [rule]), {}, 'UTC');
      expect(firing).toEqual([]);
      expect(rules).toMatchObject([
        { state: 'unknown', obstacle: 'There is no watch group lost.', value: null },
      ]);
    });
  });

  test('of PSS are of what is known of it, and unknown where none is', async () => {
    const samples = [0, 60, 120].map((t) => ({
      t,
      processes: [
        { pid: 1, rss_mb: 500 },
        { pid: 3, user: 'www', rss_mb: 90, ...(t === 60 ? {} : { pss_mb: 80 }) },
        { pid: 5, user: 'www', rss_mb: 20 },
      ],
    }));
    const rule = {
      name: 'b',
      kind: 'budget',
      watch: 'shop',
      metric: 'pss',
      limit: '50MiB',
      for: '0s',
    } as const;
    await withHistory(samples, async (history) => {
      const { rules, firing } = await viewAlerts(alertsOf(history, [rule]), {}, 'UTC');
      expect(rules[0].chart.value).toEqual([80 * MIB, null, 80 * MIB]);
      expect(firing).toMatchObject([{ fired: '2026-01-15T12:00:00.000Z', is_older: true }]);
    });
  });

  test('name who was killed for: the largest before the kill', async () => {
    const samples = [
      {
        t: 0,
        processes: [{ pid: 1 }, { pid: 9, ppid: 1, rss_mb: 900, cmd: 'hog' }],
        system: { oom_kill: 3 },
      },
      {
        t: 60,
        processes: [{ pid: 1 }, { pid: 4, ppid: 1, rss_mb: 9, cmd: 'small' }],
        system: { oom_kill: 4 },
      },
    ];
    await withHistory(samples, async (history) => {
      const { firing } = await viewAlerts(alertsOf(history, [{ name: 'oom', kind: 'oom' }]), {}, 'UTC');
      expect(firing).toMatchObject([
        { value: 1, unit: 'count', culprit: { pid: 9, ts: '2026-01-15T12:00:00.000Z' } },
      ]);
    });
  });

  test('of a watch group name the largest of the group, not of the host', async () => {
    const samples = [0, 60].map((t) => ({
      t,
      processes: [
        { pid: 1 },
        { pid: 2, ppid: 1, rss_mb: 900, cmd: 'other' },
        { pid: 3, ppid: 1, rss_mb: 60, user: 'www', cmd: 'web' },
        { pid: 4, ppid: 3, rss_mb: 50, user: 'www', cmd: 'web worker' },
        { pid: 5, ppid: 1, rss_mb: 20, cmd: 'job' },
      ],
    }));
    const rules: readonly AlertRuleConfig[] = [
      { name: 'budget', kind: 'budget', watch: 'shop', limit: '100MiB' },
      { name: 'tree', kind: 'level', of: 'subtree', watch: 'shop', limit: '100MiB' },
      { name: 'one', kind: 'level', watch: 'shop', limit: '55MiB' },
      { name: 'any', kind: 'level', limit: '55MiB' },
    ];
    await withHistory(samples, async (history) => {
      const { firing } = await viewAlerts(alertsOf(history, rules), {}, 'UTC');
      const told = firing.map(({ rule, value, culprit }) => [
        rule,
        (value ?? 0) / MIB,
        culprit?.pid,
        culprit?.processes,
        (culprit?.bytes ?? 0) / MIB,
      ]);
      expect(told).toEqual([
        ['budget', 130, 3, 2, 110],
        ['tree', 110, 3, 2, 110],
        ['one', 60, 3, 1, 60],
        ['any', 900, 2, 1, 900],
      ]);
    });
  });

  test('about the host are events, too', async () => {
    await withHistory(available(500, 90, 80, 200, 70, 60, 50), async (history) => {
      const alerts = alertsOf(history, [MEMORY, { name: 'p', kind: 'level', limit: '1B' }]);
      const { events } = await viewEvents(history, {}, 'UTC', openAlertEvents(alerts));
      expect(events.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
        'alert: Alert “Memory” between 12:02:00 and 12:03:00',
        'alert: Alert “Memory” at 12:05:00',
      ]);
    });
  });
});

describe('alerts as events', () => {
  const samples = fc.array(
    fc.record({ minute: fc.integer({ min: 0, max: 30 }), free: fc.constantFrom(50, 90, 150, 500) }),
    { minLength: 1, maxLength: 12 },
  );

  test('of a recording that grows, at either end, are those of all of it evaluated anew', async () => {
    const property = fc.asyncProperty(samples, fc.nat(30), fc.nat(30), async (given, a, b) => {
      const history = await historyOf([]);
      const alerts = alertsOf(history, [MEMORY]);
      const range = {
        from: HISTORY_START + Math.min(a, b) * MINUTE,
        to: HISTORY_START + Math.max(a, b) * MINUTE,
      };
      for (const { minute, free } of given) {
        const [literal] = available(free);
        await history.append(withHost(sampleOf({ ...literal, t: minute * 60, host: HOST })));
        const anew = await openAlertEvents(alerts)(HOST, EVERYTHING);
        expect(await alerts.events(HOST, EVERYTHING)).toEqual(anew);
        const isSeen = ({ t, to = Number.POSITIVE_INFINITY }: HostEvent) => t <= range.to && range.from <= to;
        expect(await alerts.events(HOST, range)).toEqual(anew.filter(isSeen));
      }
      await history.close();
    });
    await fc.assert(property, { numRuns: 20 });
  });

  test('of samples that were evaluated before are not evaluated again', async () => {
    await withHistory(available(500, 90, 80, 200, 70, 60, 50), async (history) => {
      const reads: InstantRange[] = [];
      const readSystem: History['readSystem'] = (host, ids, range) => {
        reads.push(range);
        return history.readSystem(host, ids, range);
      };
      const { events } = alertsOf({ ...history, readSystem }, [MEMORY]);
      await events(HOST, EVERYTHING);
      const once = reads.length;
      expect(once).toBeGreaterThan(0);
      await events(HOST, { from: HISTORY_START, to: HISTORY_START + MINUTE });
      expect(reads).toHaveLength(once);
    });
  });
});

describe('an acknowledgement', () => {
  test('is told with its alert until it is taken back', async () => {
    await withHistory(available(500, 90, 80, 200, 70, 60, 50), async (history) => {
      const alerts = alertsOf(history, [MEMORY]);
      const fired = HISTORY_START + 5 * MINUTE;
      const acknowledged = async () =>
        (await viewAlerts(alerts, {}, 'UTC')).firing.map((one) => one.acknowledged);
      const request = { rule: 'Memory', fired };
      const said = await acknowledgeAlert(alerts, { ...request, acknowledged: true }, fired + 1);
      expect(said).toEqual({
        rule: 'Memory',
        fired: '2026-01-15T12:05:00.000Z',
        acknowledged: '2026-01-15T12:05:00.001Z',
      });
      expect(await acknowledged()).toEqual(['2026-01-15T12:05:00.001Z']);
      expect((await viewAlerts(alerts, {}, 'UTC')).resolved[0].acknowledged).toBeNull();
      await acknowledgeAlert(alerts, { ...request, acknowledged: false }, fired + 2);
      expect(await acknowledged()).toEqual([null]);
    });
  });

  test('is of an alert that there was', async () => {
    await withHistory(available(500, 90, 80, 200), async (history) => {
      const alerts = alertsOf(history, [MEMORY]);
      const ask = (rule: string, fired: number) =>
        acknowledgeAlert(alerts, { rule, fired, acknowledged: true }, 0);
      await expect(ask('No', HISTORY_START)).rejects.toMatchObject({ code: 'bad_parameter', field: 'rule' });
      await expect(ask('Memory', HISTORY_START)).rejects.toMatchObject({ field: 'fired' });
      await expect(ask('Memory', HISTORY_START + 3 * MINUTE)).rejects.toMatchObject({ field: 'fired' });
    });
  });
});

/** Some processes, each below one of smaller pid, or below none. */
const anyProcesses: fc.Arbitrary<ProcessLiteral[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
  .chain((pids) =>
    fc.tuple(
      ...pids.map((pid) =>
        fc.record({
          pid: fc.constant(pid),
          ppid: fc.nat(pid - 1),
          rss_mb: fc.nat(100),
          user: fc.constantFrom('www', 'root'),
          cmd: fc.constantFrom('job a', 'sh'),
        }),
      ),
    ),
  );

const anySamples = fc
  .array(fc.option(anyProcesses, { freq: 8 }), { minLength: 1, maxLength: 12 })
  .map((all) => all.map((processes, at): SampleLiteral => ({ t: at * 60, processes, host: HOST })));

const isShop = ({ user, cmd }: ProcessLiteral) => user === 'www' || (cmd ?? '').includes('job');

/** Of one process with all below it, by walking up from each. */
function belowOf(processes: readonly ProcessLiteral[], top: ProcessLiteral): number {
  const isBelow = (one: ProcessLiteral): boolean => {
    if (one.pid === top.pid) return true;
    const parent = processes.find(({ pid }) => pid === one.ppid);
    return parent !== undefined && isBelow(parent);
  };
  return processes.filter(isBelow).reduce((sum, { rss_mb = 1 }) => sum + rss_mb, 0);
}

const BRUTE: Readonly<Record<string, (processes: readonly ProcessLiteral[]) => number>> = {
  any: (all) => Math.max(0, ...all.map(({ rss_mb = 1 }) => rss_mb)),
  one: (all) => Math.max(0, ...all.filter(isShop).map(({ rss_mb = 1 }) => rss_mb)),
  tree: (all) => Math.max(0, ...all.filter(isShop).map((top) => belowOf(all, top))),
  sum: (all) => all.filter(isShop).reduce((sum, { rss_mb = 1 }) => sum + rss_mb, 0),
};
const PROCESS_RULES: readonly AlertRuleConfig[] = [
  { name: 'any', kind: 'level', limit: '50MiB', for: '0s' },
  { name: 'one', kind: 'level', limit: '50MiB', watch: 'shop', for: '0s' },
  { name: 'tree', kind: 'level', limit: '50MiB', watch: 'shop', of: 'subtree', for: '0s' },
  { name: 'sum', kind: 'budget', limit: '50MiB', watch: 'shop', for: '0s' },
];

describe('whatever is recorded', () => {
  test('rules about processes see what brute force finds in each sample, asked once or after each', async () => {
    const property = fc.asyncProperty(anySamples, async (samples) => {
      const history = await historyOf([samples[0]]);
      const followed = alertsOf(history, PROCESS_RULES);
      for (const sample of samples.slice(1)) {
        await evaluateAlerts(followed, HOST, EVERYTHING);
        await history.append(sampleOf(sample));
      }
      const [late, fresh] = [followed, alertsOf(history, PROCESS_RULES)].map((alerts) =>
        evaluateAlerts(alerts, HOST, EVERYTHING),
      );
      for (const { rule, series } of await fresh)
        expect(Array.from(series.value, (bytes) => bytes / MIB)).toEqual(
          samples.map(({ processes }) => (processes ? BRUTE[rule.name](processes) : Number.NaN)),
        );
      expect((await late).map(({ run, series }) => [run, series])).toEqual(
        (await fresh).map(({ run, series }) => [run, series]),
      );
      await history.close();
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

describe('who looks as samples come in', () => {
  test('knows how many fire, and tells once what fires and what is over since it looks', async () => {
    const samples = available(500, 90, 80, 200, 70, 60, 500).map((sample) => ({ ...sample, host: HOST }));
    const history = await historyOf(samples.slice(0, 3));
    const told: string[] = [];
    const failures: unknown[] = [];
    const watch = openAlertWatch(alertsOf(history, [MEMORY]), {
      onChange: (text) => told.push(text),
      onFailure: (error) => failures.push(error),
      everyMs: 10,
    });
    await expect.poll(() => watch.now()).toEqual({ host: HOST, firing: 1 });
    for (const [at, firing] of [
      [3, 0],
      [4, 0],
      [5, 1],
      [6, 0],
    ]) {
      await history.append(sampleOf(samples[at]));
      await expect.poll(() => watch.now()?.firing).toBe(firing);
      await expect.poll(() => told.length).toBe([1, 1, 2, 3][at - 3]);
    }
    expect(told).toEqual([
      'over: Memory',
      'alert Memory: MemAvailable 60.0 MiB, below 10 % of 0.977 GiB for 1m',
      'over: Memory',
    ]);
    await watch.close();
    await history.close();
    expect(failures).toEqual([]);
  });
});
