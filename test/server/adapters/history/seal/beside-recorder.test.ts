import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pruneFolder } from '../../../../../collector/prune.ts';
import { DAY_MS } from '../../../../../server/domain/durations.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import { temporaryFolder } from '../../../../collector/fake-proc.ts';
import { recordInFakeWorld } from '../../../../collector/record-in-fake-world.ts';
import { openFolder, openSealedFolder } from '../../../../support/seal-folder.ts';

/** The index is in the dump folder: what removes dumps, and what recorders left behind, must not know it. */

const DAYS = 4;
const PER_DAY = 3;

async function record(out: string, count = DAYS * PER_DAY): Promise<void> {
  const { exit } = await recordInFakeWorld({ out, count, intervalMs: DAY_MS / PER_DAY });
  expect(exit).toBe(0);
}

async function seal(out: string): Promise<string> {
  const sealed = await openSealedFolder(out);
  const dates = new Set((await sealed.pairs()).map(({ stampInstant }) => formatDay(stampInstant)));
  for (const date of dates) await sealed.sealDay(date);
  sealed.sealing.close();
  return sealed.index;
}

/** As a sealer at work, or one that was killed, has them; and what looks like dumps. */
function addUnfinished(index: string): void {
  const folder = join(index, 'processes', 'host=x', 'date=2026-11-21');
  mkdirSync(folder, { recursive: true });
  for (const name of ['.a.parquet.1.tmp', 'process_mem_20261121_000000Z.csv', 'sys_mem_20261121_000000Z.csv'])
    writeFileSync(join(folder, name), 'x');
  mkdirSync(join(index, '20200101'));
  writeFileSync(join(index, '20200101', 'sys_mem_20200101_000000Z.csv'), 'x');
}

function stateOf(index: string): readonly (readonly [string, number, number])[] {
  return readdirSync(index, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs, ino } = lstatSync(join(index, name));
      return [`${name} ${ino}`, size, mtimeMs];
    });
}

describe('an index in a dump folder', () => {
  test('stays as it is when dumps are pruned, however few are to be kept', async () => {
    const out = temporaryFolder();
    await record(out);
    const index = await seal(out);
    addUnfinished(index);
    const before = stateOf(index);
    const limits = { keepMs: 1, maxBytes: 1, keepFree: { share: 1, most: Number.MAX_SAFE_INTEGER } };
    const { pruned } = pruneFolder({ dumps: out, limits, isDryRun: false, now: Date.now() + 1000 * DAY_MS });
    expect(pruned.length).toBeGreaterThan(DAYS * PER_DAY - 2);
    expect(pruned.filter(({ file }) => file.includes('.index'))).toEqual([]);
    expect(stateOf(index)).toEqual(before);
  });

  test('stays as it is when a recorder starts, sweeps and applies its limits, and does not count among them', async () => {
    const out = temporaryFolder();
    await record(out);
    const index = await seal(out);
    addUnfinished(index);
    const before = stateOf(index);
    const { exit } = await recordInFakeWorld({
      out,
      count: 2 * DAYS * PER_DAY,
      intervalMs: DAY_MS / PER_DAY,
      retention: { keepMs: 1, maxBytes: 1, keepFree: null },
    });
    expect(exit).toBe(0);
    expect(stateOf(index)).toEqual(before);
    expect((await openFolder(out).list()).pairs.length).toBeLessThan(DAYS * PER_DAY);
  });
});
