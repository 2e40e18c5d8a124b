import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import { openIngest } from '../../../server/application/ingest.ts';
import type { History } from '../../../server/application/ports.ts';
import { viewOverview } from '../../../server/application/view-overview.ts';
import { viewReport } from '../../../server/application/view-report.ts';
import { viewSubtree } from '../../../server/application/view-subtree.ts';
import { viewTable } from '../../../server/application/view-table.ts';
import { DEFAULT_SORT } from '../../../server/domain/process-filter.ts';
import { MIB } from '../../../server/domain/units.ts';
import { writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { sharedTempFolder } from '../../support/temp-folder.ts';
import { NEWEST, SECOND, SMALL_RECORDING } from '../interfaces/http/small-recording.ts';

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
