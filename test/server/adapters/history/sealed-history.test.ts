import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { SegmentKind, SegmentManifest } from '../../../../server/adapters/history/segment.ts';
import { manifestPath } from '../../../../server/adapters/history/segment-paths.ts';
import type { Reject } from '../../../../server/application/dump-ports.ts';
import type { Detail, History, InstantRange } from '../../../../server/application/ports.ts';
import type { Sample } from '../../../../server/domain/sample.ts';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { instantOf } from '../../../support/dump-builder.ts';
import { effort } from '../../../support/effort.ts';
import { livesOfPid } from '../../../support/lives-of-pid.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { tempFolder, withTempFolder } from '../../../support/temp-folder.ts';
import { writeSegment } from '../../../support/write-segments.ts';
import { sampleOf } from '../../application/recorded.ts';

const HOST = 'test-1';
const EVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const HOURS = { samples: 0 };
const SAMPLES = { samples: Number.POSITIVE_INFINITY };

/** Five hours, a sample each ten minutes: pid 1, three of its children that come and go, one of another parent. */
function samplesOf(rss: readonly number[], host = HOST): Sample[] {
  return Array.from({ length: 30 }, (_, at): SampleLiteral => {
    const figure = (pid: number) => rss[(at * 5 + pid) % rss.length];
    const child = (pid: number, ppid: number) => ({ pid, ppid, rss_mb: figure(pid), start: pid });
    const children = [child(2, 1), child(3, at < 20 ? 1 : 2), child(4, 1)].filter(
      ({ pid }) => pid !== 4 || at % 12 < 9,
    );
    const processes = [{ pid: 1, rss_mb: figure(1) }, ...children];
    return { t: at * 600, host, interval: 600, processes: at === 7 ? null : processes };
  }).map((literal) => sampleOf(literal));
}

async function seal(index: string, samples: readonly Sample[], ...ends: readonly number[]) {
  const placed = placeSamples(samples);
  const segments = [];
  for (const [at, end] of ends.entries())
    segments.push(await writeSegment(index, placed.slice(ends[at - 1] ?? 0, end)));
  return segments;
}

async function withHistory(
  index: string,
  tail: readonly Sample[],
  use: (history: History, rejects: readonly Reject[]) => Promise<void>,
): Promise<void> {
  const rejects: Reject[] = [];
  // No hours are kept from one turn to the next: who asks then loads what it needs.
  const memory = { busyRows: 0, idleRows: 0, idleMs: 60_000 };
  const history = await openHistory({ index, memory, onReject: (reject) => rejects.push(reject) });
  try {
    for (const sample of tail) await history.append(sample);
    await use(history, rejects);
  } finally {
    await history.close();
  }
}

const figures = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 });
const borders = fc
  .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 4 })
  .map((ends) => ends.sort((a, b) => a - b));
const instant = fc.integer({ min: -700_000, max: 18_700_000 }).map((ms) => instantOf(0) + ms);
const range = fc
  .tuple(instant, instant)
  .map(([a, b]): InstantRange => ({ from: Math.min(a, b), to: Math.max(a, b) }));

/** By brute force over the samples of a range. */
function statisticsOf(samples: readonly Sample[], pid: number, { from, to }: InstantRange) {
  const placed = placeSamples(samples).filter(({ sample: { system } }) => from <= system.t && system.t <= to);
  const rows = placed.flatMap(({ placed: one }) => {
    const row = one ? one.processes.numbers.pid.indexOf(pid) : -1;
    return one && row >= 0
      ? [{ rss: one.processes.numbers.rss_bytes[row], subtree: one.tree.subtreeRss[row] }]
      : [];
  });
  if (rows.length === 0) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [rss, subtree] = [rows.map((row) => row.rss), rows.map((row) => row.subtree)];
  return {
    rssMin: Math.min(...rss),
    rssMean: mean(rss),
    rssMax: Math.max(...rss),
    subtreeRssMean: mean(subtree),
    subtreeRssMax: Math.max(...subtree),
  };
}

function largest(series: { readonly t: readonly number[]; readonly bytes: readonly number[] }) {
  const most = Math.max(...series.bytes);
  return [most, series.t[series.bytes.indexOf(most)]];
}

type Ask = (history: History, samples: readonly Sample[], id: number, pid: number) => Promise<void>;

/** Asks about each of some pids, with the samples up to the last border in segments. */
async function askSplit(
  rss: readonly number[],
  ends: readonly number[],
  pids: readonly number[],
  ask: Ask,
): Promise<void> {
  await withTempFolder(async (index) => {
    const samples = samplesOf(rss);
    await seal(index, samples, ...ends);
    await withHistory(index, samples.slice(ends.at(-1) ?? 0), async (history) => {
      for (const pid of pids) {
        const [{ id }] = await livesOfPid(history, HOST, pid);
        await ask(history, samples, id, pid);
        await endOfTurn();
      }
    });
  });
}

const EVERYBODY = [1, 2, 3, 4];

