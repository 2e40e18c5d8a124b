import { HOUR_MS } from '../server/domain/durations.ts';
import type { DumpFileSystem, FileStatus } from './dump-file-system.ts';
import { removeLockFolder } from './lock-entry.ts';
import type { OpenFolder } from './open-folder.ts';
import { openFolderIn } from './open-folder.ts';
import { isPidTaken } from './process-identity.ts';
import type { Temporary } from './temporary-names.ts';
import { parseTemporaryName } from './temporary-names.ts';

/** Removes what collectors that were killed left unfinished. Call it with the folder locked. */

const DAY = /^\d{8}$/;
/** Older than this is stale, whoever has its pid by now. */
const STALE_MS = HOUR_MS;

export interface Sweep {
  readonly fileSystem: DumpFileSystem;
  /** Epoch ms. */
  readonly now: number;
  readonly ownPid: number;
  /** How many day folders to look into, the newest first. */
  readonly days: number;
}

/** Whoever holds the lock has nothing unfinished yet: what has its own pid is of an earlier process of that pid. */
function isStale({ now, ownPid }: Sweep, { owner, kind }: Temporary, status: FileStatus): boolean {
  if (kind === 'dump' ? !status.isFile() : !status.isDirectory()) return false;
  return owner === ownPid || !isPidTaken(owner) || now - status.mtimeMs > STALE_MS;
}

/** What cannot be swept is left: it must not stop a recording. */
function quietly(sweep: () => number): number {
  try {
    return sweep();
  } catch {
    return 0;
  }
}

function sweepOne(sweep: Sweep, folder: OpenFolder, name: string): number {
  const { fileSystem } = sweep;
  const temporary = parseTemporaryName(name);
  const status = temporary && fileSystem.look(folder.at(name));
  if (!status || !isStale(sweep, temporary, status)) return 0;
  if (temporary.kind === 'lock') removeLockFolder(fileSystem, folder, name);
  else fileSystem.remove(folder.at(name));
  return 1;
}

function sweepNames(sweep: Sweep, folder: OpenFolder, names: readonly string[]): number {
  return names.reduce((removed, name) => removed + quietly(() => sweepOne(sweep, folder, name)), 0);
}

function sweepDay(sweep: Sweep, folder: OpenFolder, name: string): number {
  const day = openFolderIn(sweep.fileSystem, folder, name);
  try {
    return sweepNames(sweep, day, sweep.fileSystem.list(day.at('.')));
  } finally {
    day.close();
  }
}

/** @returns how many were removed */
export function sweepTemporaries(sweep: Sweep, folder: OpenFolder): number {
  return quietly(() => {
    const names = sweep.fileSystem.list(folder.at('.'));
    const days = names.filter((name) => DAY.test(name)).sort();
    return days
      .slice(-Math.min(sweep.days, days.length))
      .reduce(
        (removed, day) => removed + quietly(() => sweepDay(sweep, folder, day)),
        sweepNames(sweep, folder, names),
      );
  });
}
