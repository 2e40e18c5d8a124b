/**
 * The parent links of one sample: level and subtree sums, computed once, at ingest; depth-first order, when it is read.
 * Linear in the number of processes; no recursion, because a hostile sample may hold one long chain.
 */
export interface ProcessLinks {
  readonly pid: Float64Array;
  readonly ppid: Float64Array;
  /** `NaN` where unknown. */
  readonly startTicks: Float64Array;
  readonly rss: Float64Array;
}

export interface ProcessTree {
  /** Row of the parent, −1 for a root. */
  readonly parent: Int32Array;
  /** 0 for a root. */
  readonly level: Int32Array;
  readonly subtreeProcesses: Int32Array;
  readonly subtreeRss: Float64Array;
}

function linkParents({ pid, ppid }: ProcessLinks): Int32Array {
  const rowOf = new Map<number, number>();
  for (let row = 0; row < pid.length; row++) rowOf.set(pid[row], row);
  return Int32Array.from(ppid, (parentPid, row) => {
    if (parentPid === 0 || parentPid === pid[row]) return -1;
    return rowOf.get(parentPid) ?? -1;
  });
}

/** Order of lives within a loop: the oldest is cut loose. An unknown start counts as the oldest. */
function isOlder(links: ProcessLinks, a: number, b: number): boolean {
  const startA = Number.isNaN(links.startTicks[a]) ? -1 : links.startTicks[a];
  const startB = Number.isNaN(links.startTicks[b]) ? -1 : links.startTicks[b];
  return startA !== startB ? startA < startB : links.pid[a] < links.pid[b];
}

function oldestOfLoop(links: ProcessLinks, parent: Int32Array, entry: number): number {
  let oldest = entry;
  for (let row = parent[entry]; row !== entry; row = parent[row])
    if (isOlder(links, row, oldest)) oldest = row;
  return oldest;
}

/** Memory to build trees in; what is built holds until the next is. */
export interface TreeSpace {
  level: Int32Array<ArrayBuffer>;
  subtreeProcesses: Int32Array<ArrayBuffer>;
  subtreeRss: Float64Array<ArrayBuffer>;
  /** Which walk came by a row. */
  mark: Int32Array<ArrayBuffer>;
  /** Rows of a walk, then rows by level. */
  rows: Int32Array<ArrayBuffer>;
  /** Where the rows of each level begin. */
  begin: Int32Array<ArrayBuffer>;
}

export function openTreeSpace(capacity = 0): TreeSpace {
  return {
    level: new Int32Array(capacity),
    subtreeProcesses: new Int32Array(capacity),
    subtreeRss: new Float64Array(capacity),
    mark: new Int32Array(capacity),
    rows: new Int32Array(capacity),
    begin: new Int32Array(capacity + 1),
  };
}

const UNKNOWN = -1;

/**
 * Walks up from a row to one whose level is known, or to a root. A loop on the way is cut at its smallest (start ticks,
 * pid), which becomes a root.
 * @returns how many rows of unknown level are on the way; they are in `rows`
 */
function walkUp(links: ProcessLinks, parent: Int32Array, space: TreeSpace, start: number): number {
  const { level, mark, rows } = space;
  let steps = 0;
  let row = start;
  let own = start + 1;
  while (row >= 0 && level[row] === UNKNOWN) {
    if (mark[row] === own) {
      // From here no other loop is met: the way is walked again.
      parent[oldestOfLoop(links, parent, row)] = -1;
      own = -own;
      steps = 0;
      row = start;
    }
    mark[row] = own;
    rows[steps++] = row;
    row = parent[row];
  }
  return steps;
}

/** @returns how many levels there are */
function tellLevels(links: ProcessLinks, parent: Int32Array, space: TreeSpace): number {
  const count = parent.length;
  const { level, mark, rows } = space;
  level.fill(UNKNOWN, 0, count);
  mark.fill(0, 0, count);
  let levels = 0;
  for (let start = 0; start < count; start++) {
    for (let step = walkUp(links, parent, space, start) - 1; step >= 0; step--) {
      const row = rows[step];
      level[row] = parent[row] < 0 ? 0 : level[parent[row]] + 1;
      if (level[row] >= levels) levels = level[row] + 1;
    }
  }
  return levels;
}

