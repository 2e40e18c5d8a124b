import { parentIndexes } from '../../server/domain/depth-first.ts';

/**
 * Which rows of a tree are open. In the URL: `812` is closed, `-812` is open, `all` closes and `none` opens whatever
 * is not named; without these two a small tree is open and a large one shows the ways to its largest processes.
 */

interface Node {
  readonly pid: number;
  readonly depth: number;
  readonly matched: boolean;
  readonly rss_bytes: number;
}

const OPEN_UP_TO = 200;
const LARGEST = 12;

export const CLOSE_ALL = 'all';
export const OPEN_ALL = 'none';

export interface Folding {
  readonly isOpen: (row: { readonly pid: number }) => boolean;
  /** The set after one more row is turned over. */
  readonly toggled: (pid: number) => ReadonlySet<string>;
}

/** Ancestors of the largest processes, and of whatever a filter found. */
function waysToLargest(rows: readonly Node[]): ReadonlySet<number> {
  const parents = parentIndexes(rows);
  const bySize = rows.map((_, index) => index).sort((a, b) => rows[b].rss_bytes - rows[a].rss_bytes);
  const open = new Set<number>();
  for (const row of rows) if (!row.matched) open.add(row.pid);
  for (const index of bySize.slice(0, LARGEST)) {
    for (let at = parents[index]; at >= 0; at = parents[at]) open.add(rows[at].pid);
  }
  return open;
}

function openAtFirst(rows: readonly Node[], folded: ReadonlySet<string>): (pid: number) => boolean {
  if (folded.has(CLOSE_ALL)) return () => false;
  if (folded.has(OPEN_ALL) || rows.length <= OPEN_UP_TO) return () => true;
  const open = waysToLargest(rows);
  return (pid) => open.has(pid);
}

export function openFolding(rows: readonly Node[], folded: ReadonlySet<string>): Folding {
  const atFirst = openAtFirst(rows, folded);
  const isOpen = (pid: number) => {
    if (folded.has(String(pid))) return false;
    return folded.has(`-${pid}`) || atFirst(pid);
  };
  return {
    isOpen: ({ pid }) => isOpen(pid),
    toggled: (pid) => {
      const next = new Set(folded);
      next.delete(String(pid));
      next.delete(`-${pid}`);
      const opens = !isOpen(pid);
      if (opens !== atFirst(pid)) next.add(opens ? `-${pid}` : String(pid));
      return next;
    },
  };
}
