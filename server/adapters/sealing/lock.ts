import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';

/**
 * One process seals. Node has no flock(2), so the lock is a folder with a socket in it, on which its holder listens and
 * says its name. Taking it is one rename(2) of a folder that has our socket in it: that replaces nothing but an empty
 * folder, so of any number of contenders one succeeds. The kernel closes the socket of a process that dies, however it
 * dies; a socket that nobody answers is removed by its name, which no other process ever has.
 */
export interface SealLock {
  /** `null`: this process; else who, for people. */
  readonly holder: string | null;
  release(): void;
}

const LOCK = 'lock';
const FOLDER_MODE = 0o750;
/** Each turn but the last means that another contender has come and gone. */
const MOST_TURNS = 100;
const ANSWER_MS = 1_000;
const LONGEST_NAME = 200;
const UNANSWERED = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTDIR']);
const SOMEBODY = 'another process';

let locks = 0;

/** A socket's path has at most 107 bytes; through a folder that is open, any fits. */
function withFolder<Result>(path: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  const fd = openSync(path, 'r');
  return use(`/proc/self/fd/${fd}`).finally(() => closeSync(fd));
}

function listen(folder: string, entry: string, name: () => string): Promise<Server> {
  return withFolder(
    folder,
    (short) =>
      new Promise((resolve, reject) => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.end(`${name()} (pid ${process.pid})`);
        });
        server.unref();
        server.on('error', reject);
        server.listen(join(short, entry), () => resolve(server));
      }),
  );
}

/** @returns what the holder says of itself; `null` where nobody answers */
function ask(folder: string, entry: string): Promise<string | null> {
  return withFolder(
    folder,
    (short) =>
      new Promise((resolve) => {
        const socket = connect(join(short, entry));
        let text = '';
        const answer = (said: string | null) => {
          socket.destroy();
          resolve(said);
        };
        socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => answer(text || SOMEBODY));
        socket.on('data', (data) => {
          text = `${text}${data}`.slice(0, LONGEST_NAME);
        });
        socket.on('end', () => answer(text || SOMEBODY));
        socket.on('error', (error) => answer(UNANSWERED.has(errorCodeOf(error)) ? null : SOMEBODY));
      }),
  );
}

function quietly(use: () => void): void {
  try {
    use();
  } catch {
    // It has gone, or another contender has put its own there.
  }
}

/** @returns whether the lock was free, and is ours now */
function tryTake(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errorCodeOf(error))) return false;
    throw error;
  }
}

/** Who holds the lock; `null` if nobody does, and then what was stale in it is gone. */
async function findHolder(lock: string): Promise<string | null> {
  let entries: readonly string[] = [];
  quietly(() => {
    entries = readdirSync(lock);
  });
  for (const entry of entries) {
    const holder = await ask(lock, entry).catch(() => null);
    if (holder !== null) return holder;
    quietly(() => unlinkSync(join(lock, entry)));
  }
  return null;
}

async function takeOrFindHolder(ours: string, lock: string): Promise<string | null> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (tryTake(ours, lock)) return null;
    const holder = await findHolder(lock);
    if (holder !== null) return holder;
  }
  throw new Error('the lock changes hands without end');
}

async function take(index: string, name: () => string): Promise<SealLock> {
  mkdirSync(index, { recursive: true, mode: FOLDER_MODE });
  const lock = join(index, LOCK);
  const ours = join(index, `.${LOCK}.${++locks}.${process.pid}.tmp`);
  rmSync(ours, { recursive: true, force: true });
  mkdirSync(ours, { mode: FOLDER_MODE });
  const entry = `${process.pid}.${locks}.${Date.now()}`;
  const server = await listen(ours, entry, name);
  const leave = (folder: string) => {
    quietly(() => unlinkSync(join(folder, entry)));
    quietly(() => rmdirSync(folder));
    server.close();
  };
  try {
    const holder = await takeOrFindHolder(ours, lock);
    if (holder !== null) leave(ours);
    return { holder, release: () => holder === null && leave(lock) };
  } catch (error) {
    leave(ours);
    throw error;
  }
}

/**
 * Takes the lock of an index, or says who has it.
 * @param name what others are told when they ask
 * @throws MemoryInspectorError `cannot_write` where there can be no lock
 */
export async function takeSealLock(index: string, name: () => string): Promise<SealLock> {
  try {
    return await take(index, name);
  } catch (cause) {
    const details = { next: 'Name another folder with --index.', cause };
    throw new MemoryInspectorError(
      'cannot_write',
      `Cannot write the index ${index}: ${errorCodeOf(cause)}.`,
      details,
    );
  }
}
