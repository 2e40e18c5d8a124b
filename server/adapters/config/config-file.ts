import { statSync } from 'node:fs';
import type { AlertRuleStore } from '../../application/alert-ports.ts';
import type { WatchGroupStore } from '../../application/watch-group-store.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { WatchGroup } from '../../domain/watch-group.ts';
import { putGroup } from '../../domain/watch-group.ts';
import type { DecodeConfig, KnownConfig } from './read-config.ts';
import { readConfig } from './read-config.ts';
import { replaceFile } from './replace-file.ts';

/** The watch groups and the rules of alerts in a configuration file that a person may edit, too. */

export interface ConfigFileOptions {
  readonly file: string;
  readonly decode: DecodeConfig;
  /** Called once for each state of the file that cannot be used. */
  readonly onTrouble: (trouble: MemoryInspectorError) => void;
}

/** How often the file is looked at, at most, while somebody asks. */
const LOOK_EVERY_MS = 300;

/** Another text differs in at least one of these; '' where there is no file. */
function markOf(file: string): string {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found ? `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}` : '';
  } catch (error) {
    return errorCodeOf(error);
  }
}

type Change = (groups: readonly WatchGroup[]) => readonly WatchGroup[];

/** The text that the file is to hold, all else of it in its order; `null`: nothing changes. */
function changedText(file: string, decode: DecodeConfig, change: Change): string | null {
  const { value, groups } = readConfig(file, decode) ?? { value: {}, groups: [] };
  const changed = change(groups);
  return changed === groups ? null : `${JSON.stringify({ ...value, watch_groups: changed }, null, 2)}\n`;
}

function writeFailure(error: unknown, file: string): unknown {
  if (error instanceof MemoryInspectorError) return error;
  return new MemoryInspectorError('cannot_write', 'Cannot write the configuration', {
    position: { file, line: null, column: null },
    next: `The system says ${errorCodeOf(error)}.`,
    cause: error,
  });
}

const NOTHING: KnownConfig = { groups: [], alertRules: null };

/** What the file said when it was last good. */
function openLastGood({ file, decode, onTrouble }: ConfigFileOptions) {
  const known: { config: KnownConfig; trouble: MemoryInspectorError | null } = {
    config: NOTHING,
    trouble: null,
  };
  let mark: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const read = () => {
    known.trouble = null;
    try {
      known.config = readConfig(file, decode) ?? NOTHING;
    } catch (error) {
      if (!(error instanceof MemoryInspectorError)) throw error;
      known.trouble = error;
      onTrouble(error);
    }
  };
  const look = () => {
    lookedAt = performance.now();
    const found = markOf(file);
    if (found === mark) return;
    mark = found;
    read();
  };
  look();
  return {
    look,
    known() {
      if (performance.now() - lookedAt >= LOOK_EVERY_MS) look();
      return known;
    },
  };
}

/** Opens a store; the file need not be there. It is looked at when somebody asks, so there is nothing to close. */
export function openConfigFile(options: ConfigFileOptions): WatchGroupStore & AlertRuleStore {
  const { look, known } = openLastGood(options);
  const apply = async (change: Change) => {
    try {
      await replaceFile(options.file, (target) => changedText(target, options.decode, change));
    } catch (error) {
      throw writeFailure(error, options.file);
    } finally {
      look();
    }
  };
  return {
    groups: () => known().config.groups,
    alertRules: () => known().config.alertRules,
    trouble: () => known().trouble,
    save: (group) => apply((groups) => putGroup(groups, group)),
    async remove(name) {
      let isThere = false;
      await apply((groups) => {
        const left = groups.filter((group) => group.name !== name);
        isThere = left.length < groups.length;
        return isThere ? left : groups;
      });
      return isThere;
    },
  };
}
