import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { checkDumps } from './check-dumps.ts';
import { fakeHost, memoryFolder, putFile } from './fake-proc.ts';
import type { FakeRecording } from './record-in-fake-world.ts';
import { readCells, recordInFakeWorld } from './record-in-fake-world.ts';

/** The wall clock does what it likes: no sample is refused, no dump is replaced, and uptime tells what happened. */

const START = Date.UTC(2026, 10, 21, 12, 0, 0);
const BOOTED_BEFORE_MS = 100_000;

interface Recorded {
  readonly names: readonly string[];
  readonly stamps: readonly string[];
  /** UPTIME_S. */
  readonly uptimes: readonly number[];
  readonly bootTimes: readonly string[];
  readonly overruns: readonly string[];
}

/** Samples a host whose /proc/uptime goes with the fake clock, and with what a suspend adds to it. */
async function record(
  count: number,
  intervalMs: number,
  onSample: (index: number, recording: FakeRecording, suspend: (ms: number) => void) => void,
): Promise<Recorded> {
  const procRoot = fakeHost();
  const out = memoryFolder();
  let suspended = 0;
  const putUptime = (monotonic: number) =>
    putFile(procRoot, 'uptime', `${((BOOTED_BEFORE_MS + monotonic + suspended) / 1000).toFixed(2)} 1.00\n`);
  const { dumps, exit, lines } = await recordInFakeWorld(
    { out, count, intervalMs },
    {
      world: { procRoot },
      onDump(recording) {
        const { clock } = recording;
        onSample(recording.dumps.length, recording, (ms) => {
          suspended += ms;
          clock.step(ms);
        });
        putUptime(clock.monotonic() + intervalMs);
      },
    },
  );
  expect({ exit, lines, written: dumps.length }).toEqual({ exit: 0, lines: [], written: count });
  expect(checkDumps(out)).toMatchObject({ whole: count, torn: [], uncommitted: [], temporaries: [] });
  const cells = dumps.map(({ systemFile }) => readCells(systemFile));
  return {
    names: dumps.map(({ systemFile }) => basename(systemFile)),
    stamps: cells.map(({ TIMESTAMP }) => TIMESTAMP),
    uptimes: cells.map(({ UPTIME_S }) => Number(UPTIME_S)),
    bootTimes: cells.map(({ BOOT_TIME }) => BOOT_TIME),
    overruns: cells.map(({ OVERRUN_S }) => OVERRUN_S),
  };
}

describe('a clock', () => {
  test('that is set back an hour, onto dumps that are there, gives each its own name and keeps uptime in order', async () => {
    const { names, stamps, uptimes, overruns } = await record(12, 1000, (index, { clock }) => {
      if (index === 5 || index === 9) clock.step(index === 5 ? -4000 : -HOUR_MS);
    });
    expect(new Set(names).size).toBe(12);
    expect(names.slice(3, 7)).toEqual([
      'sys_mem_20261121_120003Z.csv',
      'sys_mem_20261121_120004Z.csv',
      'sys_mem_20261121_120001_000Z.csv',
      'sys_mem_20261121_120002_000Z.csv',
    ]);
    expect(stamps[5]).toBe('2026-11-21T12:00:01.000Z');
    expect(uptimes).toEqual(Array.from({ length: 12 }, (_, k) => 100 + k));
    expect(new Set(overruns)).toEqual(new Set(['0']));
  });

  test('that is set forward leaves no gap in uptime', async () => {
    const { stamps, uptimes, bootTimes } = await record(4, 10_000, (index, { clock }) => {
      if (index === 2) clock.step(HOUR_MS);
    });
    expect(stamps.map((stamp) => stamp.slice(11, 19))).toEqual([
      '12:00:00',
      '12:00:10',
      '13:00:20',
      '13:00:30',
    ]);
    expect(uptimes).toEqual([100, 110, 120, 130]);
    expect(bootTimes.map((time) => time.slice(11, 19))).toEqual([
      '11:58:20',
      '11:58:20',
      '12:58:20',
      '12:58:20',
    ]);
  });

  test('that stands still gives every sample a millisecond of its own', async () => {
    const { names, stamps } = await record(4, 1000, (_index, { clock }) => clock.step(-1000));
    expect(names).toEqual([
      'sys_mem_20261121_120000Z.csv',
      'sys_mem_20261121_120000_000Z.csv',
      'sys_mem_20261121_120000_001Z.csv',
      'sys_mem_20261121_120000_002Z.csv',
    ]);
    expect(stamps[3]).toBe('2026-11-21T12:00:00.002Z');
  });
});

test('a suspended host is a gap that uptime tells: the schedule’s clock has stood still, too', async () => {
  const { stamps, uptimes, bootTimes, overruns } = await record(4, 10_000, (index, _recording, suspend) => {
    if (index === 2) suspend(HOUR_MS);
  });
  expect(stamps.map((stamp) => stamp.slice(11, 19))).toEqual([
    '12:00:00',
    '12:00:10',
    '13:00:20',
    '13:00:30',
  ]);
  expect(uptimes).toEqual([100, 110, 3720, 3730]);
  expect(new Set(bootTimes)).toEqual(new Set(['2026-11-21T11:58:20.000Z']));
  expect(overruns).toEqual(['0', '0', '0', '0']);
});

describe('summer time', () => {
  async function recordAcross(t: number, format: 'v2' | 'seed') {
    const zone = process.env.TZ;
    process.env.TZ = 'Europe/Paris';
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    const out = memoryFolder();
    const { dumps, exit } = await recordInFakeWorld(
      { out, format, count: 8, intervalMs: 30 * 60_000 },
      { onDump: ({ clock, dumps: { length } }) => length === 1 && clock.step(t - START) },
    );
    expect({ exit, written: dumps.length }).toEqual({ exit: 0, written: 8 });
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('sys_mem'),
    );
    expect(names).toHaveLength(8);
    for (const { systemFile } of dumps) expect(readFileSync(systemFile).length).toBeGreaterThan(0);
    return dumps.slice(1).map(({ systemFile }) => basename(systemFile).slice(8, -4));
  }

  test('that ends repeats an hour of local names, and replaces none of them', async () => {
    const end = Date.UTC(2026, 9, 24, 23, 0, 0);
    expect(await recordAcross(end, 'seed')).toEqual([
      '20261025_013000',
      '20261025_020000',
      '20261025_023000',
      '20261025_020000_000',
      '20261025_023000_000',
      '20261025_030000',
      '20261025_033000',
    ]);
    expect((await recordAcross(end, 'v2'))[3]).toBe('20261025_010000Z');
  });

  test('that begins leaves an hour of local names out', async () => {
    expect((await recordAcross(Date.UTC(2026, 2, 29, 0, 0, 0), 'seed')).slice(0, 3)).toEqual([
      '20260329_013000',
      '20260329_030000',
      '20260329_033000',
    ]);
  });
});
