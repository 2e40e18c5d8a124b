import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import type { DumpPlace } from '../../collector/dump-writer.ts';
import { openDumpFolder } from '../../collector/open-folder.ts';
import { openRetention } from '../../collector/retention.ts';
import { parseTemporaryName, temporaryName } from '../../collector/temporary-names.ts';
import type { RetentionLimits } from '../../server/domain/retention.ts';
import { formatStamp } from '../../server/domain/stamp.ts';
import { temporaryFolder } from './fake-proc.ts';
import { openFakeClock, watchFileSystem } from './fake-world.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BLOCK = 4096;
const NOTHING: RetentionLimits = { keepMs: null, maxBytes: null, keepFree: null };

/** Puts a pair of one block each. */
function putPair(out: string, t: number, ending = ''): DumpPlace {
  const stamp = formatStamp(t, t % 1000 !== 0);
  const day = stamp.slice(0, 8);
  const path = (name: string) => join(out, day, `${name}_mem_${stamp}.csv`);
  const place = { t, day, processFile: `${path('process')}${ending}`, systemFile: path('sys') };
  for (const file of [place.processFile, place.systemFile]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x');
  }
  return place;
}

function namesIn(out: string): string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).sort();
}

function stampsIn(out: string): string[] {
  return namesIn(out).flatMap((name) => /sys_mem_(\w+)\.csv$/.exec(name)?.[1] ?? []);
}

/** A retention over a real folder. `dump` records one more and lets retention look. */
function keep(out: string, limits: Partial<RetentionLimits>, { free = 1e9, once = false } = {}) {
  const clock = openFakeClock(NOW);
  const lines: string[] = [];
  const fileSystem = watchFileSystem();
  const space = { free };
  const atFirst = stampsIn(out).length;
  const retention = openRetention({
    folder: openDumpFolder(nodeFileSystem, out),
    fileSystem,
    format: 'v2',
    limits: { ...NOTHING, ...limits },
    once,
    clock,
    diskSpace: () => ({
      total: 1e9,
      free: space.free + (atFirst - stampsIn(out).length) * 2 * BLOCK,
    }),
    log: (line) => lines.push(line),
    note: (line) => lines.push(line),
  });
  return {
    clock,
    lines,
    space,
    retention,
    fileSystem,
    dump(waitMs = 60_000) {
      clock.pass(waitMs);
      retention.assertRoom();
      retention.afterDump(putPair(out, clock.now()));
    },
  };
}

