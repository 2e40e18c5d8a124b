import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SegmentFiles } from '../../../../../server/adapters/history/seal/segment-files.ts';
import { nodeSegmentFiles } from '../../../../../server/adapters/history/seal/segment-files.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import { HISTORY_START, writeHistory } from '../../../../support/dump-builder.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { readSealed } from '../../../../support/sealed-index.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const TODAY = formatDay(HISTORY_START);
const PROCESSES = [{ pid: 1, rss_mb: 10, start: 1 }];

/** Every file of an index with its bytes. */
function contentOf(index: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(index, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map((one) => join(one.parentPath, one.name)).sort();
  return new Map(paths.map((path) => [path, readFileSync(path)]));
}

/** From the n-th file on, whoever writes is told by the kernel that no space is left. */
function fullFrom(first: number): { files: SegmentFiles; freeSpace(): void; made(): number } {
  let made = 0;
  let isFull = true;
  const create = (path: string) => {
    if (isFull && made++ >= first) symlinkSync('/dev/full', path);
    else nodeSegmentFiles.create(path);
  };
  return {
    files: { ...nodeSegmentFiles, create },
    freeSpace() {
      isFull = false;
    },
    made: () => made,
  };
}

/** A day that is sealed, and a dump of it that came later. @returns what its index holds */
async function sealedWithMore() {
  const folder = tempFolder();
  writeHistory(folder, [{ t: 0, processes: PROCESSES }]);
  const before = await openSealedFolder(folder);
  await before.sealDay(TODAY);
  before.sealing.close();
  const content = contentOf(before.index);
  writeHistory(folder, [{ t: 60, processes: PROCESSES }]);
  return { folder, content };
}

// Four Parquet files and the sources of each of two segments, then two manifests.
test.each(Array.from({ length: 12 }, (_, file) => file))(
  'a disk that is full from file %i on keeps what was there, says so, and recovers when there is room',
  async (file) => {
    const { folder, content } = await sealedWithMore();
    const { files, freeSpace, made } = fullFrom(file);
    const sealed = await openSealedFolder(folder, { files, mostRows: 1 });
    await expect(sealed.sealDay(TODAY)).rejects.toMatchObject({
      code: 'cannot_write',
      message: `Cannot write the index ${sealed.index}: no space is left.`,
      next: expect.stringContaining('Free some space'),
    });
    expect(made()).toBe(file + 1);
    expect(contentOf(sealed.index)).toEqual(content);
    freeSpace();
    await sealed.sealDay(TODAY);
    sealed.sealing.close();
    expect((await readSealed(sealed.index)).map(({ manifest }) => manifest.samples)).toEqual([1, 1]);
  },
);

// What a network file system or a quota says only when a file is to be on disk, while the next one is written.
test.each([0, 3])(
  'a disk that says so only when file %i is to be on it keeps what was there',
  async (file) => {
    const { folder, content } = await sealedWithMore();
    let synced = 0;
    const sync = (path: string) =>
      synced++ === file ? Promise.reject(new Error('ENOSPC: no space left')) : nodeSegmentFiles.sync(path);
    const sealed = await openSealedFolder(folder, { files: { ...nodeSegmentFiles, sync } });
    await expect(sealed.sealDay(TODAY)).rejects.toMatchObject({ code: 'cannot_write' });
    expect(contentOf(sealed.index)).toEqual(content);
    await sealed.sealDay(TODAY);
    sealed.sealing.close();
    expect((await readSealed(sealed.index)).map(({ manifest }) => manifest.samples)).toEqual([2]);
  },
);
