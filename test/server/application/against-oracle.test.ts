import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DumpPair } from '../../../server/application/dump-ports.ts';
import { viewSparklines } from '../../../server/application/view-sparklines.ts';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { demoScenario } from '../../demo-host/demo-scenario.ts';
import type { Random } from '../../demo-host/random.ts';
import { openRandom } from '../../demo-host/random.ts';
import { simulateHost } from '../../demo-host/simulate-host.ts';
import { writeSample } from '../../demo-host/write-sample.ts';
import { TEXT_GROUPINGS } from '../../oracle/oracle-counts.ts';
import { firstSeen, forgetHistory, historyOf } from '../../oracle/oracle-history.ts';
import type { LevelQuestion } from '../../oracle/oracle-level.ts';
import type { RowsQuery } from '../../oracle/rows.ts';
import type { Compared } from '../../support/compare-answers.ts';
import {
  compareFacets,
  compareGroups,
  compareLevel,
  comparePid,
  comparePlot,
  compareSearch,
  compareSnapshot,
  compareSparklines,
} from '../../support/compare-answers.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { effort } from '../../support/effort.ts';
import { openRecording } from '../../support/open-recording.ts';
import { RANDOM_PIDS, randomHistory } from '../../support/random-history.ts';
import { sharedTempFolder, withTempFolder } from '../../support/temp-folder.ts';

const FORMATS: readonly DumpFormat[] = ['v2', 'seed'];

/** The same histories every time; `PROPERTY_RUNS=2000` looks at so many new ones, and tells one that fails at once. */
const { PROPERTY_RUNS } = process.env;
const PROPERTY = PROPERTY_RUNS
  ? { numRuns: Number(PROPERTY_RUNS), endOnFailure: true }
  : { numRuns: effort(10, 400), seed: 20260304 };
const PROPERTY_TIMEOUT = 60_000 + PROPERTY.numRuns * 1000;

/** Given in so many of six cases. */
function inSixths<T>(weight: number, given: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  const absent = fc.constant(undefined);
  return fc.oneof({ weight: 6 - weight, arbitrary: absent }, { weight, arbitrary: given });
}

/** Filters, orders and limits of every kind; filters are seldom, so that rows remain. */
const rowsQuery: fc.Arbitrary<RowsQuery> = fc.record({
  min_life: inSixths(1, fc.constantFrom(100, 1000)),
  min_rss: inSixths(1, fc.integer({ min: 1, max: 5 })),
  min_subtree: inSixths(1, fc.integer({ min: 1, max: 12 })),
  q: inSixths(1, fc.constantFrom('sh', 'P3', '2', 'nobody')),
  user: inSixths(1, fc.constantFrom('root', 'app', 'roo')),
  cgroup: inSixths(1, fc.constantFrom('/a', '/b', '/')),
  exe: inSixths(1, fc.constantFrom('init', 'sh', 'web', 'p2')),
  state: inSixths(1, fc.constantFrom('S', 'Rest')),
  limit: inSixths(3, fc.integer({ min: 1, max: 4 })),
  window: inSixths(3, fc.constantFrom('upto', 'all')),
  sort: inSixths(4, fc.constantFrom('rss_bytes', 'pss_bytes', 'cmd', 'started')),
  dir: inSixths(3, fc.constantFrom('asc', 'desc')),
});

const questions = fc.record({
  rows: fc.array(rowsQuery, { minLength: 3, maxLength: 3 }),
  /** Which sample, and how many ms beside it. */
  sample: fc.nat(),
  beside: fc.constantFrom(0, 0, 1, -1),
  base: fc.option(fc.nat(), { nil: undefined }),
  by: fc.constantFrom(...TEXT_GROUPINGS),
});

async function compareRows(compared: Compared, { rows: filters, base: at, by }: Questions, ts: number) {
  const { samples } = historyOf(compared.folder);
  const base = at === undefined ? undefined : samples[at % samples.length].t;
  for (const filter of filters) {
    const rows = { ...filter, base };
    await compareSnapshot(compared, { ...rows, ts });
    await compareFacets(compared, { ...rows, ts });
    await compareGroups(compared, { ...rows, ts, by });
    for (const lvl of [0, 1, 2]) await compareLevel(compared, { ...rows, ts, lvl });
    for (const pid of RANDOM_PIDS) await comparePid(compared, { ...rows, ts, pid });
  }
}

async function compareAnswers(compared: Compared, asked: Questions): Promise<void> {
  const { samples, lives } = historyOf(compared.folder);
  const ts = samples[asked.sample % samples.length].t + asked.beside;
  await compareRows(compared, asked, ts);
  for (const q of ['SH', 'app', '2', 'p', 'init x']) await compareSearch(compared, { q, limit: 3 });
  await compareSparklines(compared, lives, { ts, seconds: 300 });
  for (const pid of RANDOM_PIDS) await comparePlot(compared, { ts, pid });
  for (const [at, life] of lives.entries()) {
    const range = at % 2 === 0 ? {} : { from: Math.min(ts, samples[0].t + 100_000), to: ts };
    await comparePlot(compared, { pid: life.pid, since: firstSeen(life), ...range });
  }
}

type Questions = typeof questions extends fc.Arbitrary<infer T> ? T : never;

describe('random small histories give the answers that brute force gives', () => {
  test.for(FORMATS)('%s', { timeout: PROPERTY_TIMEOUT }, async (format) => {
    const property = fc.asyncProperty(
      randomHistory(9),
      questions,
      fc.boolean(),
      (samples, asked, backwards) =>
        withTempFolder(async (folder) => {
          writeHistory(folder, samples, { format });
          const inOrder = (pairs: readonly DumpPair[]) => (backwards ? pairs.toReversed() : pairs);
          const { history, rejects } = await openRecording(folder, inOrder);
          try {
            expect(rejects).toEqual([]);
            await compareAnswers({ history, folder }, asked);
          } finally {
            await history.close();
            forgetHistory(folder);
          }
        }),
    );
    await fc.assert(property, PROPERTY);
  });
});

