import { parentIndexes } from '../../server/domain/depth-first.ts';

/** A tree as the flat, depth-first list that the server sends, and what a reader sees of it. */

interface Node {
  readonly depth: number;
}

export interface TreeRow<T extends Node> {
  readonly row: T;
  /** Among its siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
  readonly isParent: boolean;
  readonly isOpen: boolean;
}

function placeAmongSiblings(parents: readonly number[]): { position: number; siblings: number }[] {
  const counts = new Map<number, number>();
  const positions = parents.map((parent) => {
    const position = (counts.get(parent) ?? 0) + 1;
    counts.set(parent, position);
    return position;
  });
  return positions.map((position, index) => ({
    position,
    siblings: counts.get(parents[index]) ?? position,
  }));
}

/** The rows that are seen when the children of closed rows are put away. */
export function visibleRows<T extends Node>(rows: readonly T[], isOpen: (row: T) => boolean): TreeRow<T>[] {
  const parents = parentIndexes(rows);
  const places = placeAmongSiblings(parents);
  const opens: boolean[] = [];
  const isSeen: boolean[] = [];
  const seen: TreeRow<T>[] = [];
  for (const [index, row] of rows.entries()) {
    const parent = parents[index];
    const isParent = (rows[index + 1]?.depth ?? -1) > row.depth;
    opens[index] = isParent && isOpen(row);
    isSeen[index] = parent < 0 || (isSeen[parent] && opens[parent]);
    if (isSeen[index]) seen.push({ row, ...places[index], isParent, isOpen: opens[index] });
  }
  return seen;
}

/** The same tree, siblings in another order; those that compare equal stay as they were. */
export function sortBranches<T extends Node>(rows: readonly T[], compare: (a: T, b: T) => number): T[] {
  const children: number[][] = rows.map(() => []);
  const roots: number[] = [];
  for (const [index, parent] of parentIndexes(rows).entries()) {
    if (parent < 0) roots.push(index);
    else children[parent].push(index);
  }
  const lastFirst = (indices: number[]) => indices.sort((a, b) => compare(rows[a], rows[b])).reverse();
  const sorted: T[] = [];
  const stack = lastFirst(roots);
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    sorted.push(rows[index]);
    stack.push(...lastFirst(children[index]));
  }
  return sorted;
}

export type TreeMove =
  | { readonly kind: 'focus'; readonly index: number }
  | { readonly kind: 'toggle'; readonly index: number }
  | { readonly kind: 'open'; readonly index: number };

const PAGE = 10;

function parentOf<T extends Node>(rows: readonly TreeRow<T>[], index: number): number {
  const { depth } = rows[index].row;
  for (let at = index - 1; at >= 0; at--) if (rows[at].row.depth < depth) return at;
  return index;
}

function sideways<T extends Node>(rows: readonly TreeRow<T>[], index: number, isRight: boolean): TreeMove {
  const { isParent, isOpen } = rows[index];
  if (isParent && isOpen !== isRight) return { kind: 'toggle', index };
  if (isRight) return { kind: 'focus', index: isParent ? index + 1 : index };
  return { kind: 'focus', index: parentOf(rows, index) };
}

/** What a key does in a treegrid whose rows take the focus (WAI-ARIA APG); `null`: nothing. */
export function moveInTree<T extends Node>(
  rows: readonly TreeRow<T>[],
  index: number,
  key: string,
): TreeMove | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + PAGE,
    PageUp: index - PAGE,
    Home: 0,
    End: rows.length - 1,
  };
  if (key in steps) return { kind: 'focus', index: Math.min(rows.length - 1, Math.max(0, steps[key])) };
  if (key === 'ArrowRight' || key === 'ArrowLeft') return sideways(rows, index, key === 'ArrowRight');
  return key === 'Enter' ? { kind: 'open', index } : null;
}
