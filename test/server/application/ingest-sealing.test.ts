import { readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import { readManifests } from '../../../server/adapters/history/manifests.ts';
import { openSealer } from '../../../server/adapters/sealing/open-sealer.ts';
import { openIngest } from '../../../server/application/ingest.ts';
import { viewLevel } from '../../../server/application/view-level.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { DEFAULT_SORT } from '../../../server/domain/process-filter.ts';
import { bundleProgram } from '../../support/bundle-program.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DAY_S = 86_400;
const HOUR_S = 3600;
/** Two days after the first sample: noon. */
const NOW = HISTORY_START + 2 * DAY_S * 1000;

let bundle: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  bundle = await bundleProgram('server/seal-worker.ts');
});
afterAll(() => bundle.remove());

/** Half-hourly over two days and some. */
function recording(from: number, count: number): SampleLiteral[] {
  return Array.from({ length: count }, (_, at) => ({
    t: from + at * (HOUR_S / 2),
    processes: [
      { pid: 1, rss_mb: 10 + (at % 7), start: 1 },
      { pid: 100 + at, ppid: 1, rss_mb: 3, start: 2 },
    ],
  }));
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(dumps: string, now = NOW, isSealing = true) {
  const index = join(dumps, '.index');
  const worker = pathToFileURL(bundle.path);
  const sealer = isSealing
    ? await openSealer({ dumps, timeZone: 'UTC', index, worker, name: () => 'a test' })
    : null;
  const history = await openHistory(isSealing ? { index } : {});
  const failures: unknown[] = [];
  const reasons: string[] = [];
  const clock = { now };
  const ingest = openIngest(
    { folder: openFolder(dumps), history, sealer },
    {
      onReject: ({ reason }) => reasons.push(reason),
      onFailure: (error) => failures.push(error),
      now: () => clock.now,
    },
  );
  const close = async () => {
    await ingest.close();
    await sealer?.close();
    await history.close();
  };
  closing.push(close);
  await ingest.idle();
  expect(failures).toEqual([]);
  const [host] = history.hosts();
  return {
    history,
    ingest,
    index,
    reasons,
    failures,
    clock,
    sealer,
    host,
    close: () => close().then(() => closing.splice(closing.indexOf(close), 1)),
  };
}

type Open = Awaited<ReturnType<typeof open>>;

const REQUEST = { ...DEFAULT_SORT, window: 'upto', limit: 100, lvl: 1 } as const;

/** What two pages say. */
async function answers({ history }: Open) {
  return {
    overview: await viewOverview(history, { px: 1200 }, 'UTC'),
    level: await viewLevel(history, REQUEST, 'UTC'),
    before: await viewLevel(history, { ...REQUEST, ts: '-30h' }, 'UTC'),
  };
}

describe('a folder of dumps that is read with an index', () => {
  test('says what it says without one', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 4 * 24 + 3));
    const plain = await answers(await open(dumps, NOW, false));
    const sealed = await open(dumps);
    expect((await readManifests(sealed.index)).manifests.length).toBeGreaterThanOrEqual(2);
    expect(await answers(sealed)).toEqual(plain);
  });

  test('is not read again when it is opened again, but for the hour in hand', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 4 * 24 + 1));
    const first = await open(dumps);
    const before = await answers(first);
    expect(first.ingest.status()).toMatchObject({ read: 96, rows: 192, pending: 0 });
    await first.close();
    const second = await open(dumps);
    expect(second.ingest.status().read).toBeLessThanOrEqual(3);
    expect(await answers(second)).toEqual(before);
  });

  test('is not looked at before it may be, and is no less read then', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 2));
    const history = await openHistory();
    let begin = () => {};
    const world = {
      onReject: () => {},
      onFailure: (error: unknown) => {
        throw error;
      },
      begin: new Promise<void>((resolve) => {
        begin = resolve;
      }),
    };
    const ingest = openIngest({ folder: openFolder(dumps), history, sealer: null }, world);
    const idle = ingest.idle();
    expect(await Promise.race([idle, setTimeout(200, 'waits')])).toBe('waits');
    expect([ingest.status().state, history.hosts()]).toEqual(['scanning', []]);
    begin();
    await idle;
    expect([ingest.status().state, history.hosts().length]).toEqual(['idle', 1]);
    await ingest.close();
    await history.close();
  });

  test('keeps what it said when its dumps are gone', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 2 * 48 - 2));
    const first = await open(dumps);
    const before = await answers(first);
    await first.close();
    for (const { systemFile, processFile } of (await openFolder(dumps).list()).pairs)
      for (const file of [systemFile, processFile]) rmSync(join(dumps, file ?? ''));
    expect(await answers(await open(dumps))).toEqual(before);
  });

  test('takes in dumps that come late to a day that is sealed', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 2 * 48));
    const first = await open(dumps);
    await first.close();
    writeHistory(dumps, [{ t: 100, processes: [{ pid: 1, rss_mb: 500, start: 1 }] }]);
    const again = await open(dumps);
    expect(again.history.spine(again.host).t).toHaveLength(97);
    expect(again.history.spine(again.host).t).toContain(HISTORY_START + 100_000);
    const level = await viewLevel(again.history, { ...REQUEST, lvl: 0 }, 'UTC');
    expect(level.rows[0].rss_max_bytes).toBe(500 * 1024 * 1024);
  });

  test('seals what is in the tail when its hour, and its day, are over', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 3));
    const opened = await open(dumps, HISTORY_START + HOUR_S * 1000);
    const manifests = async () => (await readManifests(opened.index)).manifests;
    const before = (await manifests()).length;
    opened.clock.now += 3 * HOUR_S * 1000;
    await opened.ingest.idle();
    expect((await manifests()).length).toBeGreaterThan(before);
    opened.clock.now += DAY_S * 1000;
    await opened.ingest.idle();
    expect((await manifests()).map(({ samples }) => samples)).toEqual([3]);
    expect(opened.history.spine(opened.host).t).toHaveLength(3);
  });

  test('is read by a second program too, which says who seals and keeps up with it', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 2 * 48));
    const first = await open(dumps);
    const second = await open(dumps);
    expect(second.ingest.status().sealed_by).toContain('a test');
    expect(await answers(second)).toEqual(await answers(first));
  });

  test('is sealed by the second program when the first has ended', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 48));
    const first = await open(dumps);
    const second = await open(dumps);
    await first.close();
    writeHistory(dumps, recording(DAY_S, 48));
    await second.ingest.idle();
    expect(second.ingest.status()).toMatchObject({ sealed_by: null, rejected_files: 0 });
    const segments = (await readManifests(second.index)).manifests;
    const dates = new Set(segments.map(({ date }) => date));
    expect([...dates].sort()).toEqual(['2026-01-15', '2026-01-16', '2026-01-17']);
    expect(second.history.spine(second.host).t).toHaveLength(96);
    expect(second.reasons).toEqual([]);
  });

  test('is served again when it was gone for a while', async () => {
    const dumps = join(tempFolder(), 'dumps');
    writeHistory(dumps, recording(0, 2 * 48));
    const opened = await open(dumps);
    const before = await answers(opened);
    renameSync(dumps, `${dumps}-elsewhere`);
    await opened.ingest.idle();
    expect(opened.failures.splice(0)).toEqual([expect.objectContaining({ code: 'cannot_read' })]);
    await expect(answers(opened)).rejects.toThrow();
    renameSync(`${dumps}-elsewhere`, dumps);
    await opened.ingest.idle();
    expect(await answers(opened)).toEqual(before);
  });

  test('does not reject, in a second program, dumps that changed since they were sealed: the first seals them anew', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, recording(0, 2 * 48));
    const first = await open(dumps);
    const before = await answers(first);
    await first.ingest.close();
    for (const file of readdirSync(dumps, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.csv')) utimesSync(join(dumps, file), 1, 1);
    const second = await open(dumps);
    expect(second.ingest.status()).toMatchObject({ rejected_files: 0, pending: 0 });
    expect(second.reasons).toEqual([]);
    expect(await answers(second)).toEqual(before);
  });
});
