import { lstatSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HOUR_MS } from '../../../domain/durations.ts';
import { readAllManifests, readManifests } from '../manifests.ts';
import { SEGMENT_KINDS } from '../segment.ts';
import { encodeHost } from '../segment-paths.ts';
import type { SegmentFiles } from './segment-files.ts';
import { namesIn, ownerOfTemporary, removeEmptyFolders, removeQuietly } from './segment-files.ts';
import { removeSegments } from './write-segment.ts';

/** Removes what sealers that were killed have left: unfinished files, files without a manifest, replaced segments. */

/** Older than this is stale, whoever has its process id by now. */
const STALE_MS = HOUR_MS;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whoever has the lock has nothing unfinished yet: what has its own pid is of an earlier process. */
function isStale(path: string, owner: number): boolean {
  if (owner === process.pid || !isRunning(owner)) return true;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > STALE_MS;
}

function sweepFolder(files: SegmentFiles, folder: string, isKept: (name: string) => boolean): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const owner = ownerOfTemporary(name);
    if (owner === null ? !isKept(name) : isStale(path, owner)) removeQuietly(files, path);
  }
  removeEmptyFolders(folder);
}

function dayFolders(top: string): readonly string[] {
  return namesIn(top)
    .filter((host) => host.startsWith('host='))
    .flatMap((host) => namesIn(join(top, host)).map((date) => join(top, host, date)));
}

/** Folders that were to become the lock, of processes that are no more. */
function sweepLocks(index: string): void {
  for (const name of namesIn(index)) {
    const owner = ownerOfTemporary(name);
    if (owner !== null && !isRunning(owner)) rmSync(join(index, name), { recursive: true, force: true });
  }
}

/** Only for the process that seals, before it does. */
export async function sweepIndex(files: SegmentFiles, index: string): Promise<void> {
  const { manifests } = await readManifests(index);
  const live = new Set(manifests.map(({ host, date, id }) => `host=${encodeHost(host)}/date=${date}/${id}`));
  const all = await readAllManifests(index);
  const replaced = all.manifests.filter((one) => !manifests.some(({ id }) => id === one.id));
  removeSegments({ index, files }, replaced);
  // A manifest that cannot be read is somebody's to look at, and so are the files that it stands for.
  const unread = new Set(all.rejects.map(({ file }) => basename(file, '.json')));
  for (const kind of [...SEGMENT_KINDS, 'sources'] as const)
    for (const folder of dayFolders(join(index, kind)))
      sweepFolder(files, folder, (name) => {
        const id = name.slice(0, name.indexOf('.'));
        return unread.has(id) || live.has(`${folder.split('/').slice(-2).join('/')}/${id}`);
      });
  for (const folder of dayFolders(join(index, 'manifest'))) sweepFolder(files, folder, () => true);
  sweepFolder(files, join(index, 'sources', 'refused'), () => true);
  sweepLocks(index);
}
