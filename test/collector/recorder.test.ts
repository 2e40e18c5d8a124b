import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RecorderOptions } from '../../collector/options.ts';
import { defaultRecorderOptions } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import type { RecorderWorld, WrittenDump } from '../../collector/recording-session.ts';
import { SEED_SYSTEM_COLUMNS } from '../../server/domain/dump-format.ts';
import { fakeHost, temporaryFolder } from './fake-proc.ts';
import type { SystemCall } from './fake-world.ts';
import { openFakeClock, systemError, watchFileSystem } from './fake-world.ts';

const START = Date.UTC(2026, 10, 21, 12, 0, 0);

/** Records a fake host by a fake clock. `onSample` may let time pass, or stop the recorder. */
async function record(
  options: Partial<RecorderOptions>,
  onSample: (index: number, tools: { pass(ms: number): void; stop(): void }) => void = () => {},
  before?: (call: SystemCall) => void,
) {
  const out = temporaryFolder();
  const clock = openFakeClock(START);
  const dumps: WrittenDump[] = [];
  const lines: string[] = [];
  const world: Partial<RecorderWorld> = {
    clock,
    fileSystem: watchFileSystem(before),
    procRoot: fakeHost(),
    log: (line) => lines.push(line),
    onDump(dump) {
      dumps.push(dump);
      onSample(dumps.length, { pass: clock.pass, stop: () => recorder.stop() });
    },
  };
  const recorder = openRecorder({ ...defaultRecorderOptions(), out, ...options }, world);
  const exit = await recorder.done;
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.csv'),
  );
  const seconds = dumps.map(({ t }) => (t - START) / 1000);
  const overruns = dumps.map(({ systemFile }) => Number(cellsOf(systemFile).OVERRUN_S));
  return { exit, files, lines, seconds, overruns, dumps, out };
}

function cellsOf(systemFile: string): Record<string, string> {
  const [names, values] = readFileSync(systemFile, 'utf8').split('\n');
  return Object.fromEntries(names.split(',').map((name, k) => [name, values.split(',')[k]]));
}

describe('the schedule', () => {
  test('does not drift: a slow sample does not move the later ones', async () => {
    const took = [0, 3200, 10, 9999, 1];
    const { seconds, overruns } = await record({ count: 5 }, (index, { pass }) => pass(took[index - 1]));
    expect(seconds).toEqual([0, 10, 20, 30, 40]);
    expect(overruns).toEqual([0, 0, 0, 0, 0]);
  });

  test('skips what it has missed, and the next sample says how much', async () => {
    const { seconds, overruns } = await record({ count: 4 }, (index, { pass }) =>
      pass(index === 2 ? 35_000 : 1),
    );
    expect(seconds).toEqual([0, 10, 50, 60]);
    expect(overruns).toEqual([0, 0, 30, 0]);
  });

  test('ends after a count, or a duration', async () => {
    expect((await record({ count: 3 })).seconds).toEqual([0, 10, 20]);
    expect((await record({ durationMs: 25_000 })).seconds).toEqual([0, 10, 20]);
    expect((await record({ durationMs: 20_000 })).seconds).toEqual([0, 10]);
  });

  test('ends when it is stopped, with the sample in hand finished', async () => {
    const { exit, seconds, files } = await record({}, (index, { stop }) => index === 2 && stop());
    expect({ exit, seconds, files: files.length }).toEqual({ exit: 0, seconds: [0, 10], files: 4 });
  });

  test('of ten milliseconds has each of them in its names', async () => {
    const { files } = await record({ intervalMs: 10, count: 3 });
    expect(
      files
        .filter((name) => name.includes('sys_mem'))
        .map((name) => name.slice(9))
        .sort(),
    ).toEqual([
      'sys_mem_20261121_120000_000Z.csv',
      'sys_mem_20261121_120000_010Z.csv',
      'sys_mem_20261121_120000_020Z.csv',
    ]);
  });
});

describe('a dump', () => {
  test('commits rows and CRC of its process file, at one instant', async () => {
    const { dumps } = await record({ once: true, intervalMs: null, label: 'lab' });
    const [{ systemFile }] = dumps;
    const processFile = readFileSync(systemFile.replace('sys_mem', 'process_mem'));
    const lines = processFile.toString().trim().split('\n');
    expect(cellsOf(systemFile)).toMatchObject({
      TIMESTAMP: '2026-11-21T12:00:00.000Z',
      BOOT_TIME: '2026-11-21T11:58:20.000Z',
      UPTIME_S: '100.00',
      INTERVAL_S: '',
      PROC_ROWS: String(lines.length - 1),
      PROC_CRC32: crc32(processFile).toString(16).padStart(8, '0'),
      MemTotal_KB: '2048',
      RECORDER_PID: String(process.pid),
      CMD_MODE: 'redacted',
      LABEL: 'lab',
    });
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['2', '1']);
  });

  test('in the predecessor’s format has the predecessor’s headers and no more', async () => {
    const { out, files } = await record({ once: true, intervalMs: null, format: 'seed' });
    expect(files).toHaveLength(2);
    const [processFile, systemFile] = files
      .sort()
      .map((name) => readFileSync(join(out, name), 'utf8').split('\n'));
    expect(processFile[0]).toBe('PID,PPID,USER,RSS_MB,VSZ_MB,CMD');
    expect(systemFile[0]).toBe(SEED_SYSTEM_COLUMNS.join(','));
    expect(systemFile[1].split(',')[0]).toBe('2');
  });
});

describe('a sample that fails', () => {
  test('with --once is exit code 3 and one line', async () => {
    const { exit, files, lines } = await record({ once: true, intervalMs: null }, undefined, (call) => {
      if (call === 'rename') throw systemError('EROFS');
    });
    expect({ exit, files }).toEqual({ exit: 3, files: [] });
    expect(lines).toEqual([
      expect.stringMatching(/^cannot write .*\(EROFS\)\. Name a folder .* with --out\.$/),
    ]);
  });

  test('does not end a recording, which goes on by itself and says so', async () => {
    let writes = 0;
    const { exit, seconds, lines, overruns } = await record({ count: 5 }, undefined, (call) => {
      if (call === 'write' && ++writes >= 3 && writes <= 4) throw systemError('ENOSPC');
    });
    expect(seconds).toEqual([0, 30, 40]);
    expect(overruns).toEqual([0, 20, 0]);
    expect(lines).toEqual([expect.stringContaining('ENOSPC'), 'recording again after 2 failed samples']);
    expect(exit).toBe(3);
  });

  test('is tried again at once, however short the interval', async () => {
    let opens = 0;
    const { seconds } = await record({ intervalMs: 10, count: 3 }, undefined, (call) => {
      if (call === 'open' && ++opens === 1) throw systemError('EMFILE');
    });
    expect(seconds).toEqual([0.01, 0.02]);
  });

  test('for want of a process table says what is needed', async () => {
    const lines: string[] = [];
    const options = { ...defaultRecorderOptions(), once: true, out: temporaryFolder() };
    const { done } = openRecorder(options, { procRoot: '/nowhere', log: (line) => lines.push(line) });
    expect(await done).toBe(3);
    expect(lines).toEqual([
      'cannot read /nowhere: no such file or directory (ENOENT). Recording needs Linux with /proc mounted.',
    ]);
  });

  test('by a bug is exit code 70 and says that it is one', async () => {
    const { exit, lines } = await record({ once: true, intervalMs: null }, () => {
      throw new TypeError('x is not a function');
    });
    expect(exit).toBe(70);
    expect(lines).toEqual([
      expect.stringMatching(/^this is a bug, please report it: TypeError: x is not a function/),
    ]);
  });
});
