import { truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { historyOf } from '../../../../server/adapters/history/history.ts';
import type { MemoryLimits } from '../../../../server/adapters/history/kept-hours.ts';
import { MEMORY_LIMITS } from '../../../../server/adapters/history/kept-hours.ts';
import type { LoadedSegment } from '../../../../server/adapters/history/loaded-segment.ts';
import type { Store } from '../../../../server/adapters/history/store.ts';
import { openStore } from '../../../../server/adapters/history/store.ts';
import type { InstantRange } from '../../../../server/application/ports.ts';
import { instantOf } from '../../../support/dump-builder.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { withTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

const HOST = 'test-1';
const DAY_S = 86_400;
const DAYS = 12;
/** Rows of hours of a day: two processes, two hours. */
const ROWS = 4;
const HOURS = { samples: 0 };

function dayOf(day: number, atSecond = 0): number {
  return instantOf(day * DAY_S + atSecond);
}

function spanOfDays(first: number, last: number): InstantRange {
  return { from: dayOf(first), to: dayOf(last, DAY_S - 1) };
}

function spanOfDay(day: number): InstantRange {
  return spanOfDays(day, day);
}

/** No day is farther from it than it is long. */
const MIDST = spanOfDays(4, 8);

async function sealDays(index: string): Promise<void> {
  for (let day = 0; day < DAYS; day++) {
    const samples = [0, 600, 3600, 4200].map((second) =>
      sampleOf({
        ...{ t: day * DAY_S + second, host: HOST, interval: 600 },
        processes: [
          { pid: 1, rss_mb: 10 + day, start: 1 },
          { pid: 2, ppid: 1, rss_mb: 5 + day, start: 2 },
        ],
      }),
    );
    await writeSegment(index, placeSamples(samples));
  }
}

interface Days {
  readonly store: Store;
  readonly segments: () => readonly LoadedSegment[];
  /** Days whose hours are in memory. */
  readonly loaded: () => readonly number[];
  /** Asks by hours, or by samples. @returns the line's points */
  readonly ask: (range: InstantRange, samples?: number) => Promise<readonly number[]>;
  /** Asks who was there. @returns how many */
  readonly look: (t: number) => Promise<number | undefined>;
}

async function withDays(memory: Partial<MemoryLimits>, use: (days: Days) => Promise<void>): Promise<void> {
  await withTempFolder(async (index) => {
    await sealDays(index);
    const store = await openStore({
      ...{ index, memory: { ...MEMORY_LIMITS, ...memory } },
      onReject: ({ reason }) => expect.fail(reason),
    });
    const segments = () => store.hosts.get(HOST)?.sealed.segments ?? [];
    const history = historyOf(store);
    const [{ id }] = await livesOfPid(history, HOST, 1);
    try {
      await use({
        ...{ store, segments },
        loaded: () => [...segments().keys()].filter((day) => segments()[day].rollup),
        ask: async (range, samples = HOURS.samples) =>
          (await history.readTimeline(HOST, id, range, { samples })).rss.bytes,
        look: async (t) => (await history.readSnapshot(HOST, t))?.processes.count,
      });
    } finally {
      await store.close();
    }
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo() && Date.now() < end; ) await sleep(2);
}

/** Long enough for all that was begun. */
const SETTLED_MS = 300;

test('whoever looks at an instant has the hours of its day, for statistics up to it', () =>
  withDays({}, async ({ look, loaded }) => {
    expect(await look(dayOf(3, 600))).toBe(2);
    expect(loaded()).toEqual([3]);
    // The whole day is before it: what its lives' file tells is enough.
    expect(await look(dayOf(5, 4200))).toBe(2);
    expect(loaded()).toEqual([3]);
  }));

describe('hours that nobody has asked for', { timeout: 60_000 }, () => {
  test('come into memory behind a question that is told by hours', () =>
    withDays({}, async ({ ask, loaded, segments }) => {
      await ask(MIDST, Number.POSITIVE_INFINITY);
      await sleep(SETTLED_MS);
      expect(loaded()).toEqual([]);
      await ask(MIDST);
      await until(() => loaded().length === DAYS);
      expect(loaded()).toHaveLength(DAYS);
      // They are what a question would have read: the files are not needed any more.
      for (const { paths } of segments()) truncateSync(paths.rollup);
      const before = await ask(spanOfDay(3));
      expect(before).not.toEqual([]);
      expect(await ask(spanOfDay(7))).toEqual(before.map((bytes) => bytes + 4 * 2 ** 20));
    }));

  test('are as far away as the range is long, and no farther', () =>
    withDays({}, async ({ ask, loaded }) => {
      await ask(spanOfDays(3, 4));
      await until(() => loaded().length >= 6);
      await sleep(SETTLED_MS);
      expect(loaded()).toEqual([1, 2, 3, 4, 5, 6]);
    }));

  test('are the nearest ones where not all find room, and never more than that', () =>
    withDays({ busyRows: 5 * ROWS }, async ({ ask, loaded }) => {
      await ask(spanOfDays(5, 7));
      await until(() => loaded().length >= 5);
      await sleep(SETTLED_MS);
      expect(loaded()).toEqual([4, 5, 6, 7, 8]);
      await ask(spanOfDay(0));
      await sleep(SETTLED_MS);
      expect(loaded()).toHaveLength(5);
      expect(loaded()).toContain(0);
    }));

  test('are let go of when nobody asks any more, and no more are read', () =>
    withDays({ idleRows: 2 * ROWS, idleMs: 500 }, async ({ ask, loaded, store, segments }) => {
      await ask(MIDST);
      await until(() => loaded().length === 2);
      const host = store.hosts.get(HOST);
      if (host) store.readAhead(host, MIDST);
      await sleep(SETTLED_MS);
      expect(loaded()).toHaveLength(2);
      expect(segments()[8].rollup).not.toBeNull();
    }));

  test('are not read once the history closes', () =>
    withDays({}, async ({ ask, loaded, store }) => {
      await ask(MIDST);
      await store.close();
      const then = loaded().length;
      expect(then).toBeLessThan(DAYS);
      await sleep(SETTLED_MS);
      expect(loaded()).toHaveLength(then);
    }));

  test('fail nobody, if they cannot be read, but who needs them', () =>
    withDays({}, async ({ ask, loaded, segments }) => {
      const path = segments()[11].paths.rollup;
      truncateSync(path);
      expect(await ask(MIDST)).not.toEqual([]);
      await sleep(SETTLED_MS);
      expect(loaded()).toContain(6);
      expect(loaded()).not.toContain(11);
    }));
});
