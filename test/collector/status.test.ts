import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultRecorderOptions } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import { readRecorderStatus } from '../../collector/status.ts';
import { temporaryFolder } from './fake-proc.ts';
import { recordInFakeWorld } from './record-in-fake-world.ts';

const FOREVER = { keepMs: null, maxBytes: null, keepFree: null };

describe('the status of a folder', () => {
  test('that this process records into: who, how old, at what cost', async () => {
    const out = temporaryFolder();
    const options = { ...defaultRecorderOptions(), out, intervalMs: 50, retention: FOREVER };
    let enough: () => void = () => undefined;
    const recorded = new Promise<void>((resolve) => {
      enough = resolve;
    });
    let dumps = 0;
    const recorder = openRecorder(options, {
      onDump: () => ++dumps === 4 && enough(),
      note: () => undefined,
    });
    await recorded;
    const status = await readRecorderStatus(out, Date.now());
    recorder.stop();
    await recorder.done;
    expect(status).toMatchObject({ alive: true, holder: { pid: process.pid } });
    expect(status.age_seconds).toBeLessThan(10);
    expect(status.cost.cpu_seconds).toBeGreaterThan(0);
    expect(status.cost.rss_bytes).toBeGreaterThan(10e6);
    expect(status.cost.cpu_share).toBeGreaterThan(0);
    expect(status.disk.dumps).toBeGreaterThanOrEqual(4);
    expect(status.disk.bytes).toBeGreaterThan(status.disk.dumps * 4096);
    expect(status.disk.bytes_per_day).toBeGreaterThan(0);
    expect(status.days_until_full).toBeGreaterThan(0);
    expect((await readRecorderStatus(out, Date.now() + 3_600_000)).alive).toBe(false);
  });

  test('that was recorded for a while: its gaps, its last sample, packed or not', async () => {
    const out = temporaryFolder();
    const { dumps } = await recordInFakeWorld({ out, count: 20, gzip: true, retention: FOREVER });
    const last = dumps.at(-1)?.t ?? 0;
    const status = await readRecorderStatus(out, last + 3_600_000);
    expect(status).toMatchObject({
      alive: false,
      holder: null,
      last_sample: new Date(last).toISOString(),
      age_seconds: 3600,
      interval_seconds: 10,
      gaps: [{ seconds: 3600 }],
      disk: { dumps: 20, bytes: 20 * 8192, bytes_per_day: 8192 * 8640 },
    });
    expect(status.cost.overrun_seconds).toBe(0);
  });

  test('that is empty has a status, in which everything is unknown; looking changes nothing', async () => {
    const out = temporaryFolder();
    expect(await readRecorderStatus(out, 0)).toMatchObject({
      alive: false,
      last_sample: null,
      age_seconds: null,
      days_until_full: null,
      cost: { cpu_seconds: null, cpu_share: null },
    });
    expect(readdirSync(out)).toEqual([]);
  });

  test('that is not there is an error', async () => {
    await expect(readRecorderStatus('/nowhere/dumps', 0)).rejects.toThrow(
      'there is no folder /nowhere/dumps',
    );
  });
});
