import { dirname } from 'node:path';
import { readAllManifests, segmentPath } from '../manifests.ts';
import type { SegmentManifest } from '../segment.ts';
import { SEGMENT_KINDS } from '../segment.ts';
import { manifestPath, sourcesPath } from '../segment-paths.ts';
import { refusedPath } from './refused.ts';
import type { SegmentFiles } from './segment-files.ts';
import { nodeSegmentFiles, removeEmptyFolders, removeQuietly } from './segment-files.ts';
import { countWithoutDump } from './sources.ts';
import { removeSegments } from './write-segment.ts';

export interface EraseRequest {
  /** The dump folder: what is still there can be sealed again. */
  readonly dumps: string;
  /** All hosts where it is not given. */
  readonly host?: string;
  /** Epoch ms, inclusive: segments that lie within, all of them. */
  readonly from: number;
  readonly to: number;
  /** Only tells what would go. */
  readonly dryRun?: boolean;
}

/** What is gone, or would be. */
export interface Erased {
  readonly segments: readonly SegmentManifest[];
  /** `YYYY-MM-DD`, ascending. */
  readonly days: readonly string[];
  readonly samples: number;
  readonly bytes: number;
  /** Of the samples, those that no dump is left of: they cannot be had back. */
  readonly samplesWithoutDump: number;
}

/** A set without one of its segments would not count: they go together. */
function setOf({ host, date, id, part }: SegmentManifest): string {
  return `${host}\n${date}\n${part?.set ?? id}`;
}

function removeFolders(index: string, segment: SegmentManifest): void {
  const paths = SEGMENT_KINDS.map((kind) => segmentPath(index, segment, kind));
  for (const path of [...paths, manifestPath(index, segment), sourcesPath(index, segment)])
    removeEmptyFolders(dirname(path));
}

function removeRefused(files: SegmentFiles, index: string, days: readonly string[]): void {
  for (const day of days) removeQuietly(files, refusedPath(index, day));
}

/**
 * Erases segments that lie in a stretch of time. Only for the process that has the lock: a sealer may be reading them.
 * @throws the system's error where the index cannot be read
 */
export async function eraseSegments(
  index: string,
  { dumps, host, from, to, dryRun = false }: EraseRequest,
  files: SegmentFiles = nodeSegmentFiles,
): Promise<Erased> {
  const { manifests } = await readAllManifests(index);
  const isAsked = (one: SegmentManifest) =>
    (host === undefined || one.host === host) && one.from >= from && one.to <= to;
  const kept = new Set(manifests.filter((one) => !isAsked(one)).map(setOf));
  const segments = manifests.filter((one) => isAsked(one) && !kept.has(setOf(one)));
  const replaced = new Set(segments.flatMap(({ replaces }) => replaces));
  const counted = segments.filter(({ id }) => !replaced.has(id));
  const days = [...new Set(segments.map(({ date }) => date))].sort();
  const erased: Erased = {
    segments: counted,
    days,
    samples: counted.reduce((sum, { samples }) => sum + samples, 0),
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    samplesWithoutDump: counted.reduce((sum, one) => sum + countWithoutDump(index, dumps, one), 0),
  };
  if (dryRun) return erased;
  removeSegments({ index, files }, segments);
  if (host === undefined) removeRefused(files, index, days);
  for (const segment of segments) removeFolders(index, segment);
  return erased;
}
