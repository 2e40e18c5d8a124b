import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { viewAnswer } from '../../../server/application/view-answer.ts';
import { viewComposition } from '../../../server/application/view-composition.ts';
import { viewEvents } from '../../../server/application/view-events.ts';
import { viewMinimap } from '../../../server/application/view-minimap.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewTop } from '../../../server/application/view-top.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { effort } from '../../support/effort.ts';
import type { Split } from '../../support/open-recording.ts';
import { openRecording, openSplitRecording } from '../../support/open-recording.ts';
import { RANDOM_PIDS, randomHistory } from '../../support/random-history.ts';
import { withTempFolder } from '../../support/temp-folder.ts';

/** However a history is split between segments and tail, it explains the memory in the same way. */

/** Lives of equal size may stand in any order. */
async function topInOrder(history: History, metric: 'rss' | 'pss' | 'swap') {
  const { series, ...top } = await viewTop(history, { metric, n: 40, px: 1200 }, 'UTC');
  return { ...top, series: [...series].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

async function explain(history: History) {
  const spine = history.spine(history.hosts()[0]);
  const withProcesses = spine.t.filter((_, at) => spine.hasProcesses[at] === 1);
  const answers = withProcesses.map((t) => viewAnswer(history, { ts: String(t), sinceMs: 120_000 }, 'UTC'));
  const tops = (['rss', 'pss', 'swap'] as const).map((metric) => topInOrder(history, metric));
  return {
    answers: await Promise.all(answers),
    tops: await Promise.all(tops),
    events: await Promise.all(RANDOM_PIDS.map((pid) => viewEvents(history, { pid }, 'UTC'))),
    compositions: await Promise.all(
      RANDOM_PIDS.map((pid) =>
        viewComposition(history, { pid, px: 1200 }, 'UTC').catch(({ code }: { code: string }) => code),
      ),
    ),
    minimap: await viewMinimap(history, { px: 7 }, 'UTC'),
    overview: await viewOverview(history, { px: 1200 }, 'UTC'),
  };
}

const LONGEST = 12;

/** Each sample in any of three segments or the tail, so that samples come late between those of segments. */
const anySplit = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: LONGEST, maxLength: LONGEST }).map(
  (places): Split =>
    (at) =>
      places[at],
);

test('segments and tail in any order', { timeout: 240_000 }, async () => {
  const property = fc.asyncProperty(randomHistory(LONGEST), anySplit, (samples, split) =>
    withTempFolder((folder) =>
      withTempFolder(async (index) => {
        writeHistory(folder, samples);
        const whole = await openRecording(folder);
        const parts = await openSplitRecording(folder, index, split);
        fc.pre(whole.history.hosts().length > 0);
        try {
          expect(await explain(parts.history)).toEqual(await explain(whole.history));
        } finally {
          await whole.history.close();
          await parts.history.close();
        }
      }),
    ),
  );
  await fc.assert(property, { numRuns: effort(10, 200), seed: 20260305 });
});
