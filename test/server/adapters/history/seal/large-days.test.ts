import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAllManifests, readManifests } from '../../../../../server/adapters/history/manifests.ts';
import { eraseSegments } from '../../../../../server/adapters/history/seal/erase-segments.ts';
import { manifestPath } from '../../../../../server/adapters/history/segment-paths.ts';
import type { DumpFormat } from '../../../../../server/domain/dump-format.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import { HISTORY_START, instantOf, writeHistory } from '../../../../support/dump-builder.ts';
import { effort } from '../../../../support/effort.ts';
import { placeSamples } from '../../../../support/place-samples.ts';
import { randomHistory } from '../../../../support/random-history.ts';
import type { SealedFolder } from '../../../../support/seal-folder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import type { Cells } from '../../../../support/sealed-index.ts';
import { expectSealed, readSealed } from '../../../../support/sealed-index.ts';
import { tempFolder, withTempFolder } from '../../../../support/temp-folder.ts';

/** Days of more rows than are held at a time. */

const TODAY = formatDay(HISTORY_START);
const MINUTES = 200;
const ROWS = MINUTES * 3;
const MOST_ROWS = 50;

function writeDay(folder: string, minutes: readonly number[]) {
  return writeHistory(
    folder,
    minutes.map((minute) => ({
      t: minute * 60,
      processes: [1, 2, 3].map((pid) => ({
        pid,
        ppid: pid > 1 ? 1 + (minute % (pid - 1)) : 0,
        start: pid + (pid === 3 ? Math.floor(minute / 7) : 0),
        rss_mb: 1 + ((pid * 37 + minute * 11) % 89),
      })),
    })),
  );
}

const ALL = Array.from({ length: MINUTES }, (_, minute) => minute);

async function rowsOf(index: string): Promise<readonly Cells[]> {
  return (await readSealed(index)).flatMap(({ holds }) => holds.rows);
}

/** Of each host all rows, in the order of time. */
async function expectRowsOfDumps({ samples, index }: SealedFolder): Promise<void> {
  const expected = [...(await samples())]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => expectSealed(placeSamples(all)).rows);
  expect(await rowsOf(index)).toEqual(expected);
}

describe('a day of more rows than are held at a time', () => {
  test('becomes segments that none is much larger, follow each other and hold what the dumps tell', async () => {
    const folder = tempFolder();
    writeDay(folder, ALL);
    const sealed = await openSealedFolder(folder, { mostRows: MOST_ROWS });
    expect(await sealed.sealDay(TODAY)).toEqual({ samples: MINUTES, rows: ROWS, rejects: [], damaged: [] });
    await expectRowsOfDumps(sealed);
    const { manifests } = await readManifests(sealed.index);
    expect(manifests.length).toBeGreaterThanOrEqual(ROWS / (MOST_ROWS + 3));
    for (const [at, { rows, from }] of manifests.entries()) {
      expect(rows).toBeLessThan(MOST_ROWS + 3);
      if (at > 0) expect(from).toBeGreaterThan(manifests[at - 1].to);
    }
    const [day] = await sealed.sealing.survey(await sealed.pairs());
    expect(day).toMatchObject({ isWhole: true, unsealed: new Int32Array() });
    sealed.sealing.close();
  });

  test.each<DumpFormat>(['v2', 'seed'])('holds what one pass over all %s dumps tells', async (format) => {
    const limits = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(randomHistory(30), limits, async (samples, mostRows) =>
        withTempFolder(async (folder) => {
          writeHistory(folder, samples, { format });
          const sealed = await openSealedFolder(folder, { mostRows });
          const dates = new Set((await sealed.pairs()).map(({ stampInstant }) => formatDay(stampInstant)));
          for (const date of dates) await sealed.sealDay(date);
          await sealed.settle();
          await expectRowsOfDumps(sealed);
          sealed.sealing.close();
        }),
      ),
      { numRuns: effort(3, 60) },
    );
  });

  test('keeps what dumps that are gone told, when it is sealed again', async () => {
    const folder = tempFolder();
    const written = writeDay(folder, ALL.slice(0, -2));
    const sealed = await openSealedFolder(folder, { mostRows: MOST_ROWS });
    await sealed.sealDay(TODAY);
    const before = await rowsOf(sealed.index);
    for (const { processFile, systemFile } of written.slice(20))
      for (const file of [processFile, systemFile]) rmSync(join(folder, String(file)));
    writeDay(folder, ALL.slice(-2));
    expect(await sealed.sealDay(TODAY)).toMatchObject({ samples: MINUTES, rows: ROWS });
    expect((await rowsOf(sealed.index)).slice(0, before.length)).toEqual(before);
    const { manifests } = await readManifests(sealed.index);
    // An hour of what is there already is taken over at a time.
    for (const { rows } of manifests) expect(rows).toBeLessThanOrEqual(MOST_ROWS + 60 * 3);
    expect((await readAllManifests(sealed.index)).manifests).toHaveLength(manifests.length);
    sealed.sealing.close();
  });

  test('counts as a whole or not at all, and is erased so', async () => {
    const folder = tempFolder();
    writeDay(folder, ALL);
    const sealed = await openSealedFolder(folder, { mostRows: MOST_ROWS });
    await sealed.sealDay(TODAY);
    const { manifests } = await readManifests(sealed.index);
    const half = { dumps: folder, from: instantOf(0), to: manifests[3].to };
    expect((await eraseSegments(sealed.index, half)).segments).toEqual([]);
    rmSync(manifestPath(sealed.index, manifests[3]));
    expect((await readManifests(sealed.index)).manifests).toEqual([]);
    await sealed.sealing.sweep();
    expect((await readAllManifests(sealed.index)).manifests).toEqual([]);
    await sealed.sealDay(TODAY);
    await expectRowsOfDumps(sealed);
    const erased = await eraseSegments(sealed.index, { ...half, to: instantOf(MINUTES * 60) });
    expect(erased.samples).toBe(MINUTES);
    sealed.sealing.close();
  });
});
