import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DumpPair } from '../../../server/application/ports.ts';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { demoScenario } from '../../demo-host/demo-scenario.ts';
import type { Random } from '../../demo-host/random.ts';
import { openRandom } from '../../demo-host/random.ts';
import { simulateHost } from '../../demo-host/simulate-host.ts';
import { writeSample } from '../../demo-host/write-sample.ts';
import { firstSeen, forgetHistory, historyOf } from '../../oracle/oracle-history.ts';
import type { LevelQuestion } from '../../oracle/oracle-level.ts';
import type { RowsQuery } from '../../oracle/rows.ts';
import type { Compared } from '../../support/compare-answers.ts';
import { compareLevel, comparePid, comparePlot } from '../../support/compare-answers.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { openRecording } from '../../support/open-recording.ts';
import { RANDOM_PIDS, randomHistory } from '../../support/random-history.ts';
import { sharedTempFolder, withTempFolder } from '../../support/temp-folder.ts';

const FORMATS: readonly DumpFormat[] = ['v2', 'seed'];

/** The same histories every time; `PROPERTY_RUNS=2000` looks at so many new ones. */
const { PROPERTY_RUNS } = process.env;
const PROPERTY = PROPERTY_RUNS ? { numRuns: Number(PROPERTY_RUNS) } : { numRuns: 60, seed: 20260304 };
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
});

async function compareAnswers(compared: Compared, asked: Questions): Promise<void> {
  const { samples, lives } = historyOf(compared.folder);
  const ts = samples[asked.sample % samples.length].t + asked.beside;
  for (const rows of asked.rows) {
    for (const lvl of [0, 1, 2]) await compareLevel(compared, { ...rows, ts, lvl });
    for (const pid of RANDOM_PIDS) await comparePid(compared, { ...rows, ts, pid });
  }
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
/** The recorder's pauses are made up for, so that a whole day of samples is there. */
const SAMPLES = 1490;

function writeDay(folder: string, format: DumpFormat): number {
  let samples = 0;
  for (const sample of simulateHost({ ...demoScenario(DAY), samples: SAMPLES })) {
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
  ]);
}

describe.for(FORMATS)(
  'a day of 300 processes a minute in %s gives the answers that brute force gives',
  (format) => {
    const folder = sharedTempFolder();
    const random = openRandom(20260304);
    let compared: Compared;

    beforeAll(async () => {
      expect(writeDay(folder, format)).toBeGreaterThanOrEqual(1440);
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

    test('60 levels', { timeout: 60_000 }, async () => {
      for (let one = 0; one < 60; one++) {
        const { t } = randomInstant();
        const question: LevelQuestion = {
          ...randomRows(random),
          ts: t,
          lvl: random.pick([0, 0, 1, 1, 2, 3, 4, 9]),
        };
        await compareLevel(compared, question);
      }
    });

    test('60 subtrees, of every kind of process', { timeout: 60_000 }, async () => {
      for (let one = 0; one < 60; one++) {
        const { t, rows } = randomInstant();
        const { pid } = random.pick(
          random.next() < 0.5 ? [...rows.values()].filter(isParent) : [...rows.values()],
        ).process;
        await comparePid(compared, { ...randomRows(random), ts: t, pid });
      }
    });

    test('60 plots, of lives that are alive at the instant and of others', { timeout: 60_000 }, async () => {
      for (let one = 0; one < 30; one++) {
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
