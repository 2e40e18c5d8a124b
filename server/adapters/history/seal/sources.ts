import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Damage } from '../../../application/dump-damage.ts';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import { sourcesPath } from '../segment-paths.ts';
import { packSources, unpackSources } from './packed-sources.ts';

/** The dumps that segments were made of, for the next sealing: never asked while somebody waits for a page. */

const FORMAT_VERSION = 3;
/** What is alike stands together, so that this level finds it in a few milliseconds a day. */
const GZIP = { level: 6 };

/** As lists of versions 1 and 2 have them; the last two are there where there is something to tell. */
type SourceCells = readonly [
  file: string,
  size: number,
  mtimeMs: number,
  t: number | null,
  rows?: number | null,
  damage?: Damage,
];

function isCells(value: unknown): value is SourceCells {
  if (!Array.isArray(value)) return false;
  const [file, size, mtimeMs, t] = value;
  return (
    typeof file === 'string' &&
    typeof size === 'number' &&
    typeof mtimeMs === 'number' &&
    (t === null || typeof t === 'number')
  );
}

function toSource([file, size, mtimeMs, t, rows = null, damage]: SourceCells): SegmentSource {
  const source = rows === null ? { file, size, mtimeMs, t } : { file, size, mtimeMs, t, rows };
  return damage ? { ...source, damage } : source;
}

/** @throws TypeError where a column is missing */
function cellsOf({ file, size, mtimeMs, t, rows, damage }: Readonly<Record<string, unknown[]>>): unknown[] {
  return file.map((name, at) => [name, size[at], mtimeMs[at], t[at], rows[at], damage[at]]);
}

function parseSources(text: string): readonly SegmentSource[] {
  const { version, sources, lists, ...columns } = JSON.parse(text);
  if (version === 1) return sources.filter(isCells).map(toSource);
  if (version === 2) return cellsOf(columns).filter(isCells).map(toSource);
  return version === FORMAT_VERSION ? lists.flatMap(unpackSources) : [];
}

/** What cannot be read counts as nothing: then all dumps of the day are new, and it is sealed again. */
export function readSourcesFile(path: string): readonly SegmentSource[] {
  try {
    return parseSources(gunzipSync(readFileSync(path)).toString());
  } catch {
    return [];
  }
}

export function readSources(index: string, manifest: SegmentManifest): readonly SegmentSource[] {
  return readSourcesFile(sourcesPath(index, manifest));
}

/** A list a line, each of the files that are named alike. */
export function formatSources(sources: readonly SegmentSource[]): Buffer {
  const lists = packSources(sources).map((list) => JSON.stringify(list));
  return gzipSync(`{"version":${FORMAT_VERSION},"lists":[${lists.join(',\n')}]}\n`, GZIP);
}

/** Whether a file is as it was when it was read; a list has whole milliseconds of its mtime. */
export function isUnchanged(
  source: Pick<SegmentSource, 'size' | 'mtimeMs'>,
  stats: Pick<SegmentSource, 'size' | 'mtimeMs'>,
): boolean {
  return stats.size === source.size && Math.floor(stats.mtimeMs) === Math.floor(source.mtimeMs);
}

function isThere(dumps: string, file: string): boolean {
  try {
    return lstatSync(join(dumps, file), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Samples of a segment that no dump is left of: they are in it alone. */
export function countWithoutDump(index: string, dumps: string, segment: SegmentManifest): number {
  const kept = new Set<number | null>([null]);
  for (const { file, t } of readSources(index, segment))
    if (!kept.has(t) && isThere(dumps, file)) kept.add(t);
  return segment.samples - (kept.size - 1);
}
