import type { ProcessMetricId, ProcessRow } from '../domain/metrics.ts';
import type { SortDirection } from '../domain/process-filter.ts';
import { compareRows } from '../domain/row-selection.ts';
import type { ComparedRow } from './compare-base.ts';

/** One tree or several as rows, depth first, the first row being a root: sorted, filtered, limited. */

/** `depth`: a root is 0. `matched` is false for ancestors that are shown only for their descendants. */
export type TreeRow = ComparedRow & { readonly depth: number; readonly matched: boolean };

interface TreeRequest {
  readonly limit: number;
  readonly sort: ProcessMetricId;
  readonly dir: SortDirection;
}

/** The roots, and for each row the indices of its children. */
function linksOf(rows: readonly ProcessRow[]): { roots: number[]; children: number[][] } {
  const children: number[][] = rows.map(() => []);
  const roots: number[] = [];
  const path: number[] = [];
  rows.forEach((row, at) => {
    const depth = row.level - rows[0].level;
    path.length = depth;
    (depth > 0 ? children[path[depth - 1]] : roots).push(at);
    path.push(at);
  });
  return { roots, children };
}

/** The same trees, siblings in the order asked for. */
export function sortSiblings<Row extends ProcessRow>(rows: readonly Row[], request: TreeRequest): Row[] {
  const compare = compareRows(request.sort, request.dir);
  const lastFirst = (a: number, b: number) => compare(rows[b], rows[a]);
  const { roots, children } = linksOf(rows);
  const sorted: Row[] = [];
  const stack = roots.sort(lastFirst);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    sorted.push(rows[at]);
    for (const child of children[at].sort(lastFirst)) stack.push(child);
  }
  return sorted;
}

/** The first `limit` matching rows and, unmatched, the ancestors that lead to them. */
export function keepMatches(
  rows: readonly ComparedRow[],
  { limit }: Pick<TreeRequest, 'limit'>,
  matches: (row: ComparedRow) => boolean,
) {
  const kept: TreeRow[] = [];
  const path: { readonly row: ComparedRow; readonly matched: boolean }[] = [];
  const matching: ComparedRow[] = [];
  let placed = 0;
  for (const row of rows) {
    const depth = row.level - rows[0].level;
    const matched = matches(row);
    path.length = depth;
    path.push({ row, matched });
    placed = Math.min(placed, depth);
    if (!matched) continue;
    matching.push(row);
    if (matching.length > limit) continue;
    for (; placed < path.length; placed++)
      kept.push({ ...path[placed].row, depth: placed, matched: path[placed].matched });
  }
  return { kept, matching };
}
