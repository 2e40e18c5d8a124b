import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../../domain/errors.ts';
import { readSourcesFile } from './seal/sources.ts';

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error))) return [];
    throw error;
  }
}

/**
 * What the lists beside segments tell of the dumps of a UTC date: process rows by process file. A list of a segment that
 * is being replaced does no harm.
 */
export function readSealedRows(index: string, date: string): ReadonlyMap<string, number> {
  const top = join(index, 'sources');
  const folders = namesIn(top)
    .filter((name) => name.startsWith('host='))
    .map((host) => join(top, host, `date=${date}`));
  const lists = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  const sources = lists.filter((path) => path.endsWith('.json.gz')).flatMap(readSourcesFile);
  return new Map(sources.flatMap(({ file, rows }) => (rows === undefined ? [] : [[file, rows] as const])));
}
