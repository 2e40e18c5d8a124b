import type { ProcessRow } from '../domain/metrics.ts';
import { compareRows } from '../domain/process-filter.ts';

/** A row of a part of a tree; the first level is 0. */
export type TreeRow = ProcessRow & { readonly depth: number };

/** For each row of a depth-first list, the index of its parent; −1 for those at the top. */
function parentsOf(rows: readonly ProcessRow[]): number[] {
  const path: number[] = [];
  const top = rows[0]?.level ?? 0;
  return rows.map(({ level }, at) => {
    const depth = level - top;
    path.length = depth;
    path.push(at);
    return depth === 0 ? -1 : path[depth - 1];
  });
}

function withAncestors(chosen: readonly number[], parents: readonly number[]): ReadonlySet<number> {
  const kept = new Set<number>();
  for (const at of chosen) for (let one = at; one >= 0 && !kept.has(one); one = parents[one]) kept.add(one);
  return kept;
}

/**
 * The processes that hold most, with those above them, as a tree: the largest subtree first.
 * @param rows depth first, of one tree or all roots
 * @param isWanted which of them may be chosen
 */
export function largestRows(
  rows: readonly ProcessRow[],
  limit: number,
  isWanted: (row: ProcessRow) => boolean = () => true,
): TreeRow[] {
  const parents = parentsOf(rows);
  const bySize = compareRows('rss_bytes', 'desc');
  const wanted = [...rows.keys()].filter((at) => isWanted(rows[at]));
  const chosen = wanted.sort((a, b) => bySize(rows[a], rows[b])).slice(0, limit);
  const kept = withAncestors(chosen, parents);
  const bySubtree = compareRows('subtree_rss_bytes', 'desc');
  const children = new Map<number, number[]>();
  for (const at of kept) children.set(parents[at], [...(children.get(parents[at]) ?? []), at]);
  const out: TreeRow[] = [];
  const stack: number[] = [];
  const push = (parent: number) =>
    stack.push(...(children.get(parent) ?? []).sort((a, b) => bySubtree(rows[b], rows[a])));
  push(-1);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    out.push({ ...rows[at], depth: rows[at].level - rows[0].level });
    push(at);
  }
  return out;
}
