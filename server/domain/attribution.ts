import { chooseSubtrees, sumSubtrees } from './subtree-choice.ts';

/** Who holds the memory of a host at an instant, and whose it was that grew since an earlier one. */

/** The processes of one sample in depth-first order; `NaN` and `null` are unknown. */
export interface PlacedProcesses {
  /** The same number at both instants is the same life. */
  readonly life: ArrayLike<number>;
  readonly level: ArrayLike<number>;
  readonly subtreeProcesses: ArrayLike<number>;
  readonly rss: ArrayLike<number>;
  readonly pss: ArrayLike<number>;
}

/** What tells the processes of the later sample apart. */
export interface ProcessNames {
  readonly executable: readonly (string | null)[];
  readonly program: readonly (string | null)[];
  readonly cgroup: readonly (string | null)[];
}

/** A process with all its descendants. Bytes. */
export interface AttributedSubtree {
  /** Row of the later sample. */
  readonly row: number;
  /** PSS where it is known, else RSS, which counts shared pages in full. */
  readonly bytes: number;
  readonly isUpperBound: boolean;
  /** `null`: there is no earlier sample. */
  readonly delta: number | null;
  readonly isNew: boolean;
}

export interface Attribution {
  /** Those that hold most. */
  readonly largest: readonly AttributedSubtree[];
  /** Those that grew most. */
  readonly grown: readonly AttributedSubtree[];
}

function weightOf({ pss, rss }: PlacedProcesses, row: number): number {
  return Number.isNaN(pss[row]) ? rss[row] : pss[row];
}

function weightsOf(processes: PlacedProcesses): Float64Array {
  return Float64Array.from(processes.rss, (_, row) => weightOf(processes, row));
}

/** Row of each row's parent, −1 for a root. */
function parentsOf({ level }: PlacedProcesses): Int32Array {
  const path: number[] = [];
  return Int32Array.from(level, (depth, row) => {
    path.length = depth;
    path.push(row);
    return depth > 0 ? path[depth - 1] : -1;
  });
}

interface Growth {
  /** Of each process of the later sample: its own, and as a whole where it is new. */
  readonly own: Float64Array;
  /** What processes held that are gone, told of the nearest ancestor that is still there. */
  readonly lost: Float64Array;
  readonly isNew: readonly boolean[];
}

/** The growth of one process, by PSS where both samples know it. */
function ownGrowth(later: PlacedProcesses, row: number, earlier: PlacedProcesses, old: number): number {
  const byPss = later.pss[row] - earlier.pss[old];
  return Number.isNaN(byPss) ? later.rss[row] - earlier.rss[old] : byPss;
}

function growthOf(later: PlacedProcesses, earlier: PlacedProcesses): Growth {
  const rowOfLife = new Map(Array.from(later.life, (life, row) => [life, row]));
  const oldRowOfLife = new Map(Array.from(earlier.life, (life, row) => [life, row]));
  const oldRow = Array.from(later.life, (life) => oldRowOfLife.get(life) ?? -1);
  const own = Float64Array.from(oldRow, (old, row) =>
    old < 0 ? weightOf(later, row) : ownGrowth(later, row, earlier, old),
  );
  const lost = new Float64Array(own.length);
  const parents = parentsOf(earlier);
  // Of each earlier process the nearest that is still there, itself included: parents come before children.
  const heirs = new Int32Array(parents.length);
  for (let old = 0; old < parents.length; old++) {
    const row = rowOfLife.get(earlier.life[old]) ?? -1;
    heirs[old] = row < 0 && parents[old] >= 0 ? heirs[parents[old]] : row;
    if (row < 0 && heirs[old] >= 0) lost[heirs[old]] += weightOf(earlier, old);
  }
  return { own, lost, isNew: oldRow.map((old) => old < 0) };
}

function noGrowth(count: number): Growth {
  return { own: new Float64Array(count), lost: new Float64Array(count), isNew: [] };
}

/** A new child may be the successor of one that has gone: then what changed is told by the parent. */
const SUCCESSION = 0.15;

function mayStandFor({ lost, isNew }: Growth, grown: Float64Array) {
  return (child: number, parent: number): boolean =>
    !(isNew[child] && lost[parent] > SUCCESSION * grown[child]);
}

function firstBy(
  subtrees: readonly AttributedSubtree[],
  size: (subtree: AttributedSubtree) => number,
  count: number,
): AttributedSubtree[] {
  return subtrees
    .filter((one) => size(one) > 0)
    .sort((a, b) => size(b) - size(a) || a.row - b.row)
    .slice(0, count);
}

/** @param earlier the earlier sample, where there is one @param count how many of each, at most */
export function attributeMemory(
  later: PlacedProcesses & ProcessNames,
  earlier: PlacedProcesses | null,
  count: number,
): Attribution {
  const { subtreeProcesses, executable, program, cgroup } = later;
  const tree = { subtreeProcesses, executable, program, cgroup };
  const weights = weightsOf(later);
  const growth = earlier ? growthOf(later, earlier) : noGrowth(weights.length);
  const guessed = Float64Array.from(weights, (_, row) =>
    Number.isNaN(later.pss[row]) && later.rss[row] > 0 ? 1 : 0,
  );
  const [bytes, guesses] = [weights, guessed].map((values) => sumSubtrees(values, subtreeProcesses));
  const net = growth.own.map((own, row) => own - growth.lost[row]);
  const deltas = sumSubtrees(net, subtreeProcesses);
  const subtreeAt = (row: number): AttributedSubtree => ({
    row,
    bytes: bytes[row],
    isUpperBound: guesses[row] > 0,
    delta: earlier && deltas[row],
    isNew: growth.isNew[row] ?? false,
  });
  const gains = growth.own.map((own) => Math.max(0, own));
  const grown = {
    ...tree,
    mass: gains,
    mayStandFor: mayStandFor(growth, sumSubtrees(gains, subtreeProcesses)),
  };
  return {
    largest: firstBy(chooseSubtrees({ ...tree, mass: weights }).map(subtreeAt), (one) => one.bytes, count),
    grown: earlier ? firstBy(chooseSubtrees(grown).map(subtreeAt), (one) => one.delta ?? 0, count) : [],
  };
}
