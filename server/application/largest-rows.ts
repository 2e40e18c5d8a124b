import { parentIndexes } from '../domain/depth-first.ts';
import { compareRows } from '../domain/row-selection.ts';
import type { ComparedRow } from './compare-base.ts';

/** A row of a part of a tree; the first level is 0. */
export type TreeRow = ComparedRow & { readonly depth: number };

/** @param rows depth first, of one tree or all roots */
export function withDepths(rows: readonly ComparedRow[]): TreeRow[] {
  return rows.map((row) => ({ ...row, depth: row.level - rows[0].level }));
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
  rows: readonly ComparedRow[],
  limit: number,
  isWanted: (row: ComparedRow) => boolean = () => true,
): TreeRow[] {
  const all = withDepths(rows);
  const parents = parentIndexes(all);
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
    out.push(all[at]);
    push(at);
  }
  return out;
}
