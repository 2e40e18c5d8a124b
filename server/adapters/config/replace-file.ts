import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openAlone } from './open-alone.ts';

/** A small file that is replaced whole or not at all, by one writer at a time. */

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function writeWhole(handle: FileHandle, text: string): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces the file at once; behind a link, the one that it leads to.
 * @param textOf what the file at `target` is to hold; `null`: nothing changes
 */
export async function replaceFile(file: string, textOf: (target: string) => string | null): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const target = await realpath(file).catch(() => file);
  const temporary = `${target}.tmp`;
  const handle = await openAlone(temporary, FILE_MODE);
  try {
    const text = textOf(target);
    await writeWhole(handle, text ?? '');
    if (text === null) return await rm(temporary);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
