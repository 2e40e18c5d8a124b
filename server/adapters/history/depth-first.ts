import { depthFirstOrder } from '../../domain/process-tree.ts';
import type { Cells } from './read-chunks.ts';

/**
 * Rows of one sample that are in the order of siblings, depth first.
 * @param places of the columns of the life and of its parent (−1: none) among the columns
 */
export function depthFirst(
  columns: readonly Cells[],
  places: { readonly life: number; readonly parent: number },
): Cells[] {
  const rowOf = new Map(Array.from(columns[places.life], (one, row) => [one, row]));
  const order = [...depthFirstOrder(Int32Array.from(columns[places.parent], (one) => rowOf.get(one) ?? -1))];
  return columns.map((cells) => order.map((row) => cells[row]));
}
