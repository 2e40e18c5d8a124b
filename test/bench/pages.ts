import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { History } from '../../server/application/ports.ts';
import { viewLevel } from '../../server/application/view-level.ts';
import { viewOverview } from '../../server/application/view-overview.ts';
import { viewPlot } from '../../server/application/view-plot.ts';
import { viewSubtree } from '../../server/application/view-subtree.ts';
import { DUMP_PREFIX } from '../../server/domain/dump-names.ts';
import { DEFAULT_SORT } from '../../server/domain/process-filter.ts';
import type { Measured } from './measure.ts';
import { wallMs } from './measure.ts';

const REQUEST = { ...DEFAULT_SORT, window: 'upto', limit: 100 } as const;
const TIMES = 15;

function parseFiles(folder: string, prefix: string, most = Number.POSITIVE_INFINITY): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes(prefix))
    .slice(0, most);
  return files.reduce((rows, name) => rows + parse(readFileSync(join(folder, name))).length, 0);
}

/** What each page asks for, as JSON text, beside reading with csv-parse the files that it is made from, as a script would. */
export async function benchPages(history: History, folder: string): Promise<Measured[]> {
  const oneFile = () => parseFiles(folder, DUMP_PREFIX.process, 1);
  const allOf = (prefix: string) => () => parseFiles(folder, prefix);
  const pages = [
    [
      'overview',
      () => viewOverview(history, { px: 1200 }, 'UTC'),
      'csv-parse, all system files',
      allOf(DUMP_PREFIX.system),
    ],
    [
      'level 1',
      () => viewLevel(history, { ...REQUEST, lvl: 1 }, 'UTC'),
      'csv-parse, one process file',
      oneFile,
    ],
    [
      'subtree of pid 1',
      () => viewSubtree(history, { ...REQUEST, pid: 1 }, 'UTC'),
      'csv-parse, one process file',
      oneFile,
    ],
    [
      'plot of pid 1',
      () => viewPlot(history, { pid: 1, px: 1200 }, 'UTC'),
      'csv-parse, all process files',
      allOf(DUMP_PREFIX.process),
    ],
  ] as const;
  const measured: Measured[] = [];
  for (const [what, view, peer, read] of pages) {
    const ours = await wallMs(TIMES, async () => JSON.stringify(await view()));
    const theirs = await wallMs(1, read);
    measured.push({ what, ours, peer, theirs, unit: 'ms' });
  }
  return measured;
}
