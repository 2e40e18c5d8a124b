import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRegionRecords } from '../../../../server/adapters/regions/region-records.ts';
import type { RegionMoment } from '../../../../server/domain/region-moments.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;
const LIFE = { pid: 812, key: 's1-812-100' };

function momentAt(t: number, rss_bytes = 4096): RegionMoment {
  const total = { regions: 1, size_bytes: 4096, rss_bytes, pss_bytes: 0, private_bytes: 0, swap_bytes: 0 };
  return { t, readSeconds: 0.004, total, classes: [{ class: 'heap', ...total }], files: [] };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .sort();
}

describe('regions over time', () => {
  test('are in a folder for each day and a file for each life, one header each', async () => {
    const dumps = tempFolder();
    const records = openRegionRecords(dumps);
    for (const hours of [0, 1, 13]) await records.append(LIFE, momentAt(NOON + hours * HOUR));
    await records.append({ pid: 7, key: 's1-7-9' }, momentAt(NOON));
    expect(filesIn(dumps)).toEqual([
      '.regions/20261121/regions_s1-7-9.csv',
      '.regions/20261121/regions_s1-812-100.csv',
      '.regions/20261122/regions_s1-812-100.csv',
    ]);
    const text = readFileSync(join(dumps, '.regions/20261121/regions_s1-812-100.csv'), 'utf8');
    expect(text.match(/^TIMESTAMP,/gm)).toHaveLength(1);
    expect(text.match(/,total,/g)).toHaveLength(2);
  });

  test('are read back over the days by pid or key, the life seen last first', async () => {
    const dumps = tempFolder();
    const records = openRegionRecords(dumps);
    const before = { pid: 812, key: 's0-812-5' };
    await records.append(before, momentAt(NOON - 48 * HOUR));
    for (const hours of [13, 0]) await records.append(LIFE, momentAt(NOON + hours * HOUR));
    const lives = await records.read({ pid: 812 });
    expect(lives.map(({ key, moments }) => [key, moments.map(({ t }) => (t - NOON) / HOUR)])).toEqual([
      [LIFE.key, [0, 13]],
      [before.key, [-48]],
    ]);
    expect((await records.read({ key: before.key })).map(({ pid }) => pid)).toEqual([812]);
  });

  test('of nobody are none, whatever else lies there', async () => {
    const dumps = tempFolder();
    const records = openRegionRecords(dumps);
    expect(await records.read({ pid: 1 })).toEqual([]);
    mkdirSync(join(dumps, '.regions', '20261121'), { recursive: true });
    writeFileSync(join(dumps, '.regions', 'notes.txt'), 'mine');
    writeFileSync(join(dumps, '.regions', '20261121', 'regions_of_mine.csv'), 'mine');
    expect(await records.read({ pid: 1 })).toEqual([]);
  });

  test('that cannot be written say which file, and what to do', async () => {
    const dumps = tempFolder();
    writeFileSync(join(dumps, '.regions'), 'a file');
    const refused = openRegionRecords(dumps).append(LIFE, momentAt(NOON));
    await expect(refused).rejects.toMatchObject({
      code: 'cannot_write',
      message: expect.stringContaining('regions_s1-812-100.csv: '),
      next: expect.stringContaining('--dumps'),
    });
  });
});
