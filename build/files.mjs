import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Files to be written, as pairs of a path and its bytes. */

const COMPRESS_FROM_BYTES = 1024;
const TEXT_ASSET = /\.(js|css|html|svg|json|txt|webmanifest)$/;

const brotli = promisify(brotliCompress);

/** Each text of some size as .br and .gz. @param quality of Brotli */
export async function compress(files, quality) {
  const worthwhile = files.filter(
    ([name, data]) => TEXT_ASSET.test(name) && data.length > COMPRESS_FROM_BYTES,
  );
  const variants = worthwhile.map(async ([name, data]) => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    };
    const [br, gz] = await Promise.all([brotli(data, { params }), promisify(gzip)(data, { level: 9 })]);
    return [
      [`${name}.br`, br],
      [`${name}.gz`, gz],
    ];
  });
  return (await Promise.all(variants)).flat();
}

/** The files of a folder and those below it, by their paths in it. */
export async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

export async function writeFiles(folder, files) {
  for (const [name, data] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), data);
  }
}
