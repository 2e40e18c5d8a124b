import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { readManifests, segmentPath } from '../../../../../server/adapters/history/manifests.ts';
import type { DumpFormat } from '../../../../../server/domain/dump-format.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import { MIB } from '../../../../../server/domain/units.ts';
import type { SampleLiteral } from '../../../../support/dump-builder.ts';
import { HISTORY_START, instantOf, writeHistory } from '../../../../support/dump-builder.ts';
import { effort } from '../../../../support/effort.ts';
import { placeSamples } from '../../../../support/place-samples.ts';
import { randomHistory } from '../../../../support/random-history.ts';
import type { SealedFolder } from '../../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { expectSealed, queryFiles, readSealed } from '../../../../support/sealed-index.ts';
import { tempFolder, withTempFolder } from '../../../../support/temp-folder.ts';

const MIDNIGHT_S = 12 * 3600;
const TODAY = formatDay(HISTORY_START);

const opened: SealedFolder[] = [];

async function open(folder: string, mostRows?: number): Promise<SealedFolder> {
  const sealed = await openSealedFolder(folder, mostRows === undefined ? {} : { mostRows });
  opened.push(sealed);
  return sealed;
}

afterEach(() => {
  for (const { sealing } of opened.splice(0)) sealing.close();
});

/** Of the processes of the first segment. */
async function columnTypes(index: string): Promise<Record<string, unknown>> {
  const [manifest] = (await readManifests(index)).manifests;
  const file = segmentPath(index, manifest, 'processes');
  const columns = await queryFiles(`DESCRIBE FROM read_parquet('${file}', hive_partitioning = false)`);
  return Object.fromEntries(columns.map(({ column_name: name, column_type: type }) => [name, type]));
}

/** The index holds, segment by segment, what its dumps tell when they are read in one go. */
async function expectAsOnePass({ samples, index }: SealedFolder): Promise<void> {
  const hosts = await samples();
  const placed = new Map([...hosts].map(([host, all]) => [host, placeSamples(all)]));
  const sealed = await readSealed(index);
  for (const { manifest, holds } of sealed) {
    const own = (placed.get(manifest.host) ?? []).filter(
      ({ sample: { system } }) => system.t >= manifest.from && system.t <= manifest.to,
    );
    const expected = expectSealed(own);
    expect(holds).toEqual(expected);
    expect(manifest).toMatchObject({
      samples: own.length,
      rows: expected.rows.length,
      lives: expected.lives.length,
      date: formatDay(manifest.from),
    });
  }
  const count = [...hosts.values()].reduce((sum, all) => sum + all.length, 0);
  expect(sealed.reduce((sum, { manifest }) => sum + manifest.samples, 0)).toBe(count);
}

