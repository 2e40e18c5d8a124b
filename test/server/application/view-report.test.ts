import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import { openIngest } from '../../../server/application/ingest.ts';
import type { History } from '../../../server/application/ports.ts';
import { viewGroups } from '../../../server/application/view-groups.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewReport } from '../../../server/application/view-report.ts';
import { viewSubtree } from '../../../server/application/view-subtree.ts';
import { viewTable } from '../../../server/application/view-table.ts';
import { DEFAULT_SORT } from '../../../server/domain/process-filter.ts';
import { MIB } from '../../../server/domain/units.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { sharedTempFolder } from '../../support/temp-folder.ts';
import { FIRST, NEWEST, SECOND, SMALL_RECORDING } from '../interfaces/http/small-recording.ts';

const dumps = sharedTempFolder();
let history: History;

beforeAll(async () => {
  writeHistory(dumps, SMALL_RECORDING);
  history = await openHistory();
  const ingest = openIngest(
    { folder: openFolder(dumps), history, sealer: null },
    { onReject: () => undefined, onFailure: () => undefined },
  );
  await ingest.idle();
  await ingest.close();
});
afterAll(() => history.close());

const ask = (request: Partial<Parameters<typeof viewReport>[1]> = {}) =>
  viewReport(history, { limit: 40, ...request }, 'UTC');

describe('a report of a host', () => {
  test('is of the newest snapshot and the whole recording, unless it is asked otherwise', async () => {
    const report = await ask();
    expect([report.host, new Date(report.ts).toISOString(), report.process]).toEqual([
      'test-1',
      NEWEST,
      null,
    ]);
    const { coverage, series } = await viewOverview(history, { px: 900 }, 'UTC');
    expect([report.coverage, report.memory]).toEqual([coverage, series]);
    const asked = await ask({ ts: SECOND, from: SECOND, to: NEWEST });
    expect([asked.ts, asked.range.from, asked.range.to]).toEqual([SECOND, SECOND, NEWEST].map(Date.parse));
  });

  test('without a moment is of the end of its range', async () => {
    expect((await ask({ to: SECOND })).ts).toBe(Date.parse(SECOND));
  });

  test('has every process, the largest subtree first, and their sums', async () => {
    const { rows, totals, hidden, total_bytes, used_bytes } = await ask();
    expect(rows.map(({ pid, depth }) => [pid, depth])).toEqual([
      [1, 0],
      [20, 1],
      [22, 2],
      [21, 2],
      [90, 1],
    ]);
    expect(totals).toMatchObject({ processes: 5, rss_bytes: 155 * MIB, swap_bytes: 2 * MIB });
    expect(hidden).toEqual({ processes: 0, rss_bytes: 0 });
    expect([total_bytes, used_bytes]).toEqual([8192 * MIB, 2048 * MIB]);
    const { rows: table } = await viewTable(history, {}, 'UTC');
    expect(rows.map(({ depth, ...row }) => row)).toEqual(
      rows.map(({ key }) => table.find((row) => row.key === key)),
    );
  });

  test('draws the largest of the moment over the range, each as it was', async () => {
    const { lines } = await ask();
    expect(lines.map(({ pid }) => pid)).toEqual([20, 22, 21, 1, 90]);
    expect(lines[0]).toMatchObject({ of: 'own', rss_bytes: [50 * MIB, 60 * MIB, 70 * MIB] });
    expect(lines[4].rss_bytes).toEqual([5 * MIB, 5 * MIB]);
  });

  test('shows as many as are asked for, and what is above them', async () => {
    const { rows, hidden } = await ask({ limit: 2 });
    expect(rows.map(({ pid }) => pid)).toEqual([1, 20, 22]);
    expect(hidden).toEqual({ processes: 2, rss_bytes: 35 * MIB });
  });
});

