import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Damage } from '../../../application/dump-damage.ts';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import { sourcesPath } from '../segment-paths.ts';

/** The dumps that segments were made of, for the next sealing: never asked while somebody waits for a page. */

const FORMAT_VERSION = 2;
/** What is alike stands together, so that this level finds it in a few milliseconds a day. */
const GZIP = { level: 6 };

/** As a list of version 1 has them; the last two are there where there is something to tell. */
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
  const { version, sources, ...columns } = JSON.parse(text);
  if (version === 1) return sources.filter(isCells).map(toSource);
  return version === FORMAT_VERSION ? cellsOf(columns).filter(isCells).map(toSource) : [];
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

/** A column a line; `damage` by the place of the source. */
export function formatSources(sources: readonly SegmentSource[]): Buffer {
  const columns = {
    version: FORMAT_VERSION,
    file: sources.map(({ file }) => file),
    size: sources.map(({ size }) => size),
    mtimeMs: sources.map(({ mtimeMs }) => mtimeMs),
    t: sources.map(({ t }) => t),
    rows: sources.map(({ rows = null }) => rows),
    damage: Object.fromEntries(sources.flatMap(({ damage }, at) => (damage ? [[at, damage]] : []))),
  };
  const lines = Object.entries(columns).map(([name, column]) => `"${name}":${JSON.stringify(column)}`);
  return gzipSync(`{${lines.join(',\n')}}\n`, GZIP);
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
