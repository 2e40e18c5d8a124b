import { join } from 'node:path';
import { formatInstant } from '../server/domain/stamp.ts';
import { displayText, escapeText } from '../server/domain/text-notation.ts';
import type { DumpFileSystem, Listener } from './dump-file-system.ts';
import { entryName, heldSince, notALock, parseEntry, putEntry, removeLockFolder } from './lock-entry.ts';
import type { OpenFolder } from './open-folder.ts';
import { makeFolderIn, openFolderIn } from './open-folder.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { systemErrorCode } from './system-error.ts';
import { lockFolderName } from './temporary-names.ts';
import { removeQuietly } from './write-file.ts';

/**
 * One collector per dump folder. Node has no flock(2), so the lock is a folder with one socket in it, on which its
 * holder listens; the socket's name says who that is.
 *
 * Taking it is one rename(2) of a folder that has our socket in it: that replaces nothing but an empty folder, so of
 * any number of contenders one succeeds. The kernel closes the socket of a process that dies, however it dies. A
 * socket that nobody answers is stale and is removed by its name, which no other process ever has: a contender that
 * is late removes nothing of a new holder. Works across PID and network namespaces, and without a clock.
 */
export const LOCK_NAME = '.collector.lock';

export interface DumpLock {
  readonly kind: 'lock';
  release(): void;
}

/** Somebody else records into the folder. */
export interface HeldLock {
  readonly kind: 'held';
  readonly pid: number;
  /** Epoch ms. */
  readonly since: number;
}

/** A folder that is to become the lock, or is it. */
interface LockFolder {
  readonly folder: OpenFolder;
  readonly entry: string;
  readonly listener: Listener | null;
}

/** Each turn but the last means that another contender has come and gone. */
const MOST_TURNS = 100;

function removeFolderQuietly(fileSystem: DumpFileSystem, path: string): void {
  try {
    fileSystem.removeFolder(path);
  } catch {
    // Another collector has already put its own there.
  }
}

function removeEntry(fileSystem: DumpFileSystem, { folder, entry, listener }: LockFolder): void {
  listener?.close();
  removeQuietly(fileSystem, folder.at(entry));
  folder.close();
}

async function prepare(
  fileSystem: DumpFileSystem,
  parent: OpenFolder,
  name: string,
  entry: string,
): Promise<LockFolder> {
  if (fileSystem.look(parent.at(name)) !== null) removeLockFolder(fileSystem, parent, name);
  const folder = makeFolderIn(fileSystem, parent, name);
  try {
    return { folder, entry, listener: await putEntry(fileSystem, folder.at(entry)) };
  } catch (error) {
    removeEntry(fileSystem, { folder, entry, listener: null });
    removeFolderQuietly(fileSystem, parent.at(name));
    throw error;
  }
}

/** @returns whether the lock was free, and is ours now */
function tryTake(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): boolean {
  try {
    fileSystem.rename(parent.at(name), parent.at(LOCK_NAME));
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error))) return false;
    if (systemErrorCode(error) === 'ENOTDIR') throw notALock(join(parent.path, LOCK_NAME));
    throw error;
  }
}

/** Who holds the lock; `null` if nobody does, and then what was stale in it is gone. */
async function findOwner(
  fileSystem: DumpFileSystem,
  lock: OpenFolder,
  own: string,
): Promise<HeldLock | null> {
  for (const entry of fileSystem.list(lock.at('.'))) {
    const { pid } = parseEntry(lock, entry);
    const since = await heldSince(fileSystem, lock, entry, own);
    if (since !== null) return { kind: 'held', pid, since };
    removeQuietly(fileSystem, lock.at(entry));
  }
  return null;
}

/** The holder may leave between our rename and our look: then there is nothing to look at. */
async function findOwnerIfAny(
  fileSystem: DumpFileSystem,
  parent: OpenFolder,
  own: string,
): Promise<HeldLock | null> {
  let lock: OpenFolder | null = null;
  try {
    lock = openFolderIn(fileSystem, parent, LOCK_NAME);
    return await findOwner(fileSystem, lock, own);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  } finally {
    lock?.close();
  }
}

/** @returns `null` when the lock is ours */
async function takeOrFindOwner(
  fileSystem: DumpFileSystem,
  parent: OpenFolder,
  name: string,
  own: string,
): Promise<HeldLock | null> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (tryTake(fileSystem, parent, name)) return null;
    const owner = await findOwnerIfAny(fileSystem, parent, own);
    if (owner) return owner;
  }
  throw notALock(join(parent.path, LOCK_NAME));
}

/**
 * Takes the lock of a dump folder, or says who has it.
 * @throws MemoryInspectorError `folder_refused` where something else has the lock's name
 */
export async function takeDumpLock(
  fileSystem: DumpFileSystem,
  parent: OpenFolder,
  self: ProcessIdentity,
): Promise<DumpLock | HeldLock> {
  const name = lockFolderName(self.pid);
  const ours = await prepare(fileSystem, parent, name, entryName(self));
  const giveUp = (place: string) => {
    removeEntry(fileSystem, ours);
    removeFolderQuietly(fileSystem, parent.at(place));
  };
  let owner: HeldLock | null;
  try {
    owner = await takeOrFindOwner(fileSystem, parent, name, ours.entry);
  } catch (error) {
    giveUp(name);
    throw error;
  }
  if (!owner) return { kind: 'lock', release: () => giveUp(LOCK_NAME) };
  giveUp(name);
  return owner;
}

/** One line for a person. */
export function describeHolder({ pid, since }: HeldLock, out: string): string {
  const when = formatInstant(Math.floor(since));
  return displayText(escapeText(`another collector holds ${out} (pid ${pid}, since ${when})`));
}