describe('retention by age', () => {
  test('removes what is older, and the folders that are empty then', () => {
    const out = temporaryFolder();
    for (const days of [5, 4, 3, 2, 1]) putPair(out, NOW - days * DAY);
    const { dump, lines } = keep(out, { keepMs: 2.5 * DAY });
    for (let k = 0; k < 8; k++) dump();
    expect(stampsIn(out).slice(0, 3)).toEqual(['20261119_120000Z', '20261120_120000Z', '20261121_120100Z']);
    expect(readdirSync(out)).toEqual(['20261119', '20261120', '20261121']);
    expect(lines).toEqual([`${out}: removed 3 dumps (older than 2d 12h), and will go on`]);
  });

  test('takes whatever has the name of a dump of ours, and nothing else', () => {
    const out = temporaryFolder();
    const victim = join(temporaryFolder(), 'sys_mem_20200101_000000Z.csv');
    writeFileSync(victim, 'mine');
    const old = join(out, '20200101');
    putPair(out, Date.UTC(2020, 0, 1), '.gz');
    const foreign = [
      'notes.txt',
      'sys_mem_20200101.csv',
      'sys_mem_20200101_000001.csv',
      'process_mem_latest.csv',
    ];
    for (const name of foreign) writeFileSync(join(old, name), 'x');
    symlinkSync(victim, join(old, 'sys_mem_20200101_000002Z.csv'));
    mkdirSync(join(old, 'sys_mem_20200101_000003Z.csv'));
    symlinkSync(dirname(victim), join(out, '20190101'));
    writeFileSync(join(out, 'sys_mem_20200101_000000.csv'), 'the predecessor wrote it');
    const { dump } = keep(out, { keepMs: DAY });
    for (let k = 0; k < 6; k++) dump();
    expect(readdirSync(old).sort()).toEqual(
      [...foreign, 'sys_mem_20200101_000002Z.csv', 'sys_mem_20200101_000003Z.csv'].sort(),
    );
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'sys_mem_20200101_000000.csv'))).toBe(true);
  });

  test('finds every dump of a recording that wrote more than is remembered of it', () => {
    const out = temporaryFolder();
    const { dump, clock } = keep(out, { keepMs: HOUR });
    for (let k = 0; k < 4; k++) dump(1000);
    for (let k = 0; k < 700; k++) dump(1000);
    expect(stampsIn(out)).toHaveLength(704);
    clock.pass(2 * HOUR);
    for (let k = 0; k < 20; k++) dump();
    expect(stampsIn(out)).toHaveLength(20);
  });

  test('keeps the newest, however old it is', () => {
    const out = temporaryFolder();
    const { clock, retention } = keep(out, { keepMs: HOUR });
    const places = [1, 2, 3].map((k) => putPair(out, NOW - 300 * DAY + k));
    for (const place of places.slice(1)) {
      clock.pass(60_000);
      retention.afterDump(place);
    }
    expect(stampsIn(out)).toHaveLength(1);
  });

  test('keeps what is protected until its time is over, and then strikes it from the list', () => {
    const out = temporaryFolder();
    for (const days of [9, 8, 7]) putPair(out, NOW - days * DAY);
    const list = join(out, 'protected.csv');
    const line = (stamp: string, until: string) =>
      `${stamp.slice(0, 8)}/sys_mem_${stamp}.csv,${until},"a, b"\n`;
    const over = line('20261113_120000Z', '2026-11-20T00:00:00.000Z');
    const kept = line('20261112_120000Z', '2026-12-20T00:00:00.000Z');
    writeFileSync(list, `FILE,UNTIL,REASON\n${kept}${over}`);
    const { dump } = keep(out, { keepMs: DAY });
    for (let k = 0; k < 6; k++) dump();
    expect(stampsIn(out)[0]).toBe('20261112_120000Z');
    expect(stampsIn(out)[1]).toBe('20261121_120100Z');
    expect(readFileSync(list, 'utf8')).toBe(`FILE,UNTIL,REASON\n${kept}`);
    expect(namesIn(out).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('removes nothing while it cannot know what is protected', () => {
    const out = temporaryFolder();
    putPair(out, NOW - 9 * DAY);
    mkdirSync(join(out, 'protected.csv'));
    const { dump, lines } = keep(out, { keepMs: DAY });
    for (let k = 0; k < 5; k++) dump();
    expect(stampsIn(out)[0]).toBe('20261112_120000Z');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^cannot remove old dumps of .*: /);
  });
});

describe('retention by size', () => {
  test('holds a thousand dumps within their limit', () => {
    const out = temporaryFolder();
    const maxBytes = 40 * BLOCK;
    const { dump } = keep(out, { maxBytes });
    let most = 0;
    for (let k = 0; k < 1000; k++) {
      dump(10 * 60_000);
      most = Math.max(most, stampsIn(out).length);
    }
    const left = stampsIn(out);
    expect(left).toHaveLength(20);
    expect(most).toBeLessThanOrEqual(21);
    expect(left.at(-1)).toBe(formatStamp(NOW + 1000 * 10 * 60_000));
    expect(readdirSync(out)).toHaveLength(1);
  });

  test('does not wait for the minute when a fast recording grows beyond its limit', () => {
    const out = temporaryFolder();
    const { dump } = keep(out, { maxBytes: 20 * BLOCK });
    for (let k = 0; k < 100; k++) {
      dump(50);
      expect(stampsIn(out).length).toBeLessThanOrEqual(10);
    }
  });

  test('counts what was there before and what others wrote meanwhile does not confuse it', () => {
    const out = temporaryFolder();
    for (let k = 0; k < 50; k++) putPair(out, NOW - DAY + k * 60_000);
    const { dump } = keep(out, { maxBytes: 20 * BLOCK });
    for (let k = 0; k < 5; k++) dump();
    expect(stampsIn(out)).toHaveLength(10);
  });

  test('does not list the folder again for each sample', () => {
    const out = temporaryFolder();
    for (let k = 0; k < 300; k++) putPair(out, NOW - DAY + k * 60_000);
    let lists = 0;
    const { dump, fileSystem } = keep(out, { keepMs: 9 * DAY });
    const list = fileSystem.list;
    fileSystem.list = (path) => {
      lists++;
      return list(path);
    };
    for (let k = 0; k < 10; k++) dump(10_000);
    const before = lists;
    for (let k = 0; k < 200; k++) dump(10_000);
    expect(lists - before).toBeLessThanOrEqual(4);
  });
});

