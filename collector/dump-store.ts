import type { DumpFormat } from '../server/domain/dump-format.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { HeldLock } from './dump-lock.ts';
import { takeDumpLock } from './dump-lock.ts';
import type { DumpWriter } from './dump-writer.ts';
import { openDumpWriter } from './dump-writer.ts';
import type { OpenFolder } from './open-folder.ts';
import { openDumpFolder } from './open-folder.ts';
import { readOwnIdentity } from './process-identity.ts';
import { sweepTemporaries } from './sweep-temporaries.ts';
import { guarded, guardedAsync } from './write-failure.ts';

/** A dump folder of which this process is the only collector, swept and ready to be written to. */
export interface DumpStore {
  readonly kind: 'store';
  readonly folder: OpenFolder;
  readonly writer: DumpWriter;
  /** Unfinished files of killed collectors that were removed. */
  readonly swept: number;
  /** Whether the folder was removed under us, so that another must be opened. */
  isGone(): boolean;
  /** Gives the folder to the next collector. */
  close(): void;
}

export interface DumpStoreOptions {
  readonly out: string;
  readonly format: DumpFormat;
  readonly milliseconds: boolean;
  readonly fileSystem: DumpFileSystem;
  /** Epoch ms. */
  readonly now: number;
  /** A run from cron, which sweeps only where the one before it can have been. */
  readonly once: boolean;
}

/** The days of two runs from cron, one before midnight and one after. */
const DAYS_SWEPT_ONCE = 2;

async function openLocked(folder: OpenFolder, options: DumpStoreOptions): Promise<DumpStore | HeldLock> {
  const { fileSystem, format, milliseconds, now, once } = options;
  const lock = await takeDumpLock(fileSystem, folder, readOwnIdentity());
  if (lock.kind === 'held') return lock;
  const { pid } = process;
  const days = once ? DAYS_SWEPT_ONCE : Number.POSITIVE_INFINITY;
  return {
    kind: 'store',
    folder,
    writer: openDumpWriter({ folder, format, milliseconds, fileSystem, pid }),
    swept: sweepTemporaries({ fileSystem, now, ownPid: pid, days }, folder),
    isGone: () => fileSystem.status(folder.fd).nlink === 0,
    close() {
      lock.release();
      folder.close();
    },
  };
}

/**
 * @returns who else records there, if anybody does
 * @throws MemoryInspectorError `folder_refused`, `cannot_write`
 */
export async function openDumpStore(options: DumpStoreOptions): Promise<DumpStore | HeldLock> {
  const { out, fileSystem } = options;
  const folder = guarded(out, () => openDumpFolder(fileSystem, out));
  let opened: DumpStore | HeldLock | null = null;
  try {
    opened = await guardedAsync(out, () => openLocked(folder, options));
    return opened;
  } finally {
    if (opened?.kind !== 'store') folder.close();
  }
}
