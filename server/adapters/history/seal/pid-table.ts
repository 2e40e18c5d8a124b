/**
 * Pids → small consecutive numbers, so that what is kept of each pid is an element of an array. A `Map` takes several
 * times as long, and every row of a day asks twice.
 */
export interface PidTable {
  /** The pid of a number. */
  pidOf(slot: number): number;
  /** The number of a pid; −1 where it has none. */
  find(pid: number): number;
  /** As `find`, but a pid without a number gets the next. */
  slotOf(pid: number): number;
}

const FEWEST = 1024;
const GOLDEN = 0x9e3779b1;
const EMPTY = -1;

function home(pid: number, mask: number): number {
  const hash = Math.imul(pid | 0, GOLDEN);
  return (hash ^ (hash >>> 15)) & mask;
}

export function openPidTable(): PidTable {
  let mask = FEWEST - 1;
  let pids = new Float64Array(FEWEST).fill(EMPTY);
  let slots = new Int32Array(FEWEST);
  const known: number[] = [];

  function placeOf(pid: number): number {
    let at = home(pid, mask);
    while (pids[at] !== pid && pids[at] !== EMPTY) at = (at + 1) & mask;
    return at;
  }

  function grow(): void {
    const [oldPids, oldSlots] = [pids, slots];
    mask = mask * 2 + 1;
    pids = new Float64Array(mask + 1).fill(EMPTY);
    slots = new Int32Array(mask + 1);
    for (let at = 0; at < oldPids.length; at++) {
      if (oldPids[at] === EMPTY) continue;
      const place = placeOf(oldPids[at]);
      pids[place] = oldPids[at];
      slots[place] = oldSlots[at];
    }
  }

  return {
    pidOf: (slot) => known[slot],
    find(pid) {
      const at = placeOf(pid);
      return pids[at] === pid ? slots[at] : -1;
    },
    slotOf(pid) {
      const at = placeOf(pid);
      if (pids[at] === pid) return slots[at];
      pids[at] = pid;
      slots[at] = known.length;
      known.push(pid);
      if (known.length * 2 > mask) grow();
      return known.length - 1;
    },
  };
}
