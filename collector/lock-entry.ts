import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { DumpFileSystem, Listener } from './dump-file-system.ts';
import { FILE_MODE, NEW_FILE } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openFolderIn } from './open-folder.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { isRunning } from './process-identity.ts';
import { systemErrorCode } from './system-error.ts';

/** What is in the folder that is the lock: a socket that its holder listens on, named after its holder. */

/** Where a file system has no sockets: the holder is looked up in /proc instead. */
const WITHOUT_SOCKETS = new Set([
  'EPERM',
  'EOPNOTSUPP',
  'ENOTSUP',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  'EINVAL',
  'ENAMETOOLONG',
]);
const ENTRY = /^([1-9]\d{0,9})\.(\d{1,20})\.(-|[0-9a-f-]{36})$/;

export function entryName({ pid, startTicks, bootId }: ProcessIdentity): string {
  return `${pid}.${startTicks}.${bootId}`;
}

/** @throws MemoryInspectorError `folder_refused` for a name that no collector has given */
export function parseEntry(folder: OpenFolder, name: string): ProcessIdentity {
  const match = ENTRY.exec(name);
  if (!match) throw notALock(folder.path);
  return { pid: Number(match[1]), startTicks: match[2], bootId: match[3] };
}

export function notALock(path: string): MemoryInspectorError {
  return new MemoryInspectorError('folder_refused', `${path} is not the lock of a collector`, {
    field: 'out',
    next: 'Look at it, and move it away',
  });
}

export async function putEntry(fileSystem: DumpFileSystem, path: string): Promise<Listener | null> {
  try {
    return await fileSystem.listen(path);
  } catch (error) {
    if (!WITHOUT_SOCKETS.has(systemErrorCode(error))) throw error;
    fileSystem.close(fileSystem.open(path, NEW_FILE, FILE_MODE));
    return null;
  }
}

/**
 * Since when (epoch ms) an entry has been held; `null` where it is stale, or not there any more.
 * @param name of the entry in `lock`
 * @param own the name of our own entry, which is not there yet
 * @throws MemoryInspectorError `folder_refused` for what is no entry
 */
export async function heldSince(
  fileSystem: DumpFileSystem,
  lock: OpenFolder,
  name: string,
  own: string,
): Promise<number | null> {
  const status = fileSystem.look(lock.at(name));
  if (status === null) return null;
  if (status.isSocket()) return (await fileSystem.isAnswered(lock.at(name))) ? status.mtimeMs : null;
  if (!status.isFile()) throw notALock(lock.path);
  return name !== own && isRunning(parseEntry(lock, name)) ? status.mtimeMs : null;
}

/** Whom a lock belongs to, and since when (epoch ms); `null`: to nobody. @throws as `heldSince` */
export async function findHeld(
  fileSystem: DumpFileSystem,
  lock: OpenFolder,
): Promise<{ readonly holder: ProcessIdentity; readonly since: number } | null> {
  for (const entry of fileSystem.list(lock.at('.'))) {
    const since = await heldSince(fileSystem, lock, entry, '');
    if (since !== null) return { holder: parseEntry(lock, entry), since };
  }
  return null;
}

/** Removes a folder of entries that never became the lock. */
export function removeLockFolder(fileSystem: DumpFileSystem, parent: OpenFolder, name: string): void {
  const folder = openFolderIn(fileSystem, parent, name);
  try {
    for (const entry of fileSystem.list(folder.at('.'))) {
      parseEntry(folder, entry);
      fileSystem.remove(folder.at(entry));
    }
  } finally {
    folder.close();
  }
  fileSystem.removeFolder(parent.at(name));
}
