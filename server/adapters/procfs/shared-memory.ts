import type { Dirent, Stats } from 'node:fs';
import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import type { ProcFiles } from '../../../collector/sources/proc-files.ts';
import { readProcText } from '../../../collector/sources/proc-files.ts';
import type { UserNames } from '../../../collector/sources/user-names.ts';
import type {
  Largest,
  MemoryFileSystem,
  SharedFile,
  SharedMemory,
  SharedSegment,
} from '../../application/system-reading.ts';
import { escapeBytes } from '../../domain/text-notation.ts';
import type { Mount } from './mounts.ts';
import { below } from './read-text.ts';

/** Memory that belongs to no process: files in memory, System V segments, POSIX shared memory. */

/** Magic numbers of statfs(2): what is mounted there must be what was said, or the figures are of something else. */
const MEMORY_TYPES: Readonly<Record<string, number>> = {
  tmpfs: 0x01021994,
  devtmpfs: 0x01021994,
  ramfs: 0x858458f6,
  hugetlbfs: 0x958458f6,
};
const MOST_SHOWN = 50;
const MOST_FILES = 5000;
const DEEPEST = 3;
/** Bytes of a block of stat(2), whatever the file system's own are. */
const BLOCK = 512;

function largest<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Largest<Item> {
  const sorted = [...items].sort((a, b) => sizeOf(b) - sizeOf(a));
  return { items: sorted.slice(0, MOST_SHOWN), total: items.length };
}

/** ramfs counts nothing: 0 blocks are no size. */
function spaceOf({ path, type }: Mount): Pick<MemoryFileSystem, 'size_bytes' | 'used_bytes'> {
  try {
    const { type: magic, bsize, blocks, bfree } = statfsSync(path);
    if (magic === MEMORY_TYPES[type] && blocks > 0)
      return { size_bytes: blocks * bsize, used_bytes: (blocks - bfree) * bsize };
  } catch {
    // It may be out of this user's reach.
  }
  return { size_bytes: null, used_bytes: null };
}

/** Each file system once, however often it is mounted. */
function readFileSystems(mounts: readonly Mount[]): MemoryFileSystem[] {
  const inMemory = mounts.filter(({ type }) => Object.hasOwn(MEMORY_TYPES, type));
  const devices = new Map([...inMemory].reverse().map((mount) => [mount.device, mount]));
  return inMemory
    .filter((mount) => devices.get(mount.device) === mount)
    .map((mount) => ({ path: escapeBytes(mount.path), type: mount.type, ...spaceOf(mount) }))
    .sort((a, b) => (b.used_bytes ?? -1) - (a.used_bytes ?? -1));
}

/** A table with a head, as the kernel prints it; newer kernels have more columns. */
function readSegments(files: ProcFiles, users: UserNames): Largest<SharedSegment> {
  const [head = '', ...lines] = (readProcText(files, 'sysvipc/shm') ?? '').trim().split('\n');
  const names = head.trim().split(/\s+/);
  const segments = lines.map((line): SharedSegment => {
    const cells = line.trim().split(/\s+/);
    const known = (name: string) => (names.includes(name) ? Number(cells[names.indexOf(name)]) : null);
    const figure = (name: string) => known(name) ?? 0;
    return {
      id: figure('shmid'),
      size_bytes: figure('size'),
      rss_bytes: known('rss'),
      swap_bytes: known('swap'),
      creator_pid: figure('cpid'),
      last_pid: figure('lpid'),
      attached: figure('nattch'),
      user: users.nameOf(figure('uid')),
    };
  });
  return largest(segments, ({ rss_bytes, size_bytes }) => rss_bytes ?? size_bytes);
}

function statOf(path: Buffer): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

/** `into` gets the regular files below a folder. @returns whether it could be listed */
function listFiles(folder: Buffer, prefix: string, depth: number, into: [string, Stats][]): boolean {
  let entries: readonly Dirent<Buffer>[];
  try {
    entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return false;
  }
  for (const entry of entries.slice(0, MOST_FILES - into.length)) {
    const path = below(folder, entry.name);
    const name = `${prefix}${escapeBytes(entry.name)}`;
    if (entry.isDirectory() && depth < DEEPEST) listFiles(path, `${name}/`, depth + 1, into);
    const stat = entry.isFile() ? statOf(path) : null;
    if (stat) into.push([name, stat]);
  }
  return true;
}

function readShmFiles(root: string, users: UserNames): Largest<SharedFile> | null {
  const found: [string, Stats][] = [];
  if (!listFiles(Buffer.from(root), '', 0, found)) return null;
  const files = found.map(([name, { size, blocks, uid }]) => ({
    name,
    user: users.nameOf(uid),
    size_bytes: size,
    used_bytes: blocks * BLOCK,
  }));
  return largest(files, ({ used_bytes }) => used_bytes);
}

/** @param shmRoot usually `/dev/shm` */
export function readSharedMemory(
  files: ProcFiles,
  mounts: readonly Mount[],
  shmRoot: string,
  users: UserNames,
): SharedMemory {
  return {
    file_systems: readFileSystems(mounts),
    segments: readSegments(files, users),
    files: readShmFiles(shmRoot, users),
  };
}
