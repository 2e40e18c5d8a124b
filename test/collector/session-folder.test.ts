import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LOCK_NAME } from '../../collector/dump-lock.ts';
import { entryName } from '../../collector/lock-entry.ts';
import { readOwnIdentity } from '../../collector/process-identity.ts';
import { makeSessionFolder, stopRecorder, writeSessionFile } from '../../collector/session-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the folder of a session', () => {
  test('is made with what is missing above it, for nobody else to write to', () => {
    const path = join(tempFolder(), 'dumps', 'sessions', 'a');
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    makeSessionFolder(path);
    writeSessionFile(path, '{}\n');
    expect([modeOf(join(path, '..')), modeOf(path), modeOf(join(path, 'session.json'))]).toEqual([
      '750',
      '750',
      '640',
    ]);
  });

  test('is never one that is there: folder, file or link', () => {
    const root = tempFolder();
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'nowhere'), join(root, 'link'));
    for (const name of ['folder', 'file', 'link'])
      expect(() => makeSessionFolder(join(root, name)), name).toThrow(`There is a session ${name} already`);
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });

  test('is not made where others may write', () => {
    const root = tempFolder();
    chmodSync(root, 0o777);
    expect(() => makeSessionFolder(join(root, 'a'))).toThrow('other users may write to it');
    expect(readdirSync(root)).toEqual([]);
  });

  test('has its file replaced whole, and not through a link', () => {
    const root = tempFolder();
    const path = join(root, 'a');
    makeSessionFolder(path);
    writeFileSync(join(root, 'victim'), 'unchanged');
    symlinkSync(join(root, 'victim'), join(path, 'session.json'));
    writeSessionFile(path, 'new\n');
    expect(readFileSync(join(path, 'session.json'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(root, 'victim'), 'utf8')).toBe('unchanged');
    expect(readdirSync(path)).toEqual(['session.json']);
  });

  test('that is a link is not written into', () => {
    const root = tempFolder();
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'a'));
    expect(() => writeSessionFile(join(root, 'a'), 'x')).toThrow('cannot write');
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });
});

/** A lock that is held, as a collector holds it; it says that its holder is the process of these figures. */
async function holdLock(folder: string, entry: string): Promise<void> {
  mkdirSync(join(folder, LOCK_NAME), { recursive: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(join(folder, LOCK_NAME, entry), resolve));
  onTestFinished(() => void server.close());
}

/** A process of ours that would end by the signal. */
function startBystander() {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid ?? 0, hasEnded: () => child.exitCode !== null || child.signalCode !== null };
}

describe('the recorder of a session', () => {
  test('is not asked where nobody holds the lock', async () => {
    const folder = tempFolder();
    await stopRecorder(folder);
    mkdirSync(join(folder, LOCK_NAME));
    await stopRecorder(folder);
  });

  test('is not another process with its pid, nor one of another boot or container', async () => {
    const { pid, hasEnded } = startBystander();
    const { bootId } = readOwnIdentity();
    for (const entry of [
      entryName({ pid, startTicks: '1', bootId }),
      entryName({ pid, startTicks: '0', bootId }),
      entryName({ pid, startTicks: '1', bootId: '00000000-0000-0000-0000-000000000000' }),
    ]) {
      const folder = tempFolder();
      await holdLock(folder, entry);
      await expect(stopRecorder(folder)).rejects.toThrow('it runs in another container or on another host');
    }
    expect(hasEnded()).toBe(false);
  });

  test('is asked by SIGTERM where the lock names it', async () => {
    const { pid, hasEnded } = startBystander();
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const folder = tempFolder();
    await holdLock(folder, entryName({ pid, startTicks: fields[19], bootId: readOwnIdentity().bootId }));
    await stopRecorder(folder);
    await expect.poll(hasEnded).toBe(true);
  });
});
