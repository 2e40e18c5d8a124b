import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openMemoryKeeper, trimHours } from '../../../../server/adapters/history/kept-hours.ts';
import type { LoadedSegment } from '../../../../server/adapters/history/loaded-segment.ts';

const ROWS = 10;

/** A segment whose hours were asked for at `askedAt`; only what counts here is there. */
function segmentAskedAt(askedAt: number): LoadedSegment {
  return { askedAt, rollup: { life: new Int32Array(ROWS) } } as unknown as LoadedSegment;
}

function keptOf(segments: readonly LoadedSegment[]): number[] {
  return segments.filter(({ rollup }) => rollup).map(({ askedAt }) => askedAt);
}

describe('hours in memory', () => {
  test('are let go of, the longest not asked for first, down to the limit', () => {
    const segments = [3, 1, 4, 2].map(segmentAskedAt);
    trimHours(segments, 4 * ROWS);
    expect(keptOf(segments)).toEqual([3, 1, 4, 2]);
    trimHours(segments, 3 * ROWS - 1);
    expect(keptOf(segments)).toEqual([3, 4]);
    trimHours(segments, 0);
    expect(keptOf(segments)).toEqual([]);
  });

  test('are let go of only when the last question is answered and no other follows at once', async () => {
    const segments = [1, 2].map(segmentAskedAt);
    const limits = { busyRows: ROWS, idleRows: 0, idleMs: 60_000 };
    const keeper = openMemoryKeeper(
      () => segments,
      limits,
      () => undefined,
    );
    await keeper.during(async () => {
      await keeper.during(() => Promise.resolve());
      await endOfTurn();
      expect(keptOf(segments)).toEqual([1, 2]);
    });
    expect(keptOf(segments)).toEqual([1, 2]);
    await keeper.during(() => endOfTurn());
    expect(keptOf(segments)).toEqual([1, 2]);
    await endOfTurn();
    expect(keptOf(segments)).toEqual([2]);
    keeper.close();
  });

  test('are fewer when nobody has asked for a while', async () => {
    const segments = [1, 2].map(segmentAskedAt);
    const keptWhenGivenBack: number[][] = [];
    const limits = { busyRows: 2 * ROWS, idleRows: ROWS, idleMs: 1 };
    const keeper = openMemoryKeeper(
      () => segments,
      limits,
      () => keptWhenGivenBack.push(keptOf(segments)),
    );
    await expect(keeper.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(keptOf(segments)).toEqual([1, 2]);
    // Again after each collection, and then no more.
    await expect.poll(() => keptWhenGivenBack).toEqual([[2], [2], [2]]);
    await sleep(20);
    expect(keptWhenGivenBack).toHaveLength(3);
    keeper.close();
  });
});
