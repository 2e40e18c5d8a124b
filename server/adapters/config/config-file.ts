import { statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WatchGroupStore } from '../../application/watch-group-store.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { WatchGroup } from '../../domain/watch-group.ts';
import { putGroup } from '../../domain/watch-group.ts';
import { openAlone } from './open-alone.ts';
import type { DecodeConfig } from './read-config.ts';
import { readConfig } from './read-config.ts';

/** The watch groups of a configuration file that a person may edit, too. */

export interface ConfigFileOptions {
  readonly file: string;
  readonly decode: DecodeConfig;
  /** Called once for each state of the file that cannot be used. */
  readonly onTrouble: (trouble: MemoryInspectorError) => void;
}

/** How often the file is looked at, at most, while somebody asks. */
const LOOK_EVERY_MS = 300;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Another text differs in at least one of these; '' where there is no file. */
function markOf(file: string): string {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found ? `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}` : '';
  } catch (error) {
    return errorCodeOf(error);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function writeWhole(handle: FileHandle, text: string): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type Change = (groups: readonly WatchGroup[]) => readonly WatchGroup[];

/** The text that the file is to hold, all else of it in its order; `null`: nothing changes. */
function changedText(file: string, decode: DecodeConfig, change: Change): string | null {
  const { value, groups } = readConfig(file, decode) ?? { value: {}, groups: [] };
  const changed = change(groups);
  return changed === groups ? null : `${JSON.stringify({ ...value, watch_groups: changed }, null, 2)}\n`;
}

/** Replaces the file at once; behind a link, the one that it leads to. */
async function changeFile({ file, decode }: ConfigFileOptions, change: Change): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const target = await realpath(file).catch(() => file);
  const temporary = `${target}.tmp`;
  const handle = await openAlone(temporary, FILE_MODE);
  try {
    const text = changedText(target, decode, change);
    await writeWhole(handle, text ?? '');
    if (text === null) return await rm(temporary);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}

function writeFailure(error: unknown, file: string): unknown {
  if (error instanceof MemoryInspectorError) return error;
  return new MemoryInspectorError('cannot_write', 'Cannot write the configuration', {
    position: { file, line: null, column: null },
    next: `The system says ${errorCodeOf(error)}.`,
    cause: error,
  });
}

/** The groups of the file as it was last good. */
function openLastGood({ file, decode, onTrouble }: ConfigFileOptions) {
  const known: { groups: readonly WatchGroup[]; trouble: MemoryInspectorError | null } = {
    groups: [],
    trouble: null,
  };
  let mark: string | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const read = () => {
    known.trouble = null;
    try {
      known.groups = readConfig(file, decode)?.groups ?? [];
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
export function openConfigFile(options: ConfigFileOptions): WatchGroupStore {
  const { look, known } = openLastGood(options);
  const apply = async (change: Change) => {
    try {
      await changeFile(options, change);
    } catch (error) {
      throw writeFailure(error, options.file);
    } finally {
      look();
    }
  };
  return {
    groups: () => known().groups,
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
