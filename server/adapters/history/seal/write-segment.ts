import { randomBytes } from 'node:crypto';
import type { WeakProcess } from '../../../domain/process-lives.ts';
import { segmentPath } from '../manifests.ts';
import type { SegmentKind, SegmentManifest, SegmentSource } from '../segment.ts';
import { SEGMENT_KINDS } from '../segment.ts';
import type { SegmentName } from '../segment-paths.ts';
import { manifestPath, sourcesPath } from '../segment-paths.ts';
import { isSmall } from './file-order.ts';
import { openSegmentTables } from './segment-columns.ts';
import { cannotWrite, putFile, putFiles, removeQuietly, sizeOf } from './segment-files.ts';
import type { SortedDay } from './sort-day.ts';
import { formatSources } from './sources.ts';
import type { TableWriter } from './write-table.ts';
import { writeTable } from './write-table.ts';

/** Where segments are written, and with what. */
export interface SegmentWriter extends TableWriter {
  readonly index: string;
}

export interface NewSegment {
  readonly date: string;
  readonly sorted: SortedDay;
  readonly sources: readonly SegmentSource[];
  readonly weak: readonly WeakProcess[];
  /** For its manifest, see there. */
  readonly around: Pick<SegmentManifest, 'first' | 'last' | 'context' | 'part'>;
}

function timeOfDay(t: number): string {
  return new Date(t).toISOString().slice(11, 23).replace(/\D/g, '');
}

export function newSegmentId(from: number, to: number): string {
  return `${timeOfDay(from)}-${timeOfDay(to)}-${randomBytes(4).toString('hex')}`;
}

async function writeFiles(writer: SegmentWriter, name: SegmentName, segment: NewSegment): Promise<number> {
  const { index, files } = writer;
  const { sorted } = segment;
  const tables = openSegmentTables(sorted);
  const kindOf = new Map<string, SegmentKind>(
    SEGMENT_KINDS.map((kind) => [segmentPath(index, name, kind), kind]),
  );
  const sources = sourcesPath(index, name);
  await putFiles(files, [...kindOf.keys(), sources], (path, temporary) => {
    const kind = kindOf.get(path);
    const samples = kind === 'processes' ? sorted.samples.length : 0;
    const shape = { samples, isSmall: isSmall(sorted.day.rows.count) };
    if (kind) return writeTable(writer, tables[kind](), shape, temporary);
    return files.write(temporary, formatSources(segment.sources));
  });
  return [...kindOf.keys(), sources].reduce((total, path) => total + sizeOf(path), 0);
}

/** Takes segments away: the manifest first, so that no reader looks for files that have gone. */
export function removeSegments(
  { index, files }: Pick<SegmentWriter, 'index' | 'files'>,
  segments: readonly SegmentName[],
): void {
  for (const name of segments) removeQuietly(files, manifestPath(index, name));
  for (const name of segments) {
    for (const kind of SEGMENT_KINDS) removeQuietly(files, segmentPath(index, name, kind));
    removeQuietly(files, sourcesPath(index, name));
  }
}

/**
 * Writes the files of a segment. It does not count before it is committed.
 * @throws MemoryInspectorError `cannot_write`; then nothing of it is left
 */
export async function writeSegment(writer: SegmentWriter, segment: NewSegment): Promise<SegmentManifest> {
  const { index } = writer;
  const { sorted, date } = segment;
  const { host } = sorted.day;
  const from = sorted.samples[0].system.t;
  const to = sorted.samples[sorted.samples.length - 1].system.t;
  const name: SegmentName = { id: newSegmentId(from, to), host, date };
  try {
    const bytes = await writeFiles(writer, name, segment);
    return {
      version: 5,
      ...name,
      from,
      to,
      samples: sorted.samples.length,
      rows: sorted.day.rows.count,
      lives: sorted.lives.length,
      bytes,
      replaces: [],
      sealedAt: new Date().toISOString(),
      weak: segment.weak,
      ...segment.around,
    };
  } catch (error) {
    removeSegments(writer, [name]);
    throw cannotWrite(index, error);
  }
}

function inSet(written: readonly SegmentManifest[]): readonly SegmentManifest[] {
  if (written.length === 1) return written;
  const set = randomBytes(8).toString('hex');
  return written.map((one, place) => ({ ...one, part: { set, place, of: written.length } }));
}

/**
 * Makes written segments of one host and date count, all at once, in the place of others.
 * @throws MemoryInspectorError `cannot_write`; then nothing of them is left, and the others are as they were
 */
export async function commitSegments(
  writer: SegmentWriter,
  written: readonly SegmentManifest[],
  replaced: readonly SegmentManifest[],
): Promise<void> {
  const { index, files } = writer;
  const replaces = replaced.map(({ id }) => id);
  try {
    for (const one of inSet(written)) {
      const text = `${JSON.stringify({ ...one, replaces })}\n`;
      await putFile(files, manifestPath(index, one), Buffer.from(text));
    }
  } catch (error) {
    removeSegments(writer, written);
    throw cannotWrite(index, error);
  }
  removeSegments(writer, replaced);
}
