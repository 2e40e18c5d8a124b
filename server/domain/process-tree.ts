/**
 * The parent links of one sample: level, subtree sums, depth-first order. Computed once, at ingest.
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
  /** Position in depth-first order: a subtree is `position … position + subtreeProcesses`. */
  readonly position: Int32Array;
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

/** Rows parents-first (breadth-first from the roots), and the level of each. */
function walkLevels(parent: Int32Array): { order: Int32Array; level: Int32Array } {
  const count = parent.length;
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  const order = new Int32Array(count);
  const level = new Int32Array(count);
  let filled = 0;
  for (let row = count - 1; row >= 0; row--) {
    const up = parent[row];
    if (up < 0) continue;
    nextSibling[row] = firstChild[up];
    firstChild[up] = row;
  }
  for (let row = 0; row < count; row++) if (parent[row] < 0) order[filled++] = row;
  for (let at = 0; at < filled; at++) {
    const row = order[at];
    for (let child = firstChild[row]; child >= 0; child = nextSibling[child]) {
      level[child] = level[row] + 1;
      order[filled++] = child;
    }
  }
  return { order, level };
}

/** Parents come first in `order`, so a child's position follows from what its elder siblings took. */
function layOut(order: Int32Array, parent: Int32Array, subtreeProcesses: Int32Array): Int32Array {
  const position = new Int32Array(order.length);
  const nextFree = new Int32Array(order.length);
  let nextRoot = 0;
  for (const row of order) {
    const up = parent[row];
    const at = up < 0 ? nextRoot : nextFree[up];
    position[row] = at;
    nextFree[row] = at + 1;
    if (up < 0) nextRoot += subtreeProcesses[row];
    else nextFree[up] += subtreeProcesses[row];
  }
  return position;
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
  return { parent, level, position: layOut(order, parent, subtreeProcesses), subtreeProcesses, subtreeRss };
}
