import type { Reader } from './connections.ts';
import { readNumbers } from './read-chunks.ts';

/**
 * Rows of selects of numbers, as columns: of the first half of the selects and of the second, which are read at the same
 * time where a connection is free, as one has one thread. What is empty is left out.
 */
export async function readHalves(
  { connection, beside }: Reader,
  selects: readonly string[],
  order = '',
): Promise<readonly (readonly Float64Array[])[]> {
  const half = Math.ceil(selects.length / 2);
  const union = (some: readonly string[]) => `${some.join(' UNION ALL ')} ${order}`;
  const [earlier, later] = [selects.slice(0, half), selects.slice(half)];
  return Promise.all([
    ...(earlier.length > 0 ? [readNumbers(connection, union(earlier))] : []),
    ...(later.length > 0 ? [beside((free) => readNumbers(free, union(later)))] : []),
  ]);
}
