/**
 * Which subtrees of a process tree one would name: few, disjoint, none of them a mere container of the others. There is
 * no list of names in it; what a process is shows in how memory lies around it. From the roots down, a process stands
 * for its subtree, or it is opened and each of its children is looked at in turn. docs/design.md tells the rule.
 */
export interface ProcessForest {
  /** Rows are in depth-first order: a subtree is `row … row + subtreeProcesses[row]`. */
  readonly subtreeProcesses: ArrayLike<number>;
  /** What is asked about, of each process by itself; never below 0. */
  readonly mass: ArrayLike<number>;
  /** Program without its arguments: `postgres`. `null` is unknown. */
  readonly executable: readonly (string | null)[];
  /** With the script where that is what tells programs apart: `python3 train.py`. */
  readonly program: readonly (string | null)[];
  readonly cgroup: readonly (string | null)[];
  /** Whether the heaviest child may stand for the process. */
  readonly mayStandFor?: (child: number, parent: number) => boolean;
}

/** A child with this share of the subtree is what the subtree is about. */
const CHILD_SHARE = 0.85;
/** A process with more than this share of its subtree is no mere container. */
const OWN_SHARE = 0.25;
/** A subtree is of one program, or in one control group, where this share of it is. */
const ONE_SHARE = 0.8;
/** So few children can be told one by one. */
const FEW_CHILDREN = 3;

interface Looked extends ProcessForest {
  /** Of each subtree as a whole. */
  readonly sum: Float64Array;
}

function endOf({ subtreeProcesses }: ProcessForest, row: number): number {
  return row + subtreeProcesses[row];
}

/** Sums over subtrees, of rows in depth-first order. */
export function sumSubtrees(values: ArrayLike<number>, subtreeProcesses: ArrayLike<number>): Float64Array {
  // Before row `at` everything is summed up: a subtree is what lies between its begin and its end.
  const before = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at++) before[at + 1] = before[at] + values[at];
  return Float64Array.from(values, (_, row) => before[row + subtreeProcesses[row]] - before[row]);
}

/** Children that hold anything, heaviest first. */
function childrenOf(forest: Looked, parent: number): number[] {
  const children: number[] = [];
  for (let row = parent + 1; row < endOf(forest, parent); row = endOf(forest, row))
    if (forest.sum[row] > 0) children.push(row);
  return children.sort((a, b) => forest.sum[b] - forest.sum[a]);
}

/** Mass of a subtree's rows that a text is the same of as of `wanted`. */
function massLike(forest: Looked, root: number, texts: readonly (string | null)[]): number {
  let mass = 0;
  for (let row = root; row < endOf(forest, root); row++)
    if (texts[row] === texts[root]) mass += forest.mass[row];
  return mass;
}

/** Of a subtree the mass of the program that has most. */
function largestProgram(forest: Looked, root: number): number {
  const masses = new Map<string | null, number>();
  for (let row = root; row < endOf(forest, root); row++) {
    const program = forest.program[row];
    masses.set(program, (masses.get(program) ?? 0) + forest.mass[row]);
  }
  return Math.max(...masses.values());
}

/** Starts what is not its own: the root of a host, a service manager, a container runtime. */
function startsOthers(forest: Looked, row: number, isRoot: boolean): boolean {
  if (isRoot) return true;
  return forest.cgroup[row] !== null && massLike(forest, row, forest.cgroup) < ONE_SHARE * forest.sum[row];
}

function isOpened(forest: Looked, row: number, isRoot: boolean, children: readonly number[]): boolean {
  const sum = forest.sum[row];
  const [heaviest] = children;
  if (heaviest === undefined) return false;
  const mayStandFor = forest.mayStandFor?.(heaviest, row) ?? true;
  if (forest.sum[heaviest] >= CHILD_SHARE * sum && mayStandFor) return true;
  if (forest.mass[row] > OWN_SHARE * sum) return false;
  if (massLike(forest, row, forest.executable) >= ONE_SHARE * sum) return false;
  if (startsOthers(forest, row, isRoot)) return true;
  if (largestProgram(forest, row) >= ONE_SHARE * sum) return false;
  const few = children.slice(0, FEW_CHILDREN).reduce((total, child) => total + forest.sum[child], 0);
  return few >= ONE_SHARE * sum;
}

/** Roots of the subtrees that one would name, in order of rows: all of them, however small, but for those of no mass. */
export function chooseSubtrees(asked: ProcessForest): number[] {
  const forest: Looked = { ...asked, sum: sumSubtrees(asked.mass, asked.subtreeProcesses) };
  const chosen: number[] = [];
  const open: { readonly row: number; readonly isRoot: boolean }[] = [];
  for (let row = 0; row < forest.mass.length; row = endOf(forest, row)) open.push({ row, isRoot: true });
  for (let next = open.pop(); next; next = open.pop()) {
    const { row, isRoot } = next;
    if (!(forest.sum[row] > 0)) continue;
    const children = childrenOf(forest, row);
    if (isOpened(forest, row, isRoot, children))
      for (const child of children) open.push({ row: child, isRoot: false });
    else chosen.push(row);
  }
  return chosen.sort((a, b) => a - b);
}
