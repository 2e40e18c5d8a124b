import { readFileSync } from 'node:fs';
import type { FileStatus } from './dump-file-system.ts';

/** Who may put files where we write: a folder that others can change is not one to record into. */

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

function rowsOf(path: string): readonly string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}

/**
 * Whether nobody but the user is in the group. Where each user has a group of their own (Debian, Fedora), umask is
 * 002 and every clone of this repository comes with folders that this group may write to.
 * @param etc the folder of `passwd` and `group`
 */
export function isPrivateGroup(uid: number, gid: number, etc = '/etc'): boolean {
  if (uid === ROOT) return false;
  const users = rowsOf(`${etc}/passwd`);
  const user = users.find(([, , id]) => id === String(uid))?.[0];
  const group = rowsOf(`${etc}/group`).find(([, , id]) => id === String(gid));
  if (user === undefined || group?.[0] !== user) return false;
  const primary = users.filter(([, , , id]) => id === String(gid)).map(([name]) => name);
  const members = (group[3] ?? '').split(',').filter((name) => name !== '');
  return [...primary, ...members].every((name) => name === user);
}

function othersMayWrite({ mode, uid, gid }: FileStatus, etc?: string): boolean {
  if ((mode & STICKY) !== 0) return false;
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return true;
  return (mode & WRITABLE_BY_GROUP) !== 0 && !isPrivateGroup(uid, gid, etc);
}

export interface Danger {
  readonly reason: string;
  /** One sentence: what to do. */
  readonly next: string;
}

/** Why a folder is not safe to write into, for a person; `null` where it is. */
export function dangerOf(status: FileStatus, ownUid: number, etc?: string): Danger | null {
  if (status.uid !== ownUid && status.uid !== ROOT)
    return {
      reason: `it belongs to uid ${status.uid}, and this is uid ${ownUid}`,
      next: 'Record as its owner, or name another folder with --out',
    };
  if (!othersMayWrite(status, etc)) return null;
  return {
    reason: `other users may write to it (mode ${(status.mode & 0o7777).toString(8)})`,
    next: 'Forbid it with chmod go-w, or name another folder with --out',
  };
}
