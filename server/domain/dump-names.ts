import type { DumpFormat } from './dump-format.ts';
import type { Stamp } from './stamp.ts';
import { parseStamp } from './stamp.ts';

/** How the files of dumps are named. */

export type DumpRole = 'process' | 'system';

export const DUMP_PREFIX: Readonly<Record<DumpRole, string>> = {
  process: 'process_mem_',
  system: 'sys_mem_',
};

/** Beside the day folders: the dumps that retention keeps for longer than others. */
export const PROTECTED_LIST = 'protected.csv';

/** How the files of a dump are named; `*` stands for the stamp. */
export type DumpNaming = Readonly<Record<DumpRole, string>>;

export const DUMP_NAMING: DumpNaming = {
  process: `${DUMP_PREFIX.process}*.csv`,
  system: `${DUMP_PREFIX.system}*.csv`,
};

const STAMP_IN_NAME = '\\d{8}_\\d{6}(?:_\\d{3})?Z?';

/** A name that is like a dump's; whether there is such a day and time, its stamp tells. */
export interface DumpNameParts {
  readonly role: DumpRole;
  /** The stamp as it stands in the name: the two files of a pair share it. */
  readonly stampText: string;
  readonly compressed: boolean;
}

export interface DumpName extends DumpNameParts {
  readonly stamp: Stamp;
}

/** `null`: a foreign file. */
export type SplitDumpName = (name: string) => DumpNameParts | null;

/** Whether a text names files with a stamp in them: one `*`, nothing else that a shell would expand, no folder. */
export function isDumpPattern(text: string): boolean {
  return /^[^*?[\]{}/\\]*\*[^*?[\]{}/\\]*$/.test(text);
}

function nameExpression(pattern: string): RegExp {
  const [before, after] = pattern.split('*').map((part) => part.replace(/[.+^$()|]/g, '\\$&'));
  return new RegExp(`^${before}(${STAMP_IN_NAME})${after}(\\.gz)?$`);
}

/** @param naming patterns for which `isDumpPattern` holds, not the same for both */
export function openDumpNames(naming: DumpNaming = DUMP_NAMING): SplitDumpName {
  const expressions = (['process', 'system'] as const).map(
    (role) => [role, nameExpression(naming[role])] as const,
  );
  return (name) => {
    for (const [role, expression] of expressions) {
      const match = expression.exec(name);
      if (match) return { role, stampText: match[1], compressed: match[2] !== undefined };
    }
    return null;
  };
}

const splitOwnName = openDumpNames();

/** The name of a file as we write it → what it holds; `null` for a foreign file or a day that does not exist. */
export function parseDumpName(name: string): DumpName | null {
  const parts = splitOwnName(name);
  const stamp = parts && parseStamp(parts.stampText);
  return stamp ? { ...parts, stamp } : null;
}

const ANY_STAMP = new RegExp(STAMP_IN_NAME);

/** The format that a dump's name tells, in whatever folder, whatever stands around its stamp: ours is of UTC. */
export function formatByName(path: string): DumpFormat {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return ANY_STAMP.exec(name)?.[0].endsWith('Z') ? 'v2' : 'seed';
}

export function dumpFileName(role: DumpRole, stampText: string): string {
  return `${DUMP_PREFIX[role]}${stampText}.csv`;
}
