import { statfsSync } from 'node:fs';
import type { DiskSpace } from '../server/domain/retention.ts';

/** Of the file system that a path is on. @throws what is thrown by node:fs */
export function readDiskSpace(path: string): DiskSpace {
  const { bsize, blocks, bavail } = statfsSync(path);
  return { total: blocks * bsize, free: bavail * bsize };
}
