import { createHash } from 'node:crypto';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the segments of a dump folder are. */

/** Names with a dot in front are no dumps, days or hosts to those who list the folder. */
const BESIDE_DUMPS = '.index';
const CACHE_NAME = 'pid-memory-inspector';
const HASH_LENGTH = 16;

/** Ours to write into: others' folders, such as a recording that was copied by root, stay as they are. */
function isOurs(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).uid === process.getuid?.();
  } catch {
    return false;
  }
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/**
 * The index that is asked for; else beside the dumps; else, where that folder is not ours to write into, a folder of
 * its own in the XDG cache (XDG Base Directory Specification).
 */
export function chooseIndex(
  dumps: string,
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (asked !== undefined) return asked;
  if (isOurs(dumps)) return join(dumps, BESIDE_DUMPS);
  const cache = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  const hash = createHash('sha256').update(realPath(dumps)).digest('hex').slice(0, HASH_LENGTH);
  return join(cache, CACHE_NAME, hash);
}
