import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { kill } from 'node:process';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { SessionPulse } from '../server/domain/session.ts';
import { SESSION_FILE } from '../server/domain/session.ts';
import { FOLDER_MODE, nodeFileSystem } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openDumpFolder, openFolderIn, setModeOf } from './open-folder.ts';
import { isRunning } from './process-identity.ts';
import { findHolder, openToLook } from './status.ts';
import { listDays } from './stored-dumps.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';
import { guarded, guardedAsync } from './write-failure.ts';
import { writeFile } from './write-file.ts';

/** The folder of a session: made, written into, and its recorder asked to stop, as carefully as dumps are written. */

/** Opens the folder above, uses it and closes it. */
function above<Result>(path: string, use: (parent: OpenFolder, name: string) => Result): Result {
  return guarded(path, () => {
    const parent = openDumpFolder(nodeFileSystem, dirname(path));
    try {
      return use(parent, basename(path));
    } finally {
      parent.close();
    }
  });
}

function makeNew(parent: OpenFolder, name: string): void {
  try {
    nodeFileSystem.makeFolder(parent.at(name), FOLDER_MODE);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    throw new MemoryInspectorError('session_exists', `There is a session ${name} already`, {
      field: 'name',
      next: `Choose another name, or remove it: pmi session rm ${name}`,
    });
  }
}

/** Makes a folder that is not there, and what is missing above it. @throws MemoryInspectorError `session_exists`, `cannot_write`, `folder_refused` */
export function makeSessionFolder(path: string): void {
  above(path, (parent, name) => {
    makeNew(parent, name);
    const folder = openFolderIn(nodeFileSystem, parent, name);
    try {
      setModeOf(nodeFileSystem, folder.fd, nodeFileSystem.status(folder.fd), FOLDER_MODE);
      nodeFileSystem.sync(parent.fd);
    } finally {
      folder.close();
    }
  });
}

/** Replaces the session's file: whole, or not at all. @throws MemoryInspectorError `cannot_write`, `folder_refused` */
export function writeSessionFile(path: string, text: string): void {
  above(path, (parent, name) => {
    const folder = openFolderIn(nodeFileSystem, parent, name);
    try {
      writeFile(nodeFileSystem, folder, SESSION_FILE, Buffer.from(text), process.pid);
    } finally {
      folder.close();
    }
  });
}

/** The newest day's folder changes with each dump, whose last step is a rename in it. @throws MemoryInspectorError `cannot_read` */
export async function feelPulse(path: string): Promise<SessionPulse> {
  return guardedAsync(path, async () => {
    const folder = openToLook(path);
    try {
      const isHeld = (await findHolder({ folder, fileSystem: nodeFileSystem })) !== null;
      const [day] = listDays({ folder, fileSystem: nodeFileSystem, formats: [] }).slice(1).reverse();
      const status = day === undefined ? undefined : lstatSync(folder.at(day), { throwIfNoEntry: false });
      return { isHeld, written: status?.mtimeMs ?? null };
    } finally {
      folder.close();
    }
  });
}

function refused(path: string, reason: string, cause?: unknown): MemoryInspectorError {
  return new MemoryInspectorError(
    'session_state',
    `The recorder of ${basename(path)} cannot be stopped: ${reason}`,
    {
      next: 'Stop it where it was started.',
      cause,
    },
  );
}

/**
 * Sends SIGTERM to the process that holds the folder's lock, if one does: it finishes the sample in hand. The lock
 * names its pid and its start; a pid of another container, or one that was given anew, is not that process.
 * @throws MemoryInspectorError `session_state` where it is not of this host's, or not this user's
 */
export async function stopRecorder(path: string): Promise<void> {
  const held = await guardedAsync(path, async () => {
    const folder = openToLook(path);
    try {
      return await findHolder({ folder, fileSystem: nodeFileSystem });
    } finally {
      folder.close();
    }
  });
  if (!held) return;
  if (!isRunning(held.holder)) throw refused(path, 'it runs in another container or on another host');
  try {
    kill(held.holder.pid, 'SIGTERM');
  } catch (error) {
    throw refused(path, describeSystemError(error), error);
  }
}
