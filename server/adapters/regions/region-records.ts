import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedRegions, RegionRecords } from '../../application/analysis-ports.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import {
  isRegionDay,
  parseRegionFile,
  REGIONS_FOLDER,
  regionDayOf,
  regionFileOf,
} from '../../domain/region-files.ts';
import type { RegionMoment } from '../../domain/region-moments.ts';
import { encodeMoment, MOMENT_HEADER, parseMoments } from '../../domain/region-moments.ts';

/** Regions over time, as files in a dump folder. */

/** Of one life and day: a moment has some 10 KiB, so this is one every 10 s. */
const LARGEST_FILE = 128 * 1024 * 1024;

function cannotWrite(file: string, cause: unknown): MemoryInspectorError {
  return new MemoryInspectorError('cannot_write', `Cannot write ${file}: ${errorCodeOf(cause)}`, {
    next: 'Name another folder with --dumps: regions are kept in it.',
    cause,
  });
}

/** One write at the end of the file: another reader sees a moment whole, or without its total. */
async function appendText(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o640);
  try {
    const { size } = await handle.stat();
    if (size + text.length > LARGEST_FILE) throw Object.assign(new Error('full'), { code: 'EFBIG' });
    await handle.appendFile(size === 0 ? MOMENT_HEADER + text : text);
  } finally {
    await handle.close();
  }
}

/** None where there is no such folder. */
async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw new MemoryInspectorError('cannot_read', 'Cannot list the recorded regions', { cause: error });
  }
}

/** A file that retention removes meanwhile holds nothing. */
async function readMoments(file: string): Promise<readonly RegionMoment[]> {
  try {
    return parseMoments(await readFile(file, 'utf8')).moments;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw new MemoryInspectorError('cannot_read', 'Cannot read the recorded regions', { cause: error });
  }
}

type Asked = Parameters<RegionRecords['read']>[0];

interface FoundLife {
  readonly key: string;
  readonly pid: number;
  readonly files: readonly string[];
}

/** Of one day, those that are asked for. */
async function filesOf(folder: string, day: string, { pid, key }: Asked): Promise<readonly FoundLife[]> {
  const names = await listNames(join(folder, day));
  return names.flatMap((name) => {
    const found = parseRegionFile(name);
    const isAsked = key === undefined ? found?.pid === pid : found?.key === key;
    return found && isAsked ? [{ ...found, files: [join(folder, day, name)] }] : [];
  });
}

/** With their files, the oldest day first. */
async function findLives(folder: string, asked: Asked): Promise<readonly FoundLife[]> {
  const days = (await listNames(folder)).filter(isRegionDay).sort();
  const found = (await Promise.all(days.map((day) => filesOf(folder, day, asked)))).flat();
  const lives = new Map<string, FoundLife>();
  for (const one of found)
    lives.set(one.key, { ...one, files: [...(lives.get(one.key)?.files ?? []), ...one.files] });
  return [...lives.values()];
}

/** @param dumps the dump folder; what is missing of it is made with the first moment */
export function openRegionRecords(dumps: string): RegionRecords {
  const folder = join(dumps, REGIONS_FOLDER);
  return {
    async append({ key }, moment) {
      const day = join(folder, regionDayOf(moment.t));
      const file = join(day, regionFileOf(key));
      try {
        await mkdir(day, { recursive: true, mode: 0o750 });
        await appendText(file, encodeMoment(moment));
      } catch (error) {
        throw cannotWrite(file, error);
      }
    },
    async read(asked) {
      const lives: RecordedRegions[] = [];
      for (const { key, pid, files } of await findLives(folder, asked)) {
        const moments = (await Promise.all(files.map(readMoments))).flat();
        if (moments.length > 0) lives.push({ key, pid, moments });
      }
      return lives.sort((a, b) => (b.moments.at(-1)?.t ?? 0) - (a.moments.at(-1)?.t ?? 0));
    },
  };
}
