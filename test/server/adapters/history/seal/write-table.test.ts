import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readManifests, segmentPath } from '../../../../../server/adapters/history/manifests.ts';
import { nodeSegmentFiles } from '../../../../../server/adapters/history/seal/segment-files.ts';
import { slimFooter, withoutStatistics } from '../../../../../server/adapters/history/seal/slim-footer.ts';
import type { SegmentKind } from '../../../../../server/adapters/history/segment.ts';
import { SEGMENT_KINDS } from '../../../../../server/adapters/history/segment.ts';
import { writeHistory } from '../../../../support/dump-builder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { queryFiles } from '../../../../support/sealed-index.ts';
import { sharedTempFolder } from '../../../../support/temp-folder.ts';

type Files = Readonly<Record<SegmentKind, string>>;

const place = sharedTempFolder();
let small: Files;
let large: Files;

/** The files of a day of so many samples of so many processes. */
async function sealedDay(name: string, samples: number, processes: number): Promise<Files> {
  const dumps = join(place, name);
  writeHistory(
    dumps,
    Array.from({ length: samples }, (_, sample) => ({
      t: sample * 60,
      processes: Array.from({ length: processes }, (_, at) => ({
        pid: at + 1,
        rss_mb: 3 + sample,
        start: 1,
      })),
    })),
  );
  const folder = await openSealedFolder(dumps);
  await folder.sealDay('2026-01-15');
  const { manifests } = await readManifests(folder.index);
  const paths = SEGMENT_KINDS.map((kind) => [kind, segmentPath(folder.index, manifests[0], kind)]);
  return Object.fromEntries(paths) as Files;
}

async function groupsIn(file: string): Promise<unknown> {
  const sql = `SELECT DISTINCT row_group_id, row_group_num_rows::INTEGER AS rows FROM parquet_metadata('${file}') ORDER BY 1`;
  return (await queryFiles(sql)).map(({ rows }) => rows);
}

async function columnsWithStatistics(file: string): Promise<unknown> {
  const sql = `SELECT DISTINCT path_in_schema AS name FROM parquet_metadata('${file}') WHERE stats_max_value IS NOT NULL ORDER BY 1`;
  return (await queryFiles(sql)).map(({ name }) => name);
}

beforeAll(async () => {
  small = await sealedDay('small', 64, 100);
  large = await sealedDay('large', 66, 2000);
});

describe('the files of a segment', () => {
  test('have row groups of about 45 000 rows, whole samples each, and those that are small one', async () => {
    expect(await groupsIn(large.processes)).toEqual([46_000, 46_000, 40_000]);
    expect(await groupsIn(small.processes)).toEqual([6400]);
  });

  test('have minimum and maximum of what row groups are looked for by, and those that are one of nothing', async () => {
    expect(await columnsWithStatistics(large.processes)).toEqual(['life', 't']);
    expect(await columnsWithStatistics(large.lives)).toEqual(['life']);
    expect(await columnsWithStatistics(large.rollup)).toEqual(['life']);
    expect(await columnsWithStatistics(large.system)).toEqual(['t']);
    for (const kind of SEGMENT_KINDS) expect(await columnsWithStatistics(small[kind])).toEqual([]);
  });
});

describe('a footer', () => {
  const path = join(place, 'table.parquet');

  test('loses statistics, and its file nothing else', async () => {
    await queryFiles(`COPY (SELECT i::INTEGER AS i, i % 7 = 0 AS b, nullif(i % 3, 1)::DOUBLE AS d, 'text ' || i AS s
      FROM range(5000) AS r(i)) TO '${path}' (ROW_GROUP_SIZE 2048, WRITE_BLOOM_FILTER false, KV_METADATA {note: 'stays'})`);
    const before = await queryFiles(`FROM '${path}'`);
    const bytes = readFileSync(path).length;
    slimFooter(nodeSegmentFiles, path, new Set(['i']));
    expect(readFileSync(path).length).toBeLessThan(bytes - 150);
    expect(await queryFiles(`FROM '${path}'`)).toEqual(before);
    expect(await columnsWithStatistics(path)).toEqual(['i']);
    expect(await groupsIn(path)).toEqual([2048, 2048, 904]);
    expect(await queryFiles(`SELECT decode(value) AS note FROM parquet_kv_metadata('${path}')`)).toEqual([
      { note: 'stays' },
    ]);
  });

  test('that has none stays as it is', () => {
    const before = readFileSync(path);
    slimFooter(nodeSegmentFiles, path, new Set(['i']));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('loses what compares them where none stay', async () => {
    const before = await queryFiles(`FROM '${path}'`);
    const bytes = readFileSync(path).length;
    slimFooter(nodeSegmentFiles, path, new Set());
    expect(readFileSync(path).length).toBeLessThan(bytes - 40);
    expect(await queryFiles(`FROM '${path}'`)).toEqual(before);
    expect(await columnsWithStatistics(path)).toEqual([]);
  });

  test('that is none is refused, and its file not touched', () => {
    expect(() => withoutStatistics(Buffer.from([0x1d, 0]), new Set())).toThrow('Thrift type 13');
    const text = Buffer.concat([Buffer.from([0x1d, 0, 2, 0, 0, 0]), Buffer.from('PAR1')]);
    writeFileSync(path, text);
    expect(() => slimFooter(nodeSegmentFiles, path, new Set())).toThrow('Thrift type 13');
    expect(readFileSync(path).equals(text)).toBe(true);
  });
});
