import type { DumpFolder } from '../../application/dump-ports.ts';
import type { DumpNaming } from '../../domain/dump-names.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import { isTimeZone } from '../../domain/time-zone.ts';
import type { Caps } from './caps.ts';
import { DEFAULT_CAPS } from './caps.ts';
import { openLayoutCache } from './layout-cache.ts';
import type { PairReading } from './read-pair.ts';
import { readPair } from './read-pair.ts';
import { openFolderScan } from './scan-folder.ts';
import { openSystemPlanCache } from './system-plan.ts';
import { watchFolder } from './watch-folder.ts';

export interface DumpFolderOptions {
  readonly root: string;
  /** In which stamps without `Z` are read. */
  readonly timeZone: string;
  /** How dumps are named; default as we name them. */
  readonly naming?: DumpNaming | undefined;
  /** Epoch ms; for tests. */
  readonly now?: () => number;
  readonly caps?: Partial<Caps>;
  /** What `read` gives holds until it is called again: for who takes in one sample after another. */
  readonly reuseTables?: boolean;
}

function refuseZone(timeZone: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_parameter', `There is no time zone ${JSON.stringify(timeZone)}.`, {
    field: 'tz',
    next: 'Name one as the IANA database does, such as Europe/Berlin, or UTC.',
  });
}

/**
 * A folder of dumps: flat, by day, by host, or by host and day; of either format, compressed or not.
 * @throws MemoryInspectorError `bad_parameter` for a time zone that does not exist
 */
export function openDumpFolder(options: DumpFolderOptions): DumpFolder {
  const { root, timeZone, naming, now = Date.now, caps, reuseTables = false } = options;
  if (!isTimeZone(timeZone)) throw refuseZone(timeZone);
  const allCaps = { ...DEFAULT_CAPS, ...caps };
  const scan = openFolderScan({ root, timeZone, naming, now });
  const reading: PairReading = {
    root,
    caps: allCaps,
    layouts: openLayoutCache(allCaps),
    plans: openSystemPlanCache(allCaps),
    hosts: new Map(),
    reuseTables,
    spare: null,
  };
  return {
    list: () => scan.list(),
    read: (pair) => readPair(reading, pair),
    watch: (onChange) => watchFolder(root, scan, onChange),
  };
}
