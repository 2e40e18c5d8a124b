import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDumpFolder } from '../../../../server/adapters/dumps/dump-folder.ts';

let root: string;
let watching: { close(): void } | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watch-folder-'));
});

afterEach(() => {
  watching?.close();
  rmSync(root, { recursive: true, force: true });
});

function put(name: string): void {
  writeFileSync(join(root, name), 'x');
}

describe('watching a folder', () => {
  test('calls back soon after a file has come, and not before', async () => {
    const onChange = vi.fn();
    watching = openDumpFolder({ root, timeZone: 'UTC' }).watch(onChange);
    await sleep(100);
    expect(onChange).not.toHaveBeenCalled();
    put('sys_mem_20260301_000000Z.csv');
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), 2000);
  });

  test('calls back at most four times a second, however much comes', async () => {
    const onChange = vi.fn();
    watching = openDumpFolder({ root, timeZone: 'UTC' }).watch(onChange);
    const started = performance.now();
    for (let k = 0; k < 100; k++) {
      put(`f${k}`);
      await sleep(8);
    }
    await sleep(300);
    const seconds = (performance.now() - started) / 1000;
    expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(onChange.mock.calls.length).toBeLessThanOrEqual(1 + Math.ceil(4 * seconds));
  });

  test('hears of files in the day folder that midnight has brought', async () => {
    mkdirSync(join(root, '20260301'));
    const folder = openDumpFolder({ root, timeZone: 'UTC' });
    const listed: (string | null)[] = [];
    watching = folder.watch(async () => {
      for (const { processFile } of (await folder.list()).pairs) listed.push(processFile);
    });
    mkdirSync(join(root, '20260302'));
    await sleep(150);
    put('20260302/process_mem_20260302_000000Z.csv');
    put('20260302/sys_mem_20260302_000000Z.csv');
    await vi.waitFor(() => expect(listed).toEqual(['20260302/process_mem_20260302_000000Z.csv']), 8000);
  });

  test('calls back when what waits may have become ready', async () => {
    put('process_mem_20260301_000000Z.csv');
    const onChange = vi.fn();
    const folder = openDumpFolder({ root, timeZone: 'UTC' });
    await folder.list();
    watching = folder.watch(onChange);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), 2000);
  });

  test('waits for a folder that is not there yet', async () => {
    const onChange = vi.fn();
    watching = openDumpFolder({ root: join(root, 'later'), timeZone: 'UTC' }).watch(onChange);
    mkdirSync(join(root, 'later'));
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), 5000);
  });

  test('is silent once closed', async () => {
    const onChange = vi.fn();
    openDumpFolder({ root, timeZone: 'UTC' }).watch(onChange).close();
    put('sys_mem_20260301_000000Z.csv');
    await sleep(400);
    expect(onChange).not.toHaveBeenCalled();
  });
});
