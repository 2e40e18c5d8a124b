/** Index of the parent of each row, −1 for a root. `rows`: depth first; a root's depth is 0. */
export function parentIndexes(rows: readonly { readonly depth: number }[]): number[] {
  const path: number[] = [];
  return rows.map((row, index) => {
    path.length = Math.min(path.length, row.depth);
    const parent = path[path.length - 1] ?? -1;
    path[row.depth] = index;
    return parent;
  });
}
