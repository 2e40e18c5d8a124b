import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RecordedRegions, RegionRecords } from '../../application/analysis-ports.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import { encodeMoment, MOMENT_HEADER, parseMoments } from '../../domain/region-moments.ts';

/** Regions over time: a file for each life, `regions_KEY.csv`, in a folder beside that of the dumps. */

/** `s…-812-3524058`: of process-key.ts. */
const FILE = /^regions_(s[0-9a-z]+-(\d+)-\d+)\.csv$/;
/** Of one file: a moment has some 10 KiB, so these are a week of minutes. */
const LARGEST_FILE = 128 * 1024 * 1024;

export function regionsFolderOf(dumps: string): string {
  return join(dirname(resolve(dumps)), 'regions');
}

function cannotWrite(file: string, cause: unknown): MemoryInspectorError {
  return new MemoryInspectorError('cannot_write', `Cannot write ${file}: ${errorCodeOf(cause)}`, {
    next: 'Name another folder with --dumps: regions are kept beside it.',
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

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw new MemoryInspectorError('cannot_read', 'Cannot list the recorded regions', { cause: error });
  }
}

interface FoundFile {
  readonly name: string;
  readonly key: string;
  readonly pid: number;
}

async function readLife(folder: string, { name, key, pid }: FoundFile): Promise<RecordedRegions> {
  const { moments } = parseMoments(await readFile(join(folder, name), 'utf8'));
  return { key, pid, moments };
}

export function openRegionRecords(folder: string): RegionRecords {
  return {
    async append({ key }, moment) {
      const file = join(folder, `regions_${key}.csv`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o750 });
        await appendText(file, encodeMoment(moment));
      } catch (error) {
        throw cannotWrite(file, error);
      }
    },
    async read({ pid, key }) {
      const asked = (await listFiles(folder)).flatMap((name): FoundFile[] => {
        const match = FILE.exec(name);
        const found = match && { name, key: match[1], pid: Number(match[2]) };
        return found && (key === undefined ? found.pid === pid : found.key === key) ? [found] : [];
      });
      const lives = await Promise.all(asked.map((file) => readLife(folder, file)));
      return lives
        .filter(({ moments }) => moments.length > 0)
        .sort((a, b) => (b.moments.at(-1)?.t ?? 0) - (a.moments.at(-1)?.t ?? 0));
    },
  };
}
