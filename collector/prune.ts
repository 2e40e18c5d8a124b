import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryInspectorError } from '../server/domain/errors.ts';
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
import { guarded } from './write-failure.ts';

/** `pmi prune`: the limits applied once to a whole folder, to the dumps of both formats. */

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

function describe({ day, names, t, bytes }: StoredPair): Omit<PrunedDump, 'reason'> {
  return { file: join(day, names[0]), t, bytes };
}

function removeEmptyDays(dumps: DumpFolder, days: ReadonlySet<string>, now: number): void {
  const today = formatStamp(now).slice(0, 'YYYYMMDD'.length);
  for (const day of days) if (day < today && listNames(dumps, day).length === 0) removeEmptyDay(dumps, day);
}

function pruneOpen(folder: OpenFolder, request: PruneRequest): PruneReport {
  const { limits, isDryRun, now, diskSpace = readDiskSpace } = request;
  const dumps: DumpFolder = { fileSystem: nodeFileSystem, folder, formats: ['v2', 'seed'] };
  const isProtected = readProtected(folder);
  const pairs = listDays(dumps)
    .flatMap((day) => readPairs(dumps, day))
    .map((pair) => ({ ...pair, isProtected: isProtected.has(pair, now) }))
    .sort((a, b) => a.t - b.t);
  const space = diskSpace(folder.at('.'));
  const bytes = pairs.reduce((sum, pair) => sum + pair.bytes, 0);
  const newest = pairs.at(-1)?.t ?? Number.NEGATIVE_INFINITY;
  const pruned: PrunedDump[] = [];
  const days = new Set<string>();
  for (const { dump, reason } of chooseRemovals(pairs, limits, { ...space, now, bytes, newest })) {
    if (!isDryRun) removePair(dumps, dump);
    days.add(dump.day);
    pruned.push({ ...describe(dump), reason });
  }
  if (!isDryRun) removeEmptyDays(dumps, days, now);
  return {
    pruned,
    dumps: pairs.length,
    bytes,
    protected: pairs.filter((pair) => pair.isProtected).length,
    space,
  };
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