/** As the history, but so that midnight is among its samples. */
function aroundMidnight(samples: readonly SampleLiteral[], ratio: number): SampleLiteral[] {
  const span = Number(samples[samples.length - 1].t);
  const start = Math.floor(MIDNIGHT_S - span * ratio);
  return samples.map((one) => ({ ...one, t: start + Number(one.t) }));
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return items
    .map((item, at) => ({ item, key: Math.imul(at + 1, seed) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const SMALL: readonly SampleLiteral[] = [0, 60, 120, 180].map((t) => ({
  t,
  processes: [
    { pid: 1, rss_mb: 10, start: 1 },
    { pid: 2, ppid: 1, rss_mb: 5 + t / 60, start: 2 },
    { pid: 3, ppid: 2, rss_mb: 3, start: 3, user: null, pss_mb: t === 60 ? 2 : undefined },
  ],
})) as readonly SampleLiteral[];

describe('sealed days', () => {
  test.each<DumpFormat>(['v2', 'seed'])('hold what one pass over all %s dumps tells', async (format) => {
    const history = fc.tuple(randomHistory(30), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer());
    await fc.assert(
      fc.asyncProperty(history, async ([samples, ratio, seed]) =>
        withTempFolder(async (folder) => {
          writeHistory(folder, aroundMidnight(samples, ratio), { format });
          const sealed = await open(folder);
          const dates = new Set((await sealed.pairs()).map(({ stampInstant }) => formatDay(stampInstant)));
          for (const date of shuffled([...dates], seed)) await sealed.sealDay(date);
          await sealed.settle();
          await expectAsOnePass(sealed);
        }),
      ),
      { numRuns: effort(10, 200) },
    );
  });

  test.each<DumpFormat>(['v2', 'seed'])(
    'in parts hold the same of %s dumps, and so does the whole',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(randomHistory(40), fc.integer(), async (samples, seed) =>
          withTempFolder(async (folder) => {
            writeHistory(folder, samples, { format });
            const sealed = await open(folder);
            const hours = new Map<number, Awaited<ReturnType<SealedFolder['pairs']>>[number][]>();
            for (const pair of await sealed.pairs()) {
              const hour = Math.floor(pair.stampInstant / 3_600_000);
              hours.set(hour, [...(hours.get(hour) ?? []), pair]);
            }
            for (const part of shuffled([...hours.values()], seed)) await sealed.sealPart(part);
            await sealed.settle();
            await expectAsOnePass(sealed);
            await sealed.sealDay(TODAY);
            await sealed.settle();
            await expectAsOnePass(sealed);
            expect((await readManifests(sealed.index)).manifests).toHaveLength(1);
          }),
        ),
        { numRuns: effort(6, 100) },
      );
    },
  );

  test('of more rows than a vector of the engine holds', async () => {
    const folder = tempFolder();
    const pids = Array.from({ length: 20 }, (_, at) => at + 1);
    const samples = Array.from({ length: 250 }, (_, minute) => ({
      t: minute * 60,
      processes: pids.map((pid) => ({
        pid,
        ppid: (pid * minute) % 4,
        start: pid + Math.floor(minute / (pid * 9)),
        rss_mb: (pid * 31 + minute * 17) % 97,
        user: (pid + minute) % 5 === 0 ? null : `u${minute % 3}`,
        cmd: `c${(pid * minute) % 300}`,
      })),
    }));
    writeHistory(folder, samples);
    const sealed = await open(folder);
    expect(await sealed.sealDay(TODAY)).toMatchObject({ samples: 250, rows: 5000 });
    await expectAsOnePass(sealed);
  });

  test.each([
    ['0.07', '123456.99', 'DECIMAL(18,2)'],
    ['0.125', '7', 'FLOAT'],
    ['0.001', '7', 'DOUBLE'],
    ['99999999999999.5', '7', 'DOUBLE'],
  ])('with seconds of %s and %s hold them exactly, as %s %s', async (first, second, type) => {
    const folder = tempFolder();
    const [{ processFile }] = writeHistory(folder, SMALL.slice(0, 1));
    const lines = [first, second].map((seconds, at) => `${at + 1},0,root,1,1,1,${seconds},x\n`);
    const text = `PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CPU_S,CMD\n${lines.join('')}`;
    writeFileSync(join(folder, String(processFile)), text);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    await expectAsOnePass(sealed);
    expect(await columnTypes(sealed.index)).toMatchObject({ cpu_seconds: type });
    const [{ holds }] = await readSealed(sealed.index);
    expect(holds.rows.map(({ cpu_seconds: seconds }) => seconds)).toEqual([Number(first), Number(second)]);
  });

  test.each([
    [63 * 1024 * MIB + 4096, 'FLOAT'],
    [65 * 1024 * MIB + 4096, 'DOUBLE'],
  ])('with %d bytes hold them exactly, as %s', async (bytes, type) => {
    const folder = tempFolder();
    writeHistory(folder, [{ t: 0, processes: [{ pid: 1, rss_mb: 1, vsz_mb: bytes / MIB }] }]);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    expect(await columnTypes(sealed.index)).toMatchObject({ vsz_bytes: type, rss_bytes: 'FLOAT' });
    const [{ holds }] = await readSealed(sealed.index);
    expect(holds.rows.map(({ vsz_bytes: vsz }) => vsz)).toEqual([bytes]);
  });

  test('of several hosts are a segment each', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL);
    writeHistory(
      join(folder, 'db'),
      SMALL.map((one) => ({ ...one, host: 'db/1 "x"' })),
    );
    const sealed = await open(folder);
    expect(await sealed.sealDay(TODAY)).toEqual({ samples: 8, rows: 24, rejects: [], damaged: [] });
    expect((await readManifests(sealed.index)).manifests.map(({ host }) => host)).toEqual([
      'db/1 "x"',
      'test-1',
    ]);
    await expectAsOnePass(sealed);
  });

  test('of one host in two folders are one segment, and an instant that is in both counts once', async () => {
    const folder = tempFolder();
    writeHistory(join(folder, 'a'), SMALL.slice(0, 3));
    writeHistory(
      join(folder, 'b'),
      SMALL.slice(2).map((one) => ({ ...one, t: Number(one.t) })),
    );
    const sealed = await open(folder);
    const { samples, rejects } = await sealed.sealDay(TODAY);
    expect(samples).toBe(4);
    expect(rejects).toMatchObject([{ line: null, reason: 'a sample of this instant is already there' }]);
    await expectAsOnePass(sealed);
  });

  test('of dumps that name no host are of the folder, or unknown', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL, { format: 'seed' });
    writeHistory(join(folder, 'db'), SMALL, { format: 'seed' });
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    expect((await readManifests(sealed.index)).manifests.map(({ host }) => host)).toEqual(['db', 'unknown']);
    await expectAsOnePass(sealed);
  });
});