describe('free space', () => {
  const keepFree = { share: 0.05, most: 1e12 };

  test('is made by removing the oldest, before a sample is written', () => {
    const out = temporaryFolder();
    for (let k = 0; k < 20; k++) putPair(out, NOW - DAY + k * 60_000);
    const { dump, lines } = keep(out, { keepFree }, { free: 5e7 - 5 * BLOCK });
    dump();
    expect(stampsIn(out)).toHaveLength(17);
    expect(lines).toEqual([`${out}: removed 3 dumps (less than 47.7 MiB free), and will go on`]);
  });

  test('that cannot be made refuses the sample, in one line, until there is some', () => {
    const out = temporaryFolder();
    putPair(out, NOW - DAY);
    putPair(out, NOW - DAY + 1000);
    const { dump, space } = keep(out, { keepFree }, { free: 1e6 });
    expect(() => dump()).toThrow('nothing is written into');
    expect(() => dump()).toThrow('of its disk are free, less than 47.7 MiB');
    expect(stampsIn(out)).toEqual(['20261120_120001Z']);
    space.free = 1e8;
    dump();
    expect(stampsIn(out)).toHaveLength(2);
  });
});

describe('a run from cron', () => {
  test('looks at the whole folder once an hour', () => {
    const out = temporaryFolder();
    putPair(out, NOW - 9 * DAY);
    const run = (t: number) => {
      const { retention } = keep(out, { keepMs: DAY }, { once: true });
      retention.assertRoom();
      retention.afterDump(putPair(out, t));
    };
    putPair(out, NOW);
    run(NOW + 60_000);
    expect(stampsIn(out)).toHaveLength(3);
    run(NOW + HOUR);
    expect(stampsIn(out)).toHaveLength(3);
    expect(stampsIn(out)[0]).toBe('20261121_120000Z');
  });
});

test('a list of protected dumps that a killed recorder left unfinished is swept like an unfinished dump', () => {
  expect(parseTemporaryName(temporaryName('protected.csv', 77))).toEqual({ kind: 'dump', owner: 77 });
  expect(parseTemporaryName(temporaryName('notes.csv', 77))).toBeNull();
});

describe('regions over time', () => {
  function putRegions(out: string, day: string, blocks = 1): string {
    const file = join(out, '.regions', day, 'regions_s1-812-100.csv');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x'.repeat(blocks * BLOCK));
    return file;
  }
  function regionDaysIn(out: string): string[] {
    return readdirSync(join(out, '.regions')).sort();
  }

  test('go with the dumps of their day, and the folder of the day with them', () => {
    const out = temporaryFolder();
    for (const days of [4, 3, 2, 1]) {
      putPair(out, NOW - days * DAY);
      putRegions(out, formatStamp(NOW - days * DAY).slice(0, 8));
    }
    const { dump, lines } = keep(out, { keepMs: 2.5 * DAY });
    for (let step = 0; step < 8; step++) dump();
    expect(regionDaysIn(out)).toEqual(['20261119', '20261120']);
    expect(lines).toEqual([
      `${out}: removed 2 dumps and the regions of 2 days (older than 2d 12h), and will go on`,
    ]);
  });

  test('count in the size of all, those of today as they grow', () => {
    const out = temporaryFolder();
    for (const hours of [3, 2, 1]) putPair(out, NOW - hours * HOUR);
    putRegions(out, '20261121', 1);
    const { dump } = keep(out, { maxBytes: 12 * BLOCK });
    dump();
    expect(stampsIn(out)).toHaveLength(4);
    putRegions(out, '20261121', 8);
    dump();
    expect(stampsIn(out)).toHaveLength(2);
    expect(regionDaysIn(out)).toEqual(['20261121']);
  });

  test('stay where something else lies beside them, and that stays whole', () => {
    const out = temporaryFolder();
    putPair(out, NOW - 3 * DAY);
    const mine = join(dirname(putRegions(out, '20261118')), 'notes.txt');
    writeFileSync(mine, 'mine');
    const { dump } = keep(out, { keepMs: DAY });
    for (let step = 0; step < 4; step++) dump();
    expect(readdirSync(dirname(mine))).toEqual(['notes.txt']);
  });

  test('behind a link are not looked at', () => {
    const out = temporaryFolder();
    const elsewhere = temporaryFolder();
    const file = putRegions(elsewhere, '20261101');
    symlinkSync(join(elsewhere, '.regions'), join(out, '.regions'));
    const { dump } = keep(out, { keepMs: DAY });
    for (let step = 0; step < 4; step++) dump();
    expect(existsSync(file)).toBe(true);
  });
});
