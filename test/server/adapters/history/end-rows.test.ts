import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { History, InstantRange } from '../../../../server/application/ports.ts';
import { instantOf } from '../../../support/dump-builder.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { withTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

const HOST = 'test-1';
/** Begins and ends within an hour. */
const RANGE: InstantRange = { from: instantOf(600), to: instantOf(10_900) };
const SECONDS = Array.from({ length: 30 }, (_, at) => at * 420);

async function readLines(history: History, samples: number): Promise<readonly number[]> {
  const [parent] = await livesOfPid(history, HOST, 1);
  const ranked = await history.rankChildren(HOST, parent.id, RANGE, { samples, first: 12 });
  const family = await history.readFamily(HOST, parent.id, RANGE, { ranked, drawn: 12 });
  expect(family.own.detail).toBe(samples === 0 ? 'hours' : 'samples');
  return [parent.id, ...family.drawn.map(({ life }) => life.id)];
}

test.each([
  { told: 'samples', samples: 1000 },
  { told: 'hours', samples: 0 },
])(
  'whoever was drawn by $told is described over the same range without another look at the file',
  async ({ samples }) => {
    await withTempFolder(async (index) => {
      const recorded = SECONDS.map((t) =>
        sampleOf({
          ...{ t, host: HOST },
          processes: [
            { pid: 1, rss_mb: 10 + t / 420, start: 1 },
            { pid: 2, ppid: 1, rss_mb: 40 - t / 420, start: 2 },
          ],
        }),
      );
      await writeSegment(index, placeSamples(recorded));
      const [history, other] = [await openHistory({ index }), await openHistory({ index })];
      const lives = await readLines(history, samples);
      expect(lives).toHaveLength(2);
      const expected = await other.readStatistics(HOST, lives, RANGE);
      for (const manifest of (await readManifests(index)).manifests)
        rmSync(segmentPath(index, manifest, 'processes'));
      expect(await history.readStatistics(HOST, lives, RANGE)).toEqual(expected);
      // Other ends are of the file, which has gone.
      expect((await history.readStatistics(HOST, lives, { ...RANGE, from: instantOf(900) })).size).toBe(0);
      history.close();
      other.close();
    });
  },
);
