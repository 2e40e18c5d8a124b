import fc from 'fast-check';

/** Trees as the server sends them: depth first, the first row a root. */

export interface TreeNode {
  readonly pid: number;
  readonly depth: number;
  readonly matched: boolean;
  readonly rss_bytes: number;
  readonly subtree_rss_bytes: number;
}

const anyWish = fc.record({ depth: fc.nat(5), rss: fc.nat(1000), matched: fc.boolean() });

function withSubtrees(rows: readonly Omit<TreeNode, 'subtree_rss_bytes'>[]): TreeNode[] {
  return rows.map((row, at) => {
    const next = rows.findIndex((other, index) => index > at && other.depth <= row.depth);
    const below = rows.slice(at, next < 0 ? rows.length : next);
    return { ...row, subtree_rss_bytes: below.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0) };
  });
}

/** One root or several. */
export function anyForest({ minLength = 1, maxLength = 60 } = {}): fc.Arbitrary<TreeNode[]> {
  return fc.array(anyWish, { minLength, maxLength }).map((wishes) => {
    let depth = -1;
    const rows = wishes.map((wish, index) => {
      depth = Math.min(depth + 1, wish.depth);
      return { pid: index + 1, depth, matched: wish.matched, rss_bytes: wish.rss };
    });
    return withSubtrees(rows);
  });
}

/** Index of the parent by looking back, row by row. */
export function parentByLooking(rows: readonly { readonly depth: number }[], at: number): number {
  for (let index = at - 1; index >= 0; index--) if (rows[index].depth < rows[at].depth) return index;
  return -1;
}
