import type { FileHandle } from 'node:fs/promises';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';

/** A temporary file that only one writer can have at a time, in whatever process: whoever makes it may replace the file. */

/** A writer needs some ms; one that has left its file longer than this has been killed. */
const ABANDONED_MS = 10_000;
const PATIENCE_MS = 3000;
const PAUSE_MS = 15;

async function removeAbandoned(file: string, now: number): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found && now - found.mtimeMs > ABANDONED_MS) await rm(file, { force: true });
}

/** @throws MemoryInspectorError `busy` where another writer does not finish; what `open` throws */
export async function openAlone(file: string, mode: number): Promise<FileHandle> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await open(file, 'wx', mode);
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
      if (Date.now() > end)
        throw new MemoryInspectorError('busy', 'Another program is changing the same file', {
          next: 'Try again.',
          cause: error,
        });
      await removeAbandoned(file, Date.now());
      await sleep(PAUSE_MS);
    }
  }
}