async function compareDetails(history: History, id: number, asked: InstantRange): Promise<void> {
  const raw = await history.readTimeline(HOST, id, asked, SAMPLES);
  const hours = await history.readTimeline(HOST, id, asked, HOURS);
  expect([hours.samples, hours.lastT]).toEqual([raw.samples, raw.lastT]);
  if (raw.samples === 0) return;
  expect(largest(hours.rss)).toEqual(largest(raw.rss));
  expect(largest(hours.subtreeRss)).toEqual(largest(raw.subtreeRss));
  expect(Math.min(...hours.rss.bytes)).toBe(Math.min(...raw.rss.bytes));
}

async function compareChildren(history: History, id: number, asked: InstantRange): Promise<void> {
  const rankedBy = (detail: Detail) => history.rankChildren(HOST, id, asked, { ...detail, first: 2 });
  const [rawRanks, hourRanks] = [await rankedBy(SAMPLES), await rankedBy(HOURS)];
  expect({ ...hourRanks, detail: 'samples' }).toEqual(rawRanks);
  const raw = await history.readFamily(HOST, id, asked, { ranked: rawRanks, drawn: 1 });
  const hours = await history.readFamily(HOST, id, asked, { ranked: hourRanks, drawn: 1 });
  for (const [at, { life, timeline }] of raw.drawn.entries()) {
    expect(hours.drawn[at].life).toEqual(life);
    expect(hours.drawn[at].timeline.samples).toBe(timeline.samples);
    expect(largest(hours.drawn[at].timeline.subtreeRss)).toEqual(largest(timeline.subtreeRss));
  }
  expect(hours.others === null).toBe(raw.others === null);
}

/** What a chart by hours asks of a process, one line of its own. */
async function familyOf(history: History, pid: number, asked: InstantRange) {
  const [{ id }] = await livesOfPid(history, HOST, pid);
  const ranked = await history.rankChildren(HOST, id, asked, { ...HOURS, first: 1 });
  const ids = [id, ...ranked.first.map(({ life }) => life)];
  const [family, statistics] = await Promise.all([
    history.readFamily(HOST, id, asked, { ranked, drawn: 1 }),
    history.readStatistics(HOST, ids, asked),
  ]);
  return { ...family, statistics: ids.map((one) => statistics.get(one)) };
}

const RUNS = { numRuns: effort(6, 100), seed: 7 };

describe('however five hours are split between segments and tail', { timeout: 120_000 }, () => {
  test('statistics over any range are those of brute force', async () => {
    const ranges = fc.array(range, { minLength: 8 });
    const property = fc.asyncProperty(figures, borders, ranges, (rss, ends, all) =>
      askSplit(rss, ends, EVERYBODY, async (history, samples, id, pid) => {
        for (const one of all) {
          const told = await history.readStatistics(HOST, [id], one);
          expect(told.get(id)).toEqual(statisticsOf(samples, pid, one));
          await endOfTurn();
        }
      }),
    );
    await fc.assert(property, RUNS);
  });

  test('hours keep the peaks of the samples, and count them', async () => {
    const property = fc.asyncProperty(figures, borders, range, (rss, ends, asked) =>
      askSplit(rss, ends, EVERYBODY, (history, _, id) => compareDetails(history, id, asked)),
    );
    await fc.assert(property, RUNS);
  });

  test('a process is seen in the samples that show it, and in no others', async () => {
    const property = fc.asyncProperty(figures, borders, (rss, ends) =>
      askSplit(rss, ends, EVERYBODY, async (history, samples, life, pid) => {
        for (const { system, processes } of samples) {
          const isThere = processes?.numbers.pid.includes(pid) ?? false;
          expect(await history.isSeen(HOST, { life, t: system.t })).toBe(isThere);
          expect(await history.isSeen(HOST, { life, t: system.t + 1 })).toBe(false);
        }
      }),
    );
    await fc.assert(property, { ...RUNS, numRuns: effort(3, 30) });
  });

  test('children rank the same by hours and by samples', async () => {
    const property = fc.asyncProperty(figures, borders, range, (rss, ends, asked) =>
      askSplit(rss, ends, [1, 2], (history, _, id) => compareChildren(history, id, asked)),
    );
    await fc.assert(property, RUNS);
  });

  test('what was asked before changes no answer', async () => {
    const property = fc.asyncProperty(figures, borders, range, (rss, ends, asked) =>
      withTempFolder(async (index) => {
        const samples = samplesOf(rss);
        await seal(index, samples, ...ends);
        const open = (use: (history: History) => Promise<void>) =>
          withHistory(index, samples.slice(ends.at(-1) ?? 0), use);
        const alone: unknown[] = [];
        for (const pid of EVERYBODY)
          await open(async (history) => void alone.push(await familyOf(history, pid, asked)));
        await open(async (history) => {
          for (const pid of EVERYBODY.toReversed())
            expect(await familyOf(history, pid, asked)).toEqual(alone[pid - 1]);
        });
      }),
    );
    await fc.assert(property, RUNS);
  });
});

