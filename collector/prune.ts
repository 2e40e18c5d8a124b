import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import { REGIONS_FOLDER } from '../server/domain/region-files.ts';
import type { DiskSpace, PrunedDump, PruneReport, RetentionLimits } from '../server/domain/retention.ts';
import { chooseRemovals } from '../server/domain/retention.ts';
import { formatStamp } from '../server/domain/stamp.ts';
import { readDiskSpace } from './disk-space.ts';
import { nodeFileSystem } from './dump-file-system.ts';
import type { OpenFolder } from './open-folder.ts';
import { openDumpFolder } from './open-folder.ts';
import { readProtected } from './protected-dumps.ts';
import type { DumpFolder, StoredPair } from './stored-dumps.ts';
import { listDays, listNames, readPairs, removeEmptyDay, removePair } from './stored-dumps.ts';
import type { RegionDays, StoredRegions } from './stored-regions.ts';
import { isRegions, mergeByAge, openRegionDays } from './stored-regions.ts';
import { guarded } from './write-failure.ts';

/** `pmi prune`: the limits applied once to a whole folder, to the dumps of both formats and the regions beside them. */

export interface PruneRequest {
  readonly dumps: string;
  readonly limits: RetentionLimits;
  /** Only tell what would go. */
  readonly isDryRun: boolean;
  /** Epoch ms. */
  readonly now: number;
  readonly diskSpace?: (path: string) => DiskSpace;
}

function assertFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) return;
  throw new MemoryInspectorError('cannot_read', `there is no folder ${path}`, {
    field: 'dumps',
    next: 'Name the folder of dumps with --dumps',
  });
}

function describe(stored: StoredPair | StoredRegions): Omit<PrunedDump, 'reason'> {
  const { t, bytes } = stored;
  return isRegions(stored)
    ? { kind: 'regions', file: join(REGIONS_FOLDER, stored.day), t, bytes }
    : { kind: 'dump', file: join(stored.day, stored.names[0]), t, bytes };
}

function removeEmptyDays(dumps: DumpFolder, days: ReadonlySet<string>, now: number): void {
  const today = formatStamp(now).slice(0, 'YYYYMMDD'.length);
  for (const day of days) if (day < today && listNames(dumps, day).length === 0) removeEmptyDay(dumps, day);
}

const NEVER = Number.NEGATIVE_INFINITY;

/** By age; the newest dump is not to go, nor those that are protected. */
function readStored(dumps: DumpFolder, now: number) {
  const list = readProtected(dumps.folder);
  const pairs = listDays(dumps)
    .flatMap((day) => readPairs(dumps, day))
    .map((pair) => ({ ...pair, isProtected: list.has(pair, now) }))
    .sort((a, b) => a.t - b.t);
  const regionDays = openRegionDays(nodeFileSystem, dumps.folder, () => now);
  regionDays.look();
  const regions = regionDays.oldestFirst();
  const last = pairs.length - 1;
  return {
    regionDays,
    all: mergeByAge(
      pairs.map((pair, at) => (at < last ? pair : { ...pair, isProtected: true })),
      regions,
    ),
    newest: Math.max(pairs[last]?.t ?? NEVER, regions.at(-1)?.t ?? NEVER),
    dumps: pairs.length,
    protected: pairs.filter((pair) => pair.isProtected).length,
    bytes: pairs.reduce((sum, pair) => sum + pair.bytes, regionDays.bytes()),
  };
}

function removeStored(dumps: DumpFolder, regionDays: RegionDays, stored: StoredPair | StoredRegions): void {
  if (isRegions(stored)) regionDays.remove(stored);
  else removePair(dumps, stored);
}

function pruneOpen(folder: OpenFolder, request: PruneRequest): PruneReport {
  const { limits, isDryRun, now, diskSpace = readDiskSpace } = request;
  const dumps: DumpFolder = { fileSystem: nodeFileSystem, folder, formats: ['v2', 'seed'] };
  const { regionDays, all, newest, ...counts } = readStored(dumps, now);
  const space = diskSpace(folder.at('.'));
  const pruned: PrunedDump[] = [];
  const days = new Set<string>();
  for (const { dump, reason } of chooseRemovals(all, limits, {
    ...space,
    now,
    bytes: counts.bytes,
    newest,
  })) {
    if (!isDryRun) removeStored(dumps, regionDays, dump);
    if (!isRegions(dump)) days.add(dump.day);
    pruned.push({ ...describe(dump), reason });
  }
  if (!isDryRun) removeEmptyDays(dumps, days, now);
  return { pruned, ...counts, space };
}

/** @throws MemoryInspectorError `cannot_read`, `cannot_write`, `folder_refused` */
export function pruneFolder(request: PruneRequest): PruneReport {
  assertFolder(request.dumps);
  const folder = guarded(request.dumps, () => openDumpFolder(nodeFileSystem, request.dumps));
  try {
    return guarded(request.dumps, () => pruneOpen(folder, request));
  } finally {
    folder.close();
  }
}