const DAY = {
  days: 1,
  intervalSeconds: 60,
  processes: 300,
  seed: 4,
  end: Date.parse('2026-03-04T06:00:00Z'),
};
const WHOLE_DAY = 1440;
/** What the predecessor's dumps lack, any stretch of them lacks. */
const LEAST = { v2: WHOLE_DAY, seed: effort(360, WHOLE_DAY) } as const;
/** Ticks that are left out while the recorder pauses. */
const PAUSES = 50;

function writeDay(folder: string, format: DumpFormat): number {
  let samples = 0;
  for (const sample of simulateHost({ ...demoScenario(DAY), samples: LEAST[format] + PAUSES })) {
    writeSample(folder, sample, format);
    samples++;
  }
  return samples;
}

function randomRows(random: Random): RowsQuery {
  return random.pick<RowsQuery>([
    {},
    { limit: 10_000 },
    { limit: 7, window: 'all' },
    { min_rss: 20 },
    { min_life: 300, min_rss: 100, min_subtree: 500 },
    { min_subtree: 64, window: 'all', limit: 20 },
    { min_life: 3600 },
    { q: 'POSTGRES' },
    { q: 'worker', sort: 'pss_bytes', dir: 'asc', limit: 5 },
    { sort: 'rss_bytes', limit: 30 },
    { sort: 'cmd', dir: 'asc', min_rss: 8 },
    { sort: 'lifetime_seconds', dir: 'asc', limit: 12 },
    { user: 'postgres' },
    { exe: 'python3', min_rss: 8 },
    { state: 'S', sort: 'pss_bytes' },
  ]);
}

describe.for(FORMATS)(
  'a recording of 300 processes, a sample a minute, in %s gives the answers that brute force gives',
  (format) => {
    const folder = sharedTempFolder();
    const random = openRandom(20260304);
    let compared: Compared;

    beforeAll(async () => {
      expect(writeDay(folder, format)).toBeGreaterThanOrEqual(LEAST[format]);
      const { history, rejects } = await openRecording(folder);
      compared = { history, folder };
      expect(rejects).toEqual([]);
    }, 60_000);
    afterAll(async () => {
      await compared?.history.close();
      forgetHistory(folder);
    });

    const instants = () => historyOf(folder).instants;
    const randomInstant = () => random.pick(instants());

    test('levels', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(15, 200); one++) {
        const { t } = randomInstant();
        const question: LevelQuestion = {
          ...randomRows(random),
          ts: t,
          lvl: random.pick([0, 0, 1, 1, 2, 3, 4, 9]),
        };
        await compareLevel(compared, question);
      }
    });

    test('subtrees, of every kind of process', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(15, 200); one++) {
        const { t, rows } = randomInstant();
        const { pid } = random.pick(
          random.next() < 0.5 ? [...rows.values()].filter(isParent) : [...rows.values()],
        ).process;
        await comparePid(compared, { ...randomRows(random), ts: t, pid });
      }
    });

    test('trees, compared with another instant', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(8, 60); one++) {
        const base = one % 2 === 0 ? randomInstant().t : undefined;
        await compareSnapshot(compared, { ...randomRows(random), ts: randomInstant().t, base });
      }
    });

    test('facets and groups', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(5, 40); one++) {
        const question = { ...randomRows(random), ts: randomInstant().t };
        await compareFacets(compared, question);
        await compareGroups(compared, {
          ...question,
          by: random.pick(TEXT_GROUPINGS),
          base: randomInstant().t,
        });
      }
    });

    test('searches among all lives', { timeout: 60_000 }, async () => {
      for (const q of ['postgres', 'WORKER', 'python3', '7', '812', 'root', 'no such thing'])
        for (const limit of [1, 20, 200]) await compareSearch(compared, { q, limit });
    });

    test('lines of 199 lives over an hour', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(4, 30); one++) {
        const lives = Array.from({ length: 199 }, () => random.pick(historyOf(folder).lives));
        await compareSparklines(compared, [...new Set(lives)], { ts: randomInstant().t, seconds: 3500 });
      }
    });

    test('lines of a day are drawn at 60 of its samples, evenly, from the first to the last', async () => {
      const all = instants().map(({ t }) => t);
      const day = { seconds: 86_400, keys: 's0-1-1' };
      const { t } = await viewSparklines(compared.history, day, 'UTC');
      const inWindow = all.filter((one) => one >= all[all.length - 1] - 86_400_000);
      expect([t.length, t[0], t[59]]).toEqual([60, inWindow[0], inWindow[inWindow.length - 1]]);
      const steps = t.slice(1).map((one, at) => inWindow.indexOf(one) - inWindow.indexOf(t[at]));
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
    });

    test('plots, of lives that are alive at the instant and of others', { timeout: 60_000 }, async () => {
      for (let one = 0; one < effort(12, 100); one++) {
        const { t, rows } = randomInstant();
        const { process } = random.pick(
          random.next() < 0.5 ? [...rows.values()].filter(isParent) : [...rows.values()],
        );
        await comparePlot(compared, { ts: t, pid: process.pid });
        const life = random.pick(historyOf(folder).lives);
        const [from, to] = [randomInstant().t, randomInstant().t].sort((a, b) => a - b);
        await comparePlot(compared, { pid: life.pid, since: firstSeen(life), from, to });
      }
    });
  },
);

function isParent({ place }: { readonly place: { readonly children: readonly number[] } }): boolean {
  return place.children.length > 0;
}
