import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Damage } from '../../../application/dump-damage.ts';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import { sourcesPath } from '../segment-paths.ts';

/** The dumps that segments were made of, for the next sealing: never asked while somebody waits for a page. */

const FORMAT_VERSION = 1;
/** Names repeat: the lowest level makes a tenth of them, in a few milliseconds a day. */
const GZIP = { level: 1 };

/** Short, because a day has thousands; the last two are there where there is something to tell. */
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

function toCells({ file, size, mtimeMs, t, rows, damage }: SegmentSource): SourceCells {
  if (damage) return [file, size, mtimeMs, t, rows ?? null, damage];
  return rows === undefined ? [file, size, mtimeMs, t] : [file, size, mtimeMs, t, rows];
}

function parseSources(text: string): readonly SegmentSource[] {
  const { version, sources } = JSON.parse(text);
  if (version !== FORMAT_VERSION || !Array.isArray(sources)) return [];
  return sources.filter(isCells).map(toSource);
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

function formatSource(source: SegmentSource): string {
  return JSON.stringify(toCells(source));
}

/** One source a line: people look at these, with zcat. */
export function formatSources(sources: readonly SegmentSource[]): Buffer {
  const lines = sources.map(formatSource);
  return gzipSync(`{"version":${FORMAT_VERSION},"sources":[\n${lines.join(',\n')}\n]}\n`, GZIP);
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
