import { constants } from 'node:fs';
import { relative } from 'node:path';
import { encodeCell } from '../server/domain/dump-format.ts';
import { PROTECTED_LIST } from '../server/domain/dump-names.ts';
import { formatInstant } from '../server/domain/stamp.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import { FILE_MODE } from './dump-file-system.ts';
import type { DumpPlace } from './dump-writer.ts';
import type { OpenFolder } from './open-folder.ts';
import { setModeOf } from './open-folder.ts';
import { describeSystemError, systemError } from './system-error.ts';

export const PROTECTED_COLUMNS = 'FILE,UNTIL,REASON';

export interface ProtectedDump {
  /** The system file, relative to the dump folder. */
  readonly file: string;
  /** Epoch ms. */
  readonly until: number;
  readonly reason: string;
}

/** O_NONBLOCK: a FIFO that nobody reads is an error then, and not a wait. */
const APPEND =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function encodeProtected({ file, until, reason }: ProtectedDump): string {
  return `${[file, formatInstant(until), reason].map(encodeCell).join(',')}\n`;
}

/**
 * Adds a line; with the columns' names first where there is no list yet. One write, so that a line is whole, or
 * the last and without its newline.
 * @param path of the list
 * @throws what node:fs throws
 */
export function addProtected(fileSystem: DumpFileSystem, path: string, dump: ProtectedDump): void {
  const isNew = fileSystem.look(path) === null;
  const text = `${isNew ? `${PROTECTED_COLUMNS}\n` : ''}${encodeProtected(dump)}`;
  const fd = fileSystem.open(path, APPEND, FILE_MODE);
  try {
    const status = fileSystem.status(fd);
    // A second name means that somebody has linked another file here, for us to write to.
    if (!status.isFile() || status.nlink !== 1) throw systemError('EEXIST', 'not a file of ours');
    if (isNew) setModeOf(fileSystem, fd, status, FILE_MODE);
    fileSystem.write(fd, Buffer.from(text), 0);
    fileSystem.sync(fd);
  } finally {
    fileSystem.close(fd);
  }
}

export interface Protection {
  /** Has the dump kept. Where that fails the dump itself is not lost: it is told once. */
  keep(folder: OpenFolder, dump: Pick<DumpPlace, 't' | 'systemFile'>, reason: string): void;
}

/** @param keptMs for how long; 0: not at all */
export function openProtection(
  keptMs: number,
  fileSystem: DumpFileSystem,
  log: (line: string) => void,
): Protection {
  let isTold = false;
  return {
    keep(folder, { t, systemFile }, reason) {
      if (keptMs === 0) return;
      const file = relative(folder.path, systemFile);
      try {
        addProtected(fileSystem, folder.at(PROTECTED_LIST), { file, until: t + keptMs, reason });
      } catch (error) {
        if (!isTold) log(`cannot write ${folder.path}/${PROTECTED_LIST}: ${describeSystemError(error)}`);
        isTold = true;
      }
    },
  };
}