/** Puts rows in order of their levels. */
function sortByLevel({ level, rows, begin }: TreeSpace, count: number, levels: number): void {
  begin.fill(0, 0, levels + 1);
  for (let row = 0; row < count; row++) begin[level[row] + 1]++;
  for (let at = 1; at < levels; at++) begin[at] += begin[at - 1];
  for (let row = 0; row < count; row++) rows[begin[level[row]]++] = row;
}

/** Adds each row to its parent, the deepest first. */
function sumSubtrees({ rss }: ProcessLinks, parent: Int32Array, space: TreeSpace): void {
  const count = parent.length;
  const { rows, subtreeProcesses, subtreeRss } = space;
  subtreeProcesses.fill(1, 0, count);
  subtreeRss.set(rss);
  for (let at = count - 1; at >= 0; at--) {
    const row = rows[at];
    const up = parent[row];
    if (up < 0) continue;
    subtreeProcesses[up] += subtreeProcesses[row];
    subtreeRss[up] += subtreeRss[row];
  }
}

/** Children of a row, and the roots, as chains in the order of rows; −1 ends each. */
interface Siblings {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly firstRoot: number;
}

function linkSiblings(parent: Int32Array): Siblings {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length);
  let firstRoot = -1;
  for (let row = parent.length - 1; row >= 0; row--) {
    const up = parent[row];
    if (up < 0) {
      nextSibling[row] = firstRoot;
      firstRoot = row;
    } else {
      nextSibling[row] = firstChild[up];
      firstChild[up] = row;
    }
  }
  return { firstChild, nextSibling, firstRoot };
}

/**
 * Rows depth first: each parent before its subtree, which is one unbroken stretch; siblings as the rows stand.
 * @param parent row of each parent, −1 for a root; without loops
 */
export function depthFirstOrder(parent: Int32Array): Int32Array {
  const { firstChild, nextSibling, firstRoot } = linkSiblings(parent);
  const order = new Int32Array(parent.length);
  let filled = 0;
  let row = firstRoot;
  while (row >= 0) {
    order[filled++] = row;
    let next = firstChild[row];
    while (next < 0 && row >= 0) {
      next = nextSibling[row];
      row = parent[row];
    }
    row = next;
  }
  return order;
}

/** As `depthFirstOrder`, siblings as `compare` has them. */
export function sortedDepthFirst(
  parent: ArrayLike<number>,
  compare: (a: number, b: number) => number,
): number[] {
  const sorted = Array.from(parent, (_, row) => row).sort(compare);
  const placeOf = new Int32Array(sorted.length);
  for (const [place, row] of sorted.entries()) placeOf[row] = place;
  const parents = Int32Array.from(sorted, (row) => (parent[row] < 0 ? -1 : placeOf[parent[row]]));
  return Array.from(depthFirstOrder(parents), (place) => sorted[place]);
}

/**
 * Builds the tree of one sample. A root is a process whose parent is absent, zero or itself.
 * `rss` must be known for every row (dump format: RSS is exact in every sample).
 */
export function buildProcessTree(links: ProcessLinks): ProcessTree {
  return buildLinkedTree(links, linkParents(links));
}

/**
 * As `buildProcessTree`, where the parents have been looked up already.
 * @param parent row of each parent, −1 where it is absent, zero or the process itself; loops in it are cut
 * @param space given again where trees are built one after another; its arrays may be longer than the sample
 */
export function buildLinkedTree(
  links: ProcessLinks,
  parent: Int32Array,
  space: TreeSpace = openTreeSpace(parent.length),
): ProcessTree {
  const count = parent.length;
  if (space.level.length < count) Object.assign(space, openTreeSpace(count * 2));
  sortByLevel(space, count, tellLevels(links, parent, space));
  sumSubtrees(links, parent, space);
  const { level, subtreeProcesses, subtreeRss } = space;
  return { parent, level, subtreeProcesses, subtreeRss };
}