/** What a page shows of all of it, to be compared between states. */
async function answersOf(history: History) {
  const { t } = history.spine(HOST);
  const lives = await Promise.all([1, 2, 3, 4].map((pid) => livesOfPid(history, HOST, pid)));
  const nameless = lives.flat().map(({ id: _, ...life }) => life);
  const statistics = await history.readStatistics(
    HOST,
    lives.flat().map(({ id }) => id),
    EVER,
  );
  const table = await history.readSnapshot(HOST, t[20]);
  const timeline = await history.readTimeline(HOST, lives[0][0].id, EVER, SAMPLES);
  const system = await history.readSystem(HOST, ['process_rss_bytes'], EVER);
  return {
    t: [...t],
    lives: nameless,
    statistics: [...statistics.values()],
    keys: table?.lives.map(({ key }) => key),
    processes: table?.processes,
    timeline,
    rss: Array.from(system.values.process_rss_bytes),
  };
}

const RSS = [5, 9, 100, 3, 77];

function erase(index: string, segments: readonly SegmentManifest[]): void {
  for (const segment of segments) {
    rmSync(manifestPath(index, segment));
    for (const kind of ['processes', 'lives', 'rollup', 'system'] as const)
      rmSync(segmentPath(index, segment, kind));
  }
}

describe('a refresh', () => {
  // What it was about to do by itself, somebody else had done: then it gave up.
  test('that is under way when a file is found gone is waited for, and the question asked again', async () => {
    const samples = samplesOf(RSS);
    const ts = samples[4].system.t;
    for (let turn = 0; turn < 5; turn++) {
      const index = tempFolder();
      const old = await seal(index, samples, 24);
      await withHistory(index, [], async (history) => {
        const before = await history.readSnapshot(HOST, ts);
        await writeSegment(
          index,
          placeSamples(samples),
          old.map(({ id }) => id),
        );
        erase(index, old);
        const [asked] = await Promise.all([history.readSnapshot(HOST, ts), history.refresh()]);
        expect(asked?.subtreeRss).toEqual(before?.subtreeRss);
      });
    }
  });

  test('takes segments over from the tail, and then one in the place of several, and no answer changes', async () => {
    const index = tempFolder();
    const samples = samplesOf(RSS);
    await withHistory(index, samples, async (history) => {
      const before = await answersOf(history);
      const parts = await seal(index, samples, 12, 24);
      await history.refresh();
      expect(await answersOf(history)).toEqual(before);
      await writeSegment(
        index,
        placeSamples(samples),
        parts.map(({ id }) => id),
      );
      erase(index, parts);
      // Without a refresh: who finds a file gone looks at the index again.
      expect(await answersOf(history)).toEqual(before);
      await history.refresh();
      expect(await answersOf(history)).toEqual(before);
      expect(await history.append(samples[3])).toBe('duplicate');
    });
  });

  test('does not disturb those who ask meanwhile', { timeout: 60_000 }, async () => {
    const index = tempFolder();
    const samples = samplesOf(RSS);
    await withHistory(index, samples, async (history) => {
      const before = await answersOf(history);
      let asking = true;
      const askers = [1, 2, 3].map(async () => {
        while (asking) expect(await answersOf(history)).toEqual(before);
      });
      const placed = placeSamples(samples);
      for (let at = 0; at < samples.length; at += 6) {
        await writeSegment(index, placed.slice(at, at + 6));
        await history.refresh();
      }
      asking = false;
      await Promise.all(askers);
    });
  });

  test('brings what another process has sealed, of hosts that were not there before', async () => {
    const index = tempFolder();
    await withHistory(index, samplesOf(RSS), async (history) => {
      await seal(index, samplesOf(RSS, 'other'), 30);
      await history.refresh();
      expect(history.hosts().toSorted()).toEqual(['other', HOST]);
      expect((await history.readSnapshot('other', instantOf(0)))?.processes.count).toBe(4);
    });
  });
});

describe('a segment that cannot be read is left out and told, and the others are answered from', () => {
  test.each<[SegmentKind, 'gone' | 'cut']>([
    ['system', 'gone'],
    ['processes', 'gone'],
    ['lives', 'cut'],
    ['system', 'cut'],
    ['rollup', 'cut'],
    ['processes', 'cut'],
  ])('%s %s', async (kind, how) => {
    const index = tempFolder();
    const samples = samplesOf(RSS);
    const [first] = await seal(index, samples, 12, 30);
    const path = segmentPath(index, first, kind);
    if (how === 'gone') rmSync(path);
    else truncateSync(path, 60);
    await withHistory(index, [], async (history, rejects) => {
      if (history.spine(HOST).t.length > 18) {
        const [{ id }] = await livesOfPid(history, HOST, 1);
        await history.readTimeline(HOST, id, EVER, kind === 'rollup' ? HOURS : SAMPLES);
      }
      expect(history.spine(HOST).t).toHaveLength(18);
      expect(rejects).toMatchObject([{ reason: expect.stringContaining('segment left out') }]);
      expect((await history.readSnapshot(HOST, samples[20].system.t))?.processes.count).toBe(4);
    });
  });

  test('an index that is not there holds nothing', async () => {
    await withHistory(join(tempFolder(), 'nowhere'), [], async (history, rejects) => {
      expect([history.hosts(), rejects]).toEqual([[], []]);
    });
  });
});
