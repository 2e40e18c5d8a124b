import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHistory } from '../../../../server/adapters/history/history.ts';
import { readManifests, segmentPath } from '../../../../server/adapters/history/manifests.ts';
import type { History, Moment, RowTable } from '../../../../server/application/ports.ts';
import { formatDay } from '../../../../server/domain/stamp.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import type { SealedFolder } from '../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../support/seal-folder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';

/** Three days: pid 1 lives on, 2 has another life each day, 3 moves to another parent, so that rows differ in all. */

const HOST = 'test-1';
const DAY_S = 86_400;
const DAYS = ['2026-01-15', '2026-01-16', '2026-01-17'] as const;
const dumps = sharedTempFolder();
let sealed: SealedFolder;
let history: History;

beforeAll(async () => {
  const samples = DAYS.flatMap((_, day) =>
    [0, 60, 120].map((minute) => ({
      t: day * DAY_S + minute,
      processes: [
        { pid: 1, rss_mb: 10 + day + minute, start: 1 },
        { pid: 2, ppid: 1, rss_mb: 3 + day, start: 2 + day, pss_mb: 1 + minute, cmd: `day ${day}` },
        ...(minute < 120
          ? [{ pid: 3, ppid: 1 + (minute > 0 ? 1 : 0), rss_mb: 5, start: 9, user: null }]
          : []),
      ],
    })),
  );
  writeHistory(dumps, samples);
  sealed = await openSealedFolder(dumps);
  for (const day of DAYS) await sealed.sealDay(day);
  history = await openHistory({ index: sealed.index });
});

afterAll(() => history.close());

/** Row `at` of a table, all of it. */
function rowOf({ t, lives, level, subtreeProcesses, subtreeRss, processes }: RowTable, at: number) {
  const cells = Object.entries({ ...processes.numbers, ...processes.texts });
  return {
    ...{ t: t[at], life: lives[at], level: level[at], processes: subtreeProcesses[at], rss: subtreeRss[at] },
    ...Object.fromEntries(cells.map(([id, values]) => [id, values[at]])),
  };
}

/** Every process of every sample, as snapshots show them, the newest first. */
async function allRows(): Promise<readonly (readonly [Moment, ReturnType<typeof rowOf>])[]> {
  const rows = [];
  for (const t of [...history.spine(HOST).t].reverse()) {
    const table = await history.readSnapshot(HOST, t);
    if (!table) throw new Error('a sample without processes');
    for (const [at, { id }] of table.lives.entries()) rows.push([{ life: id, t }, rowOf(table, at)] as const);
  }
  return rows;
}

test('moments of lives are the rows that snapshots show, in the order that was asked for', async () => {
  const rows = await allRows();
  const table = await history.readMoments(
    HOST,
    rows.map(([moment]) => moment),
  );
  expect(rows).toHaveLength(24);
  expect(rows.map((_, at) => rowOf(table, at))).toEqual(rows.map(([, row]) => row));
});

test('the last rows of lives in their days are read without the files of all rows', async () => {
  const { manifests } = await readManifests(sealed.index);
  const last = new Map<string, (typeof rows)[number]>();
  const rows = await allRows();
  for (const row of [...rows].reverse()) last.set(`${row[0].life} ${formatDay(row[0].t)}`, row);
  for (const manifest of manifests) rmSync(segmentPath(sealed.index, manifest, 'processes'));
  const table = await history.readMoments(
    HOST,
    [...last.values()].map(([moment]) => moment),
  );
  expect(last.size).toBe(9);
  expect([...last.values()].map((_, at) => rowOf(table, at))).toEqual(
    [...last.values()].map(([, row]) => row),
  );
});