describe('a report of a process', () => {
  test('has it and what is below it, along time with and without', async () => {
    const report = await ask({ pid: 20 });
    expect(report.process).toMatchObject({ pid: 20, rss_bytes: 70 * MIB });
    expect(report.rows.map(({ pid, depth }) => [pid, depth])).toEqual([
      [20, 0],
      [22, 1],
      [21, 1],
    ]);
    expect(report.totals.rss_bytes).toBe(140 * MIB);
    expect(report.lines.map(({ of, rss_bytes }) => [of, ...rss_bytes])).toEqual([
      ['own', 50 * MIB, 60 * MIB, 70 * MIB],
      ['subtree', 151 * MIB, 170 * MIB, 140 * MIB],
    ]);
    const { process } = await viewSubtree(
      history,
      { ...DEFAULT_SORT, window: 'upto', limit: 9, pid: 20 },
      'UTC',
    );
    expect(report.process).toEqual(process);
    expect(await ask({ key: process.key })).toEqual(report);
  });

  test('that did not live then is told as anywhere', async () => {
    await expect(ask({ pid: 90, ts: '20260115_120000Z' })).rejects.toMatchObject({ code: 'no_data_for_pid' });
    await expect(ask({ ts: '20250101_000000Z' })).rejects.toMatchObject({ code: 'unknown_timestamp' });
    await expect(ask({ host: 'nobody' })).rejects.toMatchObject({ code: 'unknown_host' });
  });
});

describe('a report that is compared', () => {
  const since = { base: FIRST, limit: 40 } as const;

  test.each(['cmd', 'user', 'exe'] as const)('by %s says what the page of groups says', async (by) => {
    const report = await ask({ ...since, group: by });
    const page = await viewGroups(history, { ...since, by, window: 'upto', watchGroups: [] }, 'UTC');
    expect(report.groups?.groups).toEqual(page.groups);
    expect([report.base, report.gone]).toEqual([page.base, page.gone]);
  });

  test('as a tree has what each life and its subtree held then', async () => {
    const { rows, base } = await ask(since);
    expect(base).toEqual({ ts: FIRST, used_bytes: 2048 * MIB });
    expect(rows.map((row) => [row.pid, row.base_rss_bytes, row.base_subtree_rss_bytes])).toEqual([
      [1, 10 * MIB, 161 * MIB],
      [20, 50 * MIB, 151 * MIB],
      [22, MIB, MIB],
      [21, 100 * MIB, 100 * MIB],
      [90, null, null],
    ]);
  });

  test('of a process, a level or a filter is compared with the same choice of then', async () => {
    const shell = { ts: NEWEST, base: SECOND, group: 'cmd', limit: 40 } as const;
    const of = async (request: Partial<Parameters<typeof viewReport>[1]>) =>
      (await ask({ ...shell, ...request })).groups?.groups.map((one) => [one.name, one.base_rss_bytes]);
    const web = ['/usr/bin/web --all', 60 * MIB];
    const workers = ['/usr/bin/web worker', 110 * MIB];
    expect(await of({ pid: 20 })).toEqual([web, workers]);
    expect(await of({ lvl: 1 })).toEqual([web, ['-bash', 5 * MIB]]);
    expect(await of({ lvl: 2 })).toEqual([workers]);
    expect(await of({ min_rss: 80 })).toEqual([['/usr/bin/web worker', 110 * MIB]]);
  });

  test('tells who is gone, of the same choice', async () => {
    const gone = async (request: Partial<Parameters<typeof viewReport>[1]>) =>
      (await ask({ ts: FIRST, base: NEWEST, ...request })).gone;
    expect(await gone({})).toEqual({ processes: 1, rss_bytes: 5 * MIB });
    expect(await gone({ lvl: 0 })).toEqual({ processes: 0, rss_bytes: 0 });
    expect(await gone({ pid: 20 })).toEqual({ processes: 0, rss_bytes: 0 });
    expect((await ask({})).gone).toBeNull();
  });

  test('with an instant before all is told as anywhere', async () => {
    await expect(ask({ base: '20250101_000000Z' })).rejects.toMatchObject({
      code: 'unknown_timestamp',
      field: 'base',
    });
  });
});
