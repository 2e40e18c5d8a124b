import { PROTECTED_LIST, parseDumpName } from '../server/domain/dump-names.ts';

/** Names of what is not finished: hidden, and with the pid of its owner, so that it can be told when it is stale. */

const TEMPORARY = /^\.(.+)\.([1-9]\d{0,9})\.tmp$/;
const LOCK = 'collector.lock';

export function temporaryName(name: string, pid: number): string {
  return `.${name}.${pid}.tmp`;
}

/** A folder that is to become the lock. */
export function lockFolderName(pid: number): string {
  return temporaryName(LOCK, pid);
}

export interface Temporary {
  readonly kind: 'dump' | 'lock';
  /** The pid of its owner. */
  readonly owner: number;
}

/** `null` for every name that is not ours. */
export function parseTemporaryName(name: string): Temporary | null {
  const match = TEMPORARY.exec(name);
  if (!match) return null;
  const owner = Number(match[2]);
  if (match[1] === LOCK) return { kind: 'lock', owner };
  return match[1] === PROTECTED_LIST || parseDumpName(match[1]) ? { kind: 'dump', owner } : null;
}
