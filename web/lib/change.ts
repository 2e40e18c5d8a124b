/** What changed between two instants, and the order that it gives. */

export interface Compared {
  readonly rss_bytes: number;
  readonly subtree_rss_bytes?: number | undefined;
  readonly base_rss_bytes?: number | null | undefined;
  readonly base_subtree_rss_bytes?: number | null | undefined;
}

export type ChangeId = 'change_rss' | 'change_subtree';

export interface Change {
  readonly bytes: number;
  /** It was not there at the instant compared with: all that it holds is growth. */
  readonly isNew: boolean;
}

/** `null`: nothing is compared. */
export function changeOf(row: Compared, id: ChangeId): Change | null {
  const now = id === 'change_rss' ? row.rss_bytes : (row.subtree_rss_bytes ?? row.rss_bytes);
  const before = id === 'change_rss' ? row.base_rss_bytes : row.base_subtree_rss_bytes;
  if (before === undefined) return null;
  return { bytes: now - (before ?? 0), isNew: before === null };
}

/** `order` in the URL: `change_rss`, and `-change_rss` for the largest growth first. */
export interface ChangeOrder {
  readonly id: ChangeId;
  readonly dir: 'asc' | 'desc';
}

export function readOrder(text: string | undefined): ChangeOrder | null {
  const id = text?.replace(/^-/, '');
  if (text === undefined || (id !== 'change_rss' && id !== 'change_subtree')) return null;
  return { id, dir: text.startsWith('-') ? 'desc' : 'asc' };
}

export function formatOrder({ id, dir }: ChangeOrder): string {
  return dir === 'desc' ? `-${id}` : id;
}

export function compareChanges({ id, dir }: ChangeOrder): (a: Compared, b: Compared) => number {
  const sign = dir === 'asc' ? 1 : -1;
  return (a, b) => sign * ((changeOf(a, id)?.bytes ?? 0) - (changeOf(b, id)?.bytes ?? 0));
}

/** From this share of RAM on a growth is marked. */
const MARKED_SHARE = 0.005;
const MARKED_BYTES = 64 * 1024 * 1024;

export function isMarked(bytes: number, memTotal: number | null): boolean {
  return bytes >= (memTotal === null ? MARKED_BYTES : memTotal * MARKED_SHARE);
}
