import { nodeSegmentFiles } from '../../server/adapters/history/seal/segment-files.ts';
import { formatDay } from '../../server/domain/stamp.ts';
import { openSealedFolder } from './seal-folder.ts';

/**
 * Seals the newest day of a dump folder, and dies as `kill -9` would before the given step of the file system, from 0.
 * Prints how many steps there were, if it lives to see the end.
 *   node killed-sealer.mjs DUMPS STEP
 */

const [dumps, dieBefore] = [process.argv[2], Number(process.argv[3])];
/** The day becomes a set of segments. */
const MOST_ROWS = 2;
let steps = 0;

const counted = Object.fromEntries(
  Object.entries(nodeSegmentFiles).map(([name, step]) => [
    name,
    (...args: readonly string[]) => {
      if (steps++ === dieBefore) process.kill(process.pid, 'SIGKILL');
      return (step as (...all: readonly string[]) => void)(...args);
    },
  ]),
) as unknown as typeof nodeSegmentFiles;

const folder = await openSealedFolder(dumps, { files: counted, mostRows: MOST_ROWS });
const pairs = await folder.pairs();
await folder.sealDay(formatDay(pairs[pairs.length - 1].stampInstant));
folder.sealing.close();
process.stdout.write(String(steps));
