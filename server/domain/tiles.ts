import { parentIndexes } from './depth-first.ts';

/** A tree of processes as tiles: each as large as its own memory, inside the tile of its parent. */

interface Node {
  readonly pid: number;
  readonly depth: number;
  readonly matched: boolean;
  readonly rss_bytes: number;
  readonly subtree_rss_bytes: number;
}

export interface Tile<T extends Node> {
  readonly id: string;
  /** `''`: an outermost tile. */
  readonly parent: string;
  readonly ownBytes: number;
  /** What lies inside, its own included. */
  readonly bytes: number;
  /** `null`: the small ones of a parent, put together. */
  readonly row: T | null;
  /** Of how many processes. */
  readonly processes: number;
}

const MOST_TILES = 400;

interface Sums {
  readonly bytes: number[];
  readonly processes: number[];
}

/** What rows hold with all that is below them here; an ancestor that only leads to matches holds nothing itself. */
function sumUp(rows: readonly Node[], parents: readonly number[]): Sums {
  const bytes = rows.map(({ matched, rss_bytes }) => (matched ? rss_bytes : 0));
  const processes = rows.map(({ matched }) => (matched ? 1 : 0));
  for (let index = rows.length - 1; index >= 0; index--) {
    const parent = parents[index];
    if (parent < 0) continue;
    bytes[parent] += bytes[index];
    processes[parent] += processes[index];
  }
  return { bytes, processes };
}

/** The rows with the largest sums: whoever is among them, its parents are. */
function largest(sums: Sums, most: number): ReadonlySet<number> {
  const bySize = sums.bytes.map((_, index) => index).sort((a, b) => sums.bytes[b] - sums.bytes[a] || a - b);
  return new Set(bySize.slice(0, most).filter((index) => sums.bytes[index] > 0));
}

/** Small ones, by the parent that they are left out of; −1: roots. */
function leftOut(parents: readonly number[], kept: ReadonlySet<number>, { bytes, processes }: Sums) {
  const rests = new Map<number, { bytes: number; processes: number }>();
  for (const [index, parent] of parents.entries()) {
    const isFirstLeftOut = !kept.has(index) && (parent < 0 || kept.has(parent));
    if (!isFirstLeftOut || bytes[index] === 0) continue;
    const rest = rests.get(parent) ?? { bytes: 0, processes: 0 };
    rests.set(parent, {
      bytes: rest.bytes + bytes[index],
      processes: rest.processes + processes[index],
    });
  }
  return rests;
}

/** At most `most` processes as tiles, and one more for each parent of smaller ones: all memory is shown once. */
export function tilesOf<T extends Node>(rows: readonly T[], most = MOST_TILES): Tile<T>[] {
  const parents = parentIndexes(rows);
  const sums = sumUp(rows, parents);
  const kept = largest(sums, most);
  const idAt = (index: number) => (index < 0 ? '' : `p${rows[index].pid}`);
  const tiles: Tile<T>[] = [...kept].map((index) => ({
    id: idAt(index),
    parent: idAt(parents[index]),
    ownBytes: rows[index].matched ? rows[index].rss_bytes : 0,
    bytes: sums.bytes[index],
    row: rows[index],
    processes: sums.processes[index],
  }));
  for (const [parent, { bytes, processes }] of leftOut(parents, kept, sums)) {
    const id = `rest${parent < 0 ? '' : rows[parent].pid}`;
    tiles.push({ id, parent: idAt(parent), ownBytes: bytes, bytes, row: null, processes });
  }
  return tiles;
}
