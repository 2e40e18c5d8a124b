import { dirname, join } from 'node:path';
import type { Stretch } from '../../../application/sealing-ports.ts';
import type { SegmentSource } from '../segment.ts';
import { cannotWrite, putFile, removeEmptyFolders, removeQuietly } from './segment-files.ts';
import { formatSources, readSourcesFile } from './sources.ts';
import type { SegmentWriter } from './write-segment.ts';

/** The dumps of a day that gave no sample, of whatever host: they are not tried again until they change. */

export function refusedPath(index: string, date: string): string {
  return join(index, 'sources', 'refused', `${date}.json.gz`);
}

export function readRefused(index: string, date: string): readonly SegmentSource[] {
  return readSourcesFile(refusedPath(index, date));
}

/** @param files all that were looked at, `refused` those of them that gave nothing */
export async function writeRefused(
  { index, files: system }: Pick<SegmentWriter, 'index' | 'files'>,
  { date, isWholeDay }: Stretch,
  files: ReadonlySet<string>,
  refused: readonly SegmentSource[],
): Promise<void> {
  const known = readRefused(index, date);
  const others = isWholeDay ? [] : known.filter(({ file }) => !files.has(file));
  const sources = [...others, ...refused];
  if (sources.length === 0 && known.length === 0) return;
  const path = refusedPath(index, date);
  if (sources.length === 0) {
    removeQuietly(system, path);
    removeEmptyFolders(dirname(path));
    return;
  }
  try {
    await putFile(system, path, formatSources(sources));
  } catch (error) {
    throw cannotWrite(index, error);
  }
}
