import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecorderOptions } from '../../collector/options.ts';
import { defaultRecorderOptions } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import type { WrittenDump } from '../../collector/recording-session.ts';
import { fakeProc, putFile, temporaryFolder } from './fake-proc.ts';
import { openFakeClock, watchFileSystem } from './fake-world.ts';

const START = Date.UTC(2026, 10, 21, 12, 0, 0);

/** What one sample of a recording meets. */
interface Circumstances {
  /** Percent of RAM that is available. */
  readonly available?: number;
  /** How long its first sync takes, in ms. */
  readonly sync?: number;
}

async function record(
  circumstances: readonly Circumstances[],
  options: Partial<RecorderOptions> = {},
  out = temporaryFolder(),
) {
  const clock = openFakeClock(START);
  const root = fakeProc({ pid: 1, ppid: 0 });
  const dumps: WrittenDump[] = [];
  const lines: string[] = [];
  let left = 0;
  const begin = (sample: number) => {
    const { available = 50, sync = 0 } = circumstances[sample] ?? {};
    putFile(root, 'meminfo', `MemTotal: 1000 kB\nMemAvailable: ${available * 10} kB\n`);
    left = sync;
  };
  const fileSystem = watchFileSystem((call) => {
    if (call !== 'sync') return;
    clock.pass(left);
    left = 0;
  });
  begin(0);
  const recorder = openRecorder(
    { ...defaultRecorderOptions(), count: circumstances.length, out, ...options },
    {
      clock,
      procRoot: root,
      fileSystem,
      log: (line) => lines.push(line),
      note: (line) => lines.push(line),
      onDump(dump) {
        dumps.push(dump);
        begin(dumps.length);
      },
    },
  );
  expect(await recorder.done).toBe(0);
  const cells = dumps.map(({ systemFile }) => {
    const [names, values] = readFileSync(systemFile, 'utf8').split('\n');
    return Object.fromEntries(names.split(',').map((name, k) => [name, values.split(',')[k]]));
  });
  return {
    lines,
    dumps,
    out,
    seconds: dumps.map(({ t }) => (t - START) / 1000),
    intervals: cells.map(({ INTERVAL_S }) => Number(INTERVAL_S)),
    overruns: cells.map(({ OVERRUN_S }) => Number(OVERRUN_S)),
    names: dumps.map(({ systemFile }) => relative(out, systemFile)),
  };
}

describe('a recorder that is expensive', () => {
  test('takes fewer samples, each of which tells the interval in force, and no gap', async () => {
    const slow = { sync: 1200 };
    const { seconds, intervals, overruns, lines } = await record([{}, slow, {}, {}, {}]);
    expect(seconds).toEqual([0, 10, 30, 40, 50]);
    expect(intervals).toEqual([10, 10, 20, 10, 10]);
    expect(overruns).toEqual([0, 0, 0, 0, 0]);
    expect(lines).toEqual([
      'a sample took 1200 ms, more than a tenth of the interval: recording every 20 s',
      'a sample took 0 ms: recording every 10 s again',
    ]);
  });
});

describe('a recorder under pressure', () => {
  const scarce = { available: 4 };

  test('takes a sample a second until it is over', async () => {
    const { seconds, intervals, lines } = await record([{}, scarce, scarce, scarce, {}, {}]);
    expect(seconds).toEqual([0, 10, 11, 12, 13, 23]);
    expect(intervals).toEqual([10, 10, 1, 1, 1, 10]);
    expect(lines).toEqual([
      'memory is scarce (MemAvailable is 4.0 % of MemTotal): recording every 1 s',
      'memory is no longer scarce: recording every 10 s',
    ]);
  });

  test('lists those samples as protected, with until when and why', async () => {
    const { out, names } = await record([{}, scarce, scarce, {}]);
    const reason = 'MemAvailable is 4.0 % of MemTotal';
    expect(readFileSync(join(out, 'protected.csv'), 'utf8').split('\n')).toEqual([
      'FILE,UNTIL,REASON',
      `${names[1]},2026-12-21T12:00:10.000Z,${reason}`,
      `${names[2]},2026-12-21T12:00:11.000Z,${reason}`,
      '',
    ]);
    expect(names[1]).toBe('20261121/sys_mem_20261121_120010Z.csv');
  });

  test('protects a single sample from cron, too', async () => {
    const { out } = await record([scarce], { once: true, count: null, intervalMs: null });
    expect(readFileSync(join(out, 'protected.csv'), 'utf8').split('\n')).toHaveLength(3);
  });

  test('protects nothing where it is told so', async () => {
    const { cost } = defaultRecorderOptions();
    const { out } = await record([scarce], {
      cost: { ...cost, pressure: { ...cost.pressure, protectMs: 0 } },
    });
    expect(existsSync(join(out, 'protected.csv'))).toBe(false);
  });

  test('whose list cannot be written records all the same, follows no link, and says so once', async () => {
    const out = temporaryFolder();
    mkdirSync(join(out, 'elsewhere'));
    symlinkSync(join(out, 'elsewhere/victim'), join(out, 'protected.csv'));
    const { dumps, lines } = await record([scarce, scarce, scarce], {}, out);
    expect(dumps).toHaveLength(3);
    expect(existsSync(join(out, 'elsewhere/victim'))).toBe(false);
    expect(lines.filter((line) => line.includes('protected.csv'))).toEqual([
      expect.stringMatching(/^cannot write .*\/protected\.csv: .*\(ELOOP\)$/),
    ]);
  });
});
