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

/** Links that form a loop are cut at the smallest (start ticks, pid) of the loop, which becomes a root. */
function cutLoops(links: ProcessLinks, parent: Int32Array): void {
  const walk = new Int32Array(parent.length);
  for (let start = 0; start < parent.length; start++) {
    let row = start;
    while (row >= 0 && walk[row] === 0) {
      walk[row] = start + 1;
      row = parent[row];
    }
    if (row >= 0 && walk[row] === start + 1) parent[oldestOfLoop(links, parent, row)] = -1;
  }
}

function oldestOfLoop(links: ProcessLinks, parent: Int32Array, entry: number): number {
  let oldest = entry;
  for (let row = parent[entry]; row !== entry; row = parent[row])
    if (isOlder(links, row, oldest)) oldest = row;
  return oldest;
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

/** Rows parents-first (breadth-first from the roots), and the level of each. */
function walkLevels(parent: Int32Array): { order: Int32Array; level: Int32Array } {
  const { firstChild, nextSibling, firstRoot } = linkSiblings(parent);
  const order = new Int32Array(parent.length);
  const level = new Int32Array(parent.length);
  let filled = 0;
  for (let row = firstRoot; row >= 0; row = nextSibling[row]) order[filled++] = row;
  for (let at = 0; at < filled; at++) {
    const row = order[at];
    for (let child = firstChild[row]; child >= 0; child = nextSibling[child]) {
      level[child] = level[row] + 1;
      order[filled++] = child;
    }
  }
  return { order, level };
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
 */
export function buildLinkedTree(links: ProcessLinks, parent: Int32Array): ProcessTree {
  cutLoops(links, parent);
  const { order, level } = walkLevels(parent);
  const subtreeProcesses = new Int32Array(parent.length).fill(1);
  const subtreeRss = Float64Array.from(links.rss);
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at];
    const up = parent[row];
    if (up < 0) continue;
    subtreeProcesses[up] += subtreeProcesses[row];
    subtreeRss[up] += subtreeRss[row];
  }
  return { parent, level, subtreeProcesses, subtreeRss };
}
