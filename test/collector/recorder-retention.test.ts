import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pruneFolder } from '../../collector/prune.ts';
import { openDumpFolder } from '../../server/adapters/dumps/dump-folder.ts';
import { DEFAULT_RETENTION } from '../../server/domain/retention.ts';
import { temporaryFolder } from './fake-proc.ts';
import { readCells, recordInFakeWorld } from './record-in-fake-world.ts';

const FOREVER = { keepMs: null, maxBytes: null, keepFree: null };

function filesIn(out: string): string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('_mem_'))
    .sort();
}

describe('a recording with --gzip', () => {
  test('is pairs whose process file is packed; rows and CRC are of its bytes before that', async () => {
    const out = temporaryFolder();
    const { exit, dumps } = await recordInFakeWorld({ out, gzip: true, count: 3 });
    expect(exit).toBe(0);
    const files = filesIn(out);
    expect(files.filter((name) => name.endsWith('.csv.gz'))).toHaveLength(3);
    expect(files.filter((name) => /sys_mem_\w+\.csv$/.test(name))).toHaveLength(3);
    for (const { systemFile } of dumps) {
      const packed = readFileSync(systemFile.replace('sys_mem', 'process_mem').concat('.gz'));
      const cells = readCells(systemFile);
      expect(cells.PROC_CRC32).toBe(crc32(gunzipSync(packed)).toString(16).padStart(8, '0'));
    }
  });

  test('is read back whole, and never writes beside an unpacked dump of the same instant', async () => {
    const out = temporaryFolder();
    await recordInFakeWorld({ out, gzip: true, count: 2 });
    await recordInFakeWorld({ out, count: 1 });
    expect(filesIn(out)).toHaveLength(6);
    const folder = openDumpFolder({ root: out, timeZone: 'UTC' });
    const { pairs, rejects } = await folder.list();
    expect(rejects).toEqual([]);
    expect(pairs).toHaveLength(3);
    for (const pair of pairs) expect((await folder.read(pair)).rejects).toEqual([]);
  });
});

describe('a recording on a disk that fills up', () => {
  test('writes nothing below the floor, says so in one line, and goes on by itself', async () => {
    const out = temporaryFolder();
    let free = 100;
    const notes: string[] = [];
    const { exit, dumps, lines } = await recordInFakeWorld(
      { out, count: 10, retention: { ...FOREVER, keepFree: { share: 0.05, most: 1e9 } } },
      {
        onDump({ dumps: written }) {
          if (written.length === 3) free = 4;
        },
        world: {
          note: (line) => notes.push(line),
          diskSpace() {
            if (free < 5) free += 0.05;
            return { total: 100, free };
          },
        },
      },
    );
    expect(exit).toBe(3);
    expect(lines).toEqual([
      expect.stringMatching(
        /^nothing is written into .*: \d B of its disk are free, less than 5 B\. Free some/,
      ),
      expect.stringMatching(/^recording again after \d failed samples?$/),
    ]);
    expect(notes).toEqual([`${out}: removed 2 dumps (less than 5 B free), and will go on`]);
    expect(dumps.length).toBeGreaterThan(5);
    expect(filesIn(out)).toHaveLength((dumps.length - 2) * 2);
  });

  test('of one sample (cron) is exit code 3', async () => {
    const out = temporaryFolder();
    const world = { diskSpace: () => ({ total: 100, free: 0 }) };
    const { exit, lines } = await recordInFakeWorld(
      { out, once: true, retention: DEFAULT_RETENTION },
      { world },
    );
    expect({ exit, lines: lines.length, files: filesIn(out) }).toEqual({ exit: 3, lines: 1, files: [] });
  });
});

describe('pmi prune', () => {
  async function record(count: number): Promise<string> {
    const out = temporaryFolder();
    await recordInFakeWorld({ out, count, intervalMs: 60_000, retention: FOREVER });
    await recordInFakeWorld({ out, count: 2, format: 'seed', intervalMs: 60_000, retention: FOREVER });
    return out;
  }
  const now = Date.UTC(2026, 10, 21, 12, 30, 0);
  const limits = { ...FOREVER, keepMs: 27.5 * 60_000 };

  test('says what would go and removes nothing, or removes just that', async () => {
    const out = await record(10);
    const request = { dumps: out, limits, now };
    const before = filesIn(out);
    const dry = pruneFolder({ ...request, isDryRun: true });
    expect(filesIn(out)).toEqual(before);
    const wet = pruneFolder({ ...request, isDryRun: false });
    expect(wet.pruned).toEqual(dry.pruned);
    expect(filesIn(out)).toHaveLength(before.length - 2 * wet.pruned.length);
    expect(wet.pruned.filter(({ file }) => existsSync(`${out}/${file}`))).toEqual([]);
    expect(wet.pruned).toHaveLength(5);
    expect(wet.pruned.every(({ reason, bytes }) => reason === 'age' && bytes === 8192)).toBe(true);
    expect(pruneFolder({ ...request, isDryRun: true }).pruned).toEqual([]);
  });

  test('keeps what is protected, and the newest', async () => {
    const out = await record(5);
    const all = { dumps: out, limits: { ...FOREVER, maxBytes: 1 }, now, isDryRun: false };
    const { pruned, dumps } = pruneFolder(all);
    expect(dumps - pruned.length).toBe(1);
    expect(filesIn(out)).toHaveLength(2);
    expect(filesIn(out)[0]).toContain('20261121_1204');
  });

  test('tells the regions of a day beside the dumps, and removes them with --yes only', async () => {
    const out = await record(3);
    for (const day of ['20261101', '20261121']) {
      mkdirSync(`${out}/.regions/${day}`, { recursive: true });
      writeFileSync(`${out}/.regions/${day}/regions_s1-812-100.csv`, 'x');
    }
    const request = { dumps: out, limits: { ...FOREVER, keepMs: 24 * 3_600_000 }, now };
    const { pruned } = pruneFolder({ ...request, isDryRun: true });
    expect(pruned).toMatchObject([
      { kind: 'regions', file: '.regions/20261101', bytes: 4096, reason: 'age' },
    ]);
    expect(readdirSync(`${out}/.regions`)).toHaveLength(2);
    expect(pruneFolder({ ...request, isDryRun: false }).pruned).toEqual(pruned);
    expect(readdirSync(`${out}/.regions`)).toEqual(['20261121']);
  });

  test('of a folder that is not there says so and makes none', () => {
    const dumps = `${temporaryFolder()}/none`;
    expect(() => pruneFolder({ dumps, limits, now, isDryRun: true })).toThrow('there is no folder');
    expect(existsSync(dumps)).toBe(false);
  });
});
