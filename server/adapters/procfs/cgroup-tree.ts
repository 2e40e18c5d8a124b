import type { Dirent } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CgroupReading, CgroupTree } from '../../application/system-reading.ts';
import { sortedDepthFirst } from '../../domain/process-tree.ts';
import { escapeBytes } from '../../domain/text-notation.ts';
import type { Mount } from './mounts.ts';
import { parsePressure } from './pressure.ts';
import { below, readText } from './read-text.ts';

/** The control groups and their memory: version 2 (kernel: cgroup-v2), or 1 as far as it tells (cgroup-v1/memory). */

/** More than a page can show; a host of many containers has some hundreds. */
const MOST_GROUPS = 500;
const DEEPEST = 12;
/** Other work of the server comes in between. */
const AT_ONCE = 50;
/** Version 1 writes "no limit" as the largest number of whole pages. */
const NO_LIMIT = 2 ** 62;

type Figures = Omit<CgroupReading, 'path' | 'depth'>;

/** A file of one number. */
export function numberIn(text: string | null): number | null {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** `key number` in a file of such lines. */
function keyedNumber(text: string | null, key: string): number | null {
  const line = text?.split('\n').find((one) => one.startsWith(`${key} `));
  return line === undefined ? null : numberIn(line.slice(key.length + 1));
}

/** `max`, or bytes; neither is known where there is no file. */
export function limitIn(text: string | null): Pick<CgroupReading, 'is_limited' | 'max_bytes'> {
  const max = numberIn(text);
  if (text?.trim() === 'max' || (max !== null && max >= NO_LIMIT))
    return { is_limited: false, max_bytes: null };
  return { is_limited: max === null ? null : true, max_bytes: max };
}

function readUnified(group: Buffer): Figures {
  const read = (name: string) => readText(below(group, name));
  const pressure = parsePressure(read('memory.pressure'));
  return {
    current_bytes: numberIn(read('memory.current')),
    peak_bytes: numberIn(read('memory.peak')),
    swap_bytes: numberIn(read('memory.swap.current')),
    ...limitIn(read('memory.max')),
    high_bytes: numberIn(read('memory.high')),
    oom_kills: keyedNumber(read('memory.events'), 'oom_kill'),
    some_avg10: pressure?.some?.avg10 ?? null,
    full_avg10: pressure?.full?.avg10 ?? null,
  };
}

/** Version 1 counts memory and swap together, where it counts swap at all. */
function readLegacy(group: Buffer): Figures {
  const read = (name: string) => readText(below(group, name));
  const current = numberIn(read('memory.usage_in_bytes'));
  const withSwap = numberIn(read('memory.memsw.usage_in_bytes'));
  return {
    current_bytes: current,
    peak_bytes: numberIn(read('memory.max_usage_in_bytes')),
    swap_bytes: current === null || withSwap === null ? null : Math.max(0, withSwap - current),
    ...limitIn(read('memory.limit_in_bytes')),
    high_bytes: null,
    oom_kills: keyedNumber(read('memory.oom_control'), 'oom_kill'),
    some_avg10: null,
    full_avg10: null,
  };
}

interface Hierarchy {
  readonly version: 1 | 2;
  readonly root: Buffer;
}

/** Where the kernel keeps the memory of groups; a unified hierarchy without it still tells which groups there are. */
function findHierarchy(mounts: readonly Mount[], sysRoot: string): Hierarchy | null {
  const rootOf = ({ path }: Mount) => {
    const text = path.toString('latin1');
    return text.startsWith('/sys/') ? Buffer.from(join(sysRoot, text.slice(5)), 'latin1') : path;
  };
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  const legacy = mounts.find(({ type, options }) => type === 'cgroup' && options.includes('memory'));
  const hasMemory =
    unified && (readText(below(rootOf(unified), 'cgroup.controllers')) ?? '').split(/\s/).includes('memory');
  if (legacy && !hasMemory) return { version: 1, root: rootOf(legacy) };
  return unified ? { version: 2, root: rootOf(unified) } : null;
}

interface FoundGroup {
  readonly path: Buffer;
  /** Dump notation. */
  readonly name: string;
  readonly depth: number;
  /** Among those that were found, −1 for the root. */
  readonly parent: number;
}

/** `null` where the folder cannot be listed. */
function childrenOf(group: FoundGroup, at: number): readonly FoundGroup[] | null {
  let entries: readonly Dirent<Buffer>[];
  try {
    entries = readdirSync(group.path, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return null;
  }
  const prefix = group.depth === 0 ? '' : group.name;
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      path: below(group.path, name),
      name: `${prefix}/${escapeBytes(name)}`,
      depth: group.depth + 1,
      parent: at,
    }));
}

/** Level by level, so that what is left out is deep down. */
function findGroups(root: Buffer): { readonly groups: readonly FoundGroup[]; readonly isCut: boolean } {
  const groups: FoundGroup[] = [{ path: root, name: '/', depth: 0, parent: -1 }];
  let isCut = false;
  for (let at = 0; at < groups.length; at++) {
    const children = childrenOf(groups[at], at);
    const room = groups[at].depth < DEEPEST ? MOST_GROUPS - groups.length : 0;
    groups.push(...(children ?? []).slice(0, room));
    isCut ||= children === null || children.length > room;
  }
  return { groups, isCut };
}

/** Siblings by their memory. */
function inOrder(found: readonly FoundGroup[], read: readonly CgroupReading[]): CgroupReading[] {
  const size = (row: number) => read[row].current_bytes ?? -1;
  const order = sortedDepthFirst(
    found.map(({ parent }) => parent),
    (a, b) => size(b) - size(a) || (read[a].path < read[b].path ? -1 : 1),
  );
  return order.map((row) => read[row]);
}

/** Reads all groups that this process may see. @param sysRoot usually `/sys` */
export async function readCgroupTree(mounts: readonly Mount[], sysRoot: string): Promise<CgroupTree> {
  const hierarchy = findHierarchy(mounts, sysRoot);
  if (!hierarchy) return { version: null, groups: [], is_cut: false };
  const { groups, isCut } = findGroups(hierarchy.root);
  const readFigures = hierarchy.version === 2 ? readUnified : readLegacy;
  const read: CgroupReading[] = [];
  for (const group of groups) {
    read.push({ path: group.name, depth: group.depth, ...readFigures(group.path) });
    if (read.length % AT_ONCE === 0) await nextTurn();
  }
  return { version: hierarchy.version, groups: inOrder(groups, read), is_cut: isCut };
}
