import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BLOCKED, openGuardedReads, SKIPPED } from '../../../collector/sources/guarded-reads.ts';
import { UNREADABLE, VANISHED } from '../../../collector/sources/proc-files.ts';
import { temporaryFolder } from '../fake-proc.ts';

/** A file of which a read waits until somebody writes. It is let go when the test is over. */
function waitingFile(folder: string, name: string) {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  let isReleased = false;
  const release = (text = '') => {
    if (isReleased) return;
    isReleased = true;
    const fd = openSync(path, 'r+');
    if (text !== '') writeSync(fd, text);
    // Held open until a reader has had time to open it, too.
    setTimeout(() => closeSync(fd), 200);
  };
  onTestFinished(() => release());
  return { path, release };
}

describe.runIf(process.platform === 'linux')('a guarded read', () => {
  test('tells the whole file, however long, and what cannot be read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'short'), 'a b');
    writeFileSync(join(folder, 'long'), 'x'.repeat(300_000));
    const guard = openGuardedReads();
    const told: Record<string, number | string> = {};
    for (const name of ['short', 'long', 'none', '.'])
      guard.start(join(folder, name), (length, bytes) => {
        told[name] = length === 3 ? bytes.toString('latin1', 0, 3) : length;
      });
    await guard.settle();
    expect(told).toEqual({ short: 'a b', long: 300_000, none: VANISHED, '.': UNREADABLE });
    expect(guard).toMatchObject({ isIdle: true, stuck: 0 });
  });

  test('that does not come back is left behind in time, and told of when it does', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good'), 'fine');
    const { path, release } = waitingFile(folder, 'fifo');
    const guard = openGuardedReads(100);
    const told: (number | string)[] = [];
    guard.start(path, (length, bytes) =>
      told.push(length > 0 ? bytes.toString('latin1', 0, length) : length),
    );
    for (let k = 0; k < 20; k++) guard.start(join(folder, 'good'), (length) => told.push(length));
    const start = performance.now();
    await guard.settle();
    expect(performance.now() - start).toBeLessThan(1000);
    expect(told).toEqual([...new Array<number>(20).fill(4), BLOCKED]);
    expect(guard.stuck).toBe(1);
    release('late');
    await expect.poll(() => told.at(-1)).toBe('late');
    expect(guard.stuck).toBe(0);
  });

  test('is not even tried while too many threads are lost', async () => {
    const folder = temporaryFolder();
    const files = ['a', 'b', 'c'].map((name) => waitingFile(folder, name));
    const guard = openGuardedReads(50);
    const told: number[] = [];
    for (const { path } of files) guard.start(path, (length) => told.push(length));
    await guard.settle();
    guard.beginTick();
    guard.start(join(folder, 'd'), (length) => told.push(length));
    expect(told).toEqual([BLOCKED, BLOCKED, BLOCKED, SKIPPED]);
    for (const { release } of files) release();
    await expect.poll(() => guard.stuck).toBe(0);
  });

  test('is not tried once the patience of a sample is spent, and is tried again in the next', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good'), 'fine');
    const guard = openGuardedReads(100);
    const told: number[] = [];
    guard.start(waitingFile(folder, 'fifo').path, (length) => told.push(length));
    await guard.settle();
    guard.start(join(folder, 'good'), (length) => told.push(length));
    await guard.settle();
    expect(guard.isSpent).toBe(true);
    guard.beginTick();
    guard.start(join(folder, 'good'), (length) => told.push(length));
    await guard.settle();
    expect(told).toEqual([BLOCKED, SKIPPED, 4]);
    expect(guard.isSpent).toBe(false);
  });

  test('is not left behind because this process itself was held', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good'), 'fine');
    const guard = openGuardedReads(100);
    const told: number[] = [];
    guard.start(join(folder, 'good'), (length) => told.push(length));
    const settled = guard.settle();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    await settled;
    expect(told).toEqual([4]);
  });

  test('shares its patience with the others of a sample', async () => {
    const folder = temporaryFolder();
    const guard = openGuardedReads(200);
    const { path, release } = waitingFile(folder, 'a');
    const start = performance.now();
    guard.start(path, () => {});
    setTimeout(release, 120);
    await guard.settle();
    guard.start(waitingFile(folder, 'b').path, () => {});
    await guard.settle();
    expect(performance.now() - start).toBeLessThan(310);
  });
});