describe('a day that is sealed again', () => {
  test('keeps the samples whose dumps are gone', async () => {
    const folder = tempFolder();
    const [first] = writeHistory(folder, SMALL);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    const before = await readSealed(sealed.index);
    for (const file of [first.processFile, first.systemFile]) rmSync(join(folder, String(file)));
    writeHistory(folder, [{ t: 240, processes: [{ pid: 1, rss_mb: 11, start: 1 }] }]);
    expect(await sealed.sealDay(TODAY)).toMatchObject({ samples: 5, rows: 13 });
    const [{ holds }] = await readSealed(sealed.index);
    expect(holds.rows.slice(0, 12)).toEqual(before[0].holds.rows);
    expect(holds.system.slice(0, 4)).toEqual(before[0].holds.system);
  });

  test('reads a dump that has changed anew, also where it gives another instant or nothing', async () => {
    const folder = tempFolder();
    const [first, second] = writeHistory(folder, SMALL);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    writeFileSync(join(folder, String(first.processFile)), 'nothing\n');
    writeFileSync(join(folder, first.systemFile), 'nothing\n');
    const path = join(folder, String(second.processFile));
    writeFileSync(path, 'PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD\n7,0,root,1,1,1,x\n');
    utimesSync(path, new Date(), new Date());
    const { samples, rows } = await sealed.sealDay(TODAY);
    expect({ samples, rows }).toEqual({ samples: 3, rows: 7 });
    await expectAsOnePass(sealed);
    const [day] = await sealed.sealing.survey(await sealed.pairs());
    expect(day.unsealed).toHaveLength(0);
  });

  test('has one segment, and the files of the others are gone', async () => {
    const folder = tempFolder();
    writeHistory(folder, SMALL);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    const [old] = (await readManifests(sealed.index)).manifests;
    await sealed.sealDay(TODAY);
    const { manifests } = await readManifests(sealed.index);
    expect(manifests).toHaveLength(1);
    expect(manifests[0].id).not.toBe(old.id);
    expect(manifests[0].replaces).toEqual([old.id]);
    await sealed.sealing.sweep();
    await expectAsOnePass(sealed);
  });

  test('whose dumps all give nothing any more is gone', async () => {
    const folder = tempFolder();
    const written = writeHistory(folder, SMALL);
    const sealed = await open(folder);
    await sealed.sealDay(TODAY);
    for (const { processFile, systemFile } of written)
      for (const file of [processFile, systemFile]) writeFileSync(join(folder, String(file)), 'x\n');
    expect(await sealed.sealDay(TODAY)).toMatchObject({ samples: 0, rows: 0 });
    expect(await readManifests(sealed.index)).toEqual({ manifests: [], rejects: [] });
    const [day] = await sealed.sealing.survey(await sealed.pairs());
    expect(day).toMatchObject({ isWhole: true, unsealed: new Int32Array() });
  });
});

describe('the survey', () => {
  test('tells what is new and what has changed, the newest day first', async () => {
    const folder = tempFolder();
    const [first] = writeHistory(folder, SMALL);
    writeHistory(folder, [{ ...SMALL[0], t: 86_400 }]);
    const sealed = await open(folder);
    const survey = async () =>
      (await sealed.sealing.survey(await sealed.pairs())).map(({ date, pairs, unsealed, isWhole }) => ({
        date,
        pairs: pairs.length,
        unsealed: unsealed.length,
        isWhole,
      }));
    const tomorrow = formatDay(instantOf(86_400));
    expect(await survey()).toEqual([
      { date: tomorrow, pairs: 1, unsealed: 1, isWhole: true },
      { date: TODAY, pairs: 4, unsealed: 4, isWhole: true },
    ]);
    const pairs = await sealed.pairs();
    await sealed.sealPart(pairs.slice(0, 2));
    await sealed.sealPart(pairs.slice(2, 3));
    expect(await survey()).toMatchObject([{ unsealed: 1 }, { unsealed: 1, isWhole: false }]);
    await sealed.sealDay(TODAY);
    expect(await survey()).toMatchObject([{ unsealed: 1 }, { unsealed: 0, isWhole: true }]);
    const path = join(folder, first.systemFile);
    utimesSync(path, new Date(), new Date(statSync(path).mtimeMs + 5000));
    expect(await survey()).toMatchObject([{ unsealed: 1 }, { unsealed: 1, isWhole: true }]);
  });
});
