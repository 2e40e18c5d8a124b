import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { firstSeen, forgetHistory, historyOf } from '../../oracle/oracle-history.ts';
import type { Compared } from '../../support/compare-answers.ts';
import {
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
import type { Split } from '../../support/open-recording.ts';
import { openSplitRecording } from '../../support/open-recording.ts';
import { RANDOM_PIDS, randomHistory } from '../../support/random-history.ts';
import { withTempFolder } from '../../support/temp-folder.ts';

/** However a history is split between segments and tail, its answers are those of brute force. */

const { PROPERTY_RUNS } = process.env;
const PROPERTY = PROPERTY_RUNS
  ? { numRuns: Number(PROPERTY_RUNS), endOnFailure: true }
  : { numRuns: effort(5, 200), seed: 20260305 };
const PROPERTY_TIMEOUT = 120_000 + PROPERTY.numRuns * 2000;
const LONGEST = 12;

async function compareEverything(compared: Compared, sample: number): Promise<void> {
  const { samples, lives } = historyOf(compared.folder);
  const ts = samples[sample % samples.length].t;
  const base = samples[(sample * 7) % samples.length].t;
  await compareGroups(compared, { ts, base, by: 'exe' });
  for (const q of ['sh', 'app', '2', 'p']) await compareSearch(compared, { q, limit: 2 });
  await compareSparklines(compared, lives, { ts, seconds: 600 });
  for (const window of ['upto', 'all'] as const) {
    await compareSnapshot(compared, { ts, base, window });
    for (const lvl of [0, 1]) await compareLevel(compared, { ts, lvl, window });
    for (const pid of RANDOM_PIDS) await comparePid(compared, { ts, pid, window });
  }
  for (const [at, life] of lives.entries()) {
    const range = at % 2 === 0 ? {} : { from: Math.min(ts, samples[0].t + 100_000), to: ts };
    await comparePlot(compared, { pid: life.pid, since: firstSeen(life), ...range });
  }
}

async function compareSplit(
  literals: Parameters<typeof writeHistory>[1],
  format: DumpFormat,
  split: Split,
  sample: number,
  backwards = false,
): Promise<void> {
  await withTempFolder((folder) =>
    withTempFolder(async (index) => {
      writeHistory(folder, literals, { format });
      const { history, rejects } = await openSplitRecording(folder, index, split, (samples) =>
        backwards ? samples.toReversed() : samples,
      );
      try {
        expect(rejects).toEqual([]);
        await compareEverything({ history, folder }, sample);
      } finally {
        await history.close();
        forgetHistory(folder);
      }
    }),
  );
}

/** Some sample after which everything is of the tail; before, each may begin a segment. */
const segmentsThenTail = fc
  .record({
    sealed: fc.nat({ max: LONGEST }),
    borders: fc.array(fc.boolean(), { minLength: LONGEST, maxLength: LONGEST }),
  })
  .map(({ sealed, borders }): Split => {
    const numbers = borders.map((_, at) => 1 + borders.slice(0, at).filter(Boolean).length);
    return (at) => (at < sealed ? numbers[at] : 0);
  });

test.for<DumpFormat>(['v2', 'seed'])(
  'segments and then the tail of random small histories, %s',
  { timeout: PROPERTY_TIMEOUT },
  async (format) => {
    const property = fc.asyncProperty(
      ...([randomHistory(LONGEST), segmentsThenTail, fc.nat(), fc.boolean()] as const),
      (samples, split, sample, backwards) => compareSplit(samples, format, split, sample, backwards),
    );
    await fc.assert(property, PROPERTY);
  },
);

/** Each sample in any of three segments or the tail, so that samples come late between those of segments. */
const anySplit = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: LONGEST, maxLength: LONGEST }).map(
  (places): Split =>
    (at) =>
      places[at],
);

test('samples of the tail between segments and before them', { timeout: PROPERTY_TIMEOUT }, async () => {
  const property = fc.asyncProperty(
    ...([randomHistory(LONGEST), anySplit, fc.nat(), fc.boolean()] as const),
    (samples, split, sample, backwards) => compareSplit(samples, 'v2', split, sample, backwards),
  );
  await fc.assert(property, PROPERTY);
});
