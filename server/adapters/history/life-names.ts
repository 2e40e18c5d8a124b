/**
 * A number for each life that was ever named, of all hosts. Months hold millions of lives, so a key is kept as what it
 * is made of (see domain/process-key.ts) in typed arrays, and found by open addressing: no string, no object a life.
 */
export interface LifeNames {
  /** The life's number; a new one where the key is new. */
  idOf(key: string): number;
  /** The same for a key in parts. `head`: of `headOf`. */
  idOfParts(head: number, pid: number, tail: number): number;
  /** @returns −1 where no life has that key */
  find(key: string): number;
  headOf(text: string): number;
  keyOf(id: number): string;
  pidOf(id: number): number;
  isWeak(id: number): boolean;
}

export interface KeyParts {
  readonly head: string;
  readonly pid: number;
  readonly tail: number;
}

const WEAK = 'w';
const BASE_36 = 36;

/** What a key is made of; `null` for a text that is none. */
export function splitKey(key: string): KeyParts | null {
  const first = key.indexOf('-');
  const second = key.indexOf('-', first + 1);
  if (first < 0 || second < 0) return null;
  const parts = { head: key.slice(0, first), pid: Number(key.slice(first + 1, second)), tail: 0 };
  const text = key.slice(second + 1);
  const tail = parts.head.startsWith(WEAK) ? Number.parseInt(text, BASE_36) : Number(text);
  const split = { ...parts, tail };
  return joinKey(split) === key ? split : null;
}

function joinKey({ head, pid, tail }: KeyParts): string {
  return `${head}-${pid}-${head.startsWith(WEAK) ? tail.toString(BASE_36) : tail}`;
}

const LEAST = 1 << 12;
/** More than this share of the slots is not taken: beyond, looking up costs more and more. */
const MOST_TAKEN = 0.7;

interface Columns {
  head: Int32Array;
  pid: Int32Array;
  tail: Float64Array;
}

function openColumns(size: number): Columns {
  return { head: new Int32Array(size), pid: new Int32Array(size), tail: new Float64Array(size) };
}

function grow({ head, pid, tail }: Columns, size: number): Columns {
  const grown = openColumns(size);
  grown.head.set(head);
  grown.pid.set(pid);
  grown.tail.set(tail);
  return grown;
}

function setRow(columns: Columns, row: number, head: number, pid: number, tail: number): void {
  columns.head[row] = head;
  columns.pid[row] = pid;
  columns.tail[row] = tail;
}

/** Mixes three numbers into 32 bits; start ticks need their high half too. */
function hashOf(head: number, pid: number, tail: number): number {
  let hash = Math.imul(head + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(pid, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ (tail | 0), 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13) ^ Math.floor(tail / 4294967296), 0x165667b1);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function openHeads() {
  const heads: string[] = [];
  const ids = new Map<string, number>();
  return {
    texts: heads,
    find: (text: string) => ids.get(text) ?? -1,
    idOf(text: string): number {
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, heads.length);
      return heads.push(text) - 1;
    },
  };
}

export function openLifeNames(): LifeNames {
  const heads = openHeads();
  let columns = openColumns(LEAST);
  /** Id + 1; 0 is free. A power of two. */
  let slots = new Int32Array(2 * LEAST);
  let count = 0;

  /** The slot of a life, or the free one where it belongs. */
  function slotOf(head: number, pid: number, tail: number): number {
    const mask = slots.length - 1;
    let slot = hashOf(head, pid, tail) & mask;
    for (let id = slots[slot] - 1; id >= 0; id = slots[slot] - 1) {
      if (columns.tail[id] === tail && columns.pid[id] === pid && columns.head[id] === head) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** By less than twice: there are millions. */
  function makeRoom(): void {
    if (count === columns.head.length) columns = grow(columns, Math.ceil(count * 1.5));
    if (count <= slots.length * MOST_TAKEN) return;
    slots = new Int32Array(2 * slots.length);
    for (let id = 0; id < count; id++)
      slots[slotOf(columns.head[id], columns.pid[id], columns.tail[id])] = id + 1;
  }

  function idOfParts(head: number, pid: number, tail: number): number {
    const slot = slotOf(head, pid, tail);
    if (slots[slot] > 0) return slots[slot] - 1;
    const id = count++;
    setRow(columns, id, head, pid, tail);
    slots[slot] = id + 1;
    makeRoom();
    return id;
  }

  return {
    idOfParts,
    idOf(key) {
      const parts = splitKey(key);
      if (!parts) throw new RangeError(`not a key: ${key}`);
      return idOfParts(heads.idOf(parts.head), parts.pid, parts.tail);
    },
    find(key) {
      const parts = splitKey(key);
      const head = parts ? heads.find(parts.head) : -1;
      return parts && head >= 0 ? slots[slotOf(head, parts.pid, parts.tail)] - 1 : -1;
    },
    headOf: heads.idOf,
    keyOf: (id) =>
      joinKey({ head: heads.texts[columns.head[id]], pid: columns.pid[id], tail: columns.tail[id] }),
    pidOf: (id) => columns.pid[id],
    isWeak: (id) => heads.texts[columns.head[id]].startsWith(WEAK),
  };
}
