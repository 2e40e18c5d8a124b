import { DAY_MS } from '../server/domain/durations.ts';
import { isRegionDay, parseRegionFile, REGIONS_FOLDER, regionDayOf } from '../server/domain/region-files.ts';
import type { StoredDump } from '../server/domain/retention.ts';
import type { DumpFileSystem } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openFolderIn } from './open-folder.ts';
import { BLOCK } from './stored-dumps.ts';
import { systemErrorCode } from './system-error.ts';

/** Regions over time in a dump folder: a whole day of them goes where a dump of its end would. */

export interface StoredRegions extends StoredDump {
  readonly kind: 'regions';
  /** The folder in that of the regions. */
  readonly day: string;
}

/** Days that are there, kept in mind: what is past is added up once. */
export interface RegionDays {
  /** Looks which there are. */
  look(): void;
  /** Of all of them, as they were when they were looked at. */
  bytes(): number;
  oldestFirst(): readonly StoredRegions[];
  /** @throws what is thrown by node:fs */
  remove(stored: StoredRegions): void;
}

/** The last instant of a UTC day. */
function endOf(day: string): number {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)].map(Number);
  return Date.UTC(year, month - 1, date) + DAY_MS - 1;
}

/** Runs `use` on a folder in another. @returns `null` where it is not there, is a link, or is not safe */
function inFolder<Result>(
  fileSystem: DumpFileSystem,
  parent: OpenFolder,
  name: string,
  use: (folder: OpenFolder) => Result,
): Result | null {
  let folder: OpenFolder;
  try {
    folder = openFolderIn(fileSystem, parent, name);
  } catch {
    return null;
  }
  try {
    return use(folder);
  } finally {
    folder.close();
  }
}

function namesIn(fileSystem: DumpFileSystem, folder: OpenFolder): readonly string[] {
  return fileSystem.list(folder.at('.')).filter((name) => parseRegionFile(name) !== null);
}

/** On disk, of files of ours only. */
function sizeOf(fileSystem: DumpFileSystem, folder: OpenFolder): number {
  return namesIn(fileSystem, folder).reduce((sum, name) => {
    const status = fileSystem.look(folder.at(name));
    return sum + (status?.isFile() ? Math.ceil(status.size / BLOCK) * BLOCK : 0);
  }, 0);
}

/** What another has removed meanwhile is as good as removed by us. */
function removeQuietly(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error))) throw error;
  }
}

function removeDay(fileSystem: DumpFileSystem, parent: OpenFolder, day: string): void {
  inFolder(fileSystem, parent, day, (folder) => {
    for (const name of namesIn(fileSystem, folder)) removeQuietly(() => fileSystem.remove(folder.at(name)));
  });
  removeQuietly(() => fileSystem.removeFolder(parent.at(day)));
}

/** @param now the wall clock, epoch ms */
export function openRegionDays(fileSystem: DumpFileSystem, dumps: OpenFolder, now: () => number): RegionDays {
  let days = new Map<string, number>();
  return {
    look() {
      const today = regionDayOf(now());
      const read = (regions: OpenFolder) =>
        fileSystem
          .list(regions.at('.'))
          .filter(isRegionDay)
          .sort()
          .map((day): [string, number] => {
            const known = day < today ? days.get(day) : undefined;
            return [day, known ?? inFolder(fileSystem, regions, day, (one) => sizeOf(fileSystem, one)) ?? 0];
          });
      days = new Map(inFolder(fileSystem, dumps, REGIONS_FOLDER, read) ?? []);
    },
    bytes: () => [...days.values()].reduce((sum, bytes) => sum + bytes, 0),
    oldestFirst: () =>
      Array.from(days, ([day, bytes]) => ({
        kind: 'regions',
        day,
        bytes,
        t: endOf(day),
        isProtected: false,
      })),
    remove({ day }) {
      inFolder(fileSystem, dumps, REGIONS_FOLDER, (regions) => removeDay(fileSystem, regions, day));
      days.delete(day);
    },
  };
}

export function isRegions(stored: object): stored is StoredRegions {
  return 'kind' in stored && stored.kind === 'regions';
}

/** Both by age; whoever takes one may remove it before they ask for the next. */
export function* mergeByAge<Dump extends StoredDump>(
  dumps: Iterable<Dump>,
  regions: readonly StoredRegions[],
): Generator<Dump | StoredRegions> {
  let at = 0;
  for (const dump of dumps) {
    for (; at < regions.length && regions[at].t < dump.t; at++) yield regions[at];
    yield dump;
  }
  yield* regions.slice(at);
}
