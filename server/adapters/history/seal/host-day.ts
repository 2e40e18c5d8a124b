import { TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { TreeSpace } from '../../../domain/process-tree.ts';
import { buildLinkedTree, openTreeSpace } from '../../../domain/process-tree.ts';
import type { ProcessTable, Sample, SystemRow } from '../../../domain/sample.ts';
import type { DayLives } from './day-lives.ts';
import { openDayLives, strongLife } from './day-lives.ts';
import type { DayRows } from './day-rows.ts';
import {
  LEVEL,
  PARENT,
  putNumbers,
  ROW_NUMBERS,
  reserveRows,
  SAMPLE,
  SUBTREE_PROCESSES,
  SUBTREE_RSS,
  TEXTS,
  WORDS,
} from './day-rows.ts';
import type { DaySpace } from './day-space.ts';
import type { PidTable } from './pid-table.ts';
import { openPidTable } from './pid-table.ts';
import type { RowTexts } from './row-texts.ts';
import { numberOfTexts, openRowTexts } from './row-texts.ts';
import type { TextIds } from './text-ids.ts';
import { openTextIds } from './text-ids.ts';

/** A sample that was taken in; its processes are rows `first … first + count`. */
export interface DaySample {
  readonly system: SystemRow;
  readonly incomplete: boolean;
  readonly hasProcesses: boolean;
  readonly first: number;
  readonly count: number;
}

/** What is taken in of one host in one stretch. */
export interface HostDay {
  readonly host: string;
  readonly space: DaySpace;
  /** In that space. */
  readonly rows: DayRows;
  readonly samples: DaySample[];
  readonly instants: Set<number>;
  readonly lives: DayLives;
  readonly pids: PidTable;
  readonly boots: TextIds;
  readonly texts: RowTexts;
  /** By the pid's slot: its row in the sample in hand, and which sample that was. */
  readonly row: number[];
  readonly seen: number[];
  /** Of the sample in hand: slots of pids, and rows of parents. */
  slots: Int32Array<ArrayBuffer>;
  parents: Int32Array<ArrayBuffer>;
  readonly tree: TreeSpace;
  /** Rows whose start ticks are unknown. */
  weakRows: number;
  readonly expected: Expected;
}

/** How much there may be. */
export interface Expected {
  readonly samples: number;
  readonly rows: number;
}

/** Days are not quite even. */
const SPARE = 1.04;

/** @param space empty; given back by the caller when the day is written */
export function openHostDay(
  host: string,
  space: DaySpace,
  expected: Expected = { samples: 0, rows: 0 },
): HostDay {
  return {
    host,
    space,
    rows: space.rows,
    samples: [],
    instants: new Set(),
    lives: openDayLives(),
    pids: openPidTable(),
    boots: openTextIds(),
    texts: openRowTexts(),
    row: [],
    seen: [],
    slots: new Int32Array(0),
    parents: new Int32Array(0),
    tree: openTreeSpace(),
    weakRows: 0,
    expected,
  };
}

function placePids(day: HostDay, pid: Float64Array, mark: number): void {
  const { slots } = day;
  for (let row = 0; row < pid.length; row++) {
    const slot = day.pids.slotOf(pid[row]);
    day.row[slot] = row;
    day.seen[slot] = mark;
    slots[row] = slot;
  }
}

function findParents(day: HostDay, { numbers: { pid, ppid } }: ProcessTable, mark: number): Int32Array {
  const parents = day.parents.subarray(0, pid.length);
  for (let row = 0; row < pid.length; row++) {
    const up = ppid[row];
    const slot = up === 0 || up === pid[row] ? -1 : day.pids.find(up);
    parents[row] = slot >= 0 && day.seen[slot] === mark ? day.row[slot] : -1;
  }
  return parents;
}

function placeLives(day: HostDay, { count, numbers }: ProcessTable, boot: number, first: number): void {
  const { pid, start_ticks: startTicks } = numbers;
  const { slots } = day;
  const { life } = day.rows;
  for (let row = 0; row < count; row++) {
    const ticks = startTicks[row];
    const isWeak = Number.isNaN(ticks);
    if (isWeak) day.weakRows++;
    life[first + row] = isWeak ? ~slots[row] : strongLife(day.lives, slots[row], pid[row], ticks, boot);
  }
}

function placeTree(day: HostDay, processes: ProcessTable, mark: number, first: number): void {
  const { pid, ppid, start_ticks: startTicks, rss_bytes: rss } = processes.numbers;
  const parents = findParents(day, processes, mark);
  const links = { pid, ppid, startTicks, rss };
  const { parent, level, subtreeProcesses, subtreeRss } = buildLinkedTree(links, parents, day.tree);
  const { ints } = day.rows;
  for (let row = 0, at = first * WORDS; row < parent.length; row++, at += WORDS) {
    ints[at + SAMPLE] = mark;
    ints[at + LEVEL] = level[row];
    ints[at + SUBTREE_PROCESSES] = subtreeProcesses[row];
    ints[at + PARENT] = parent[row] < 0 ? -1 : first + parent[row];
    // What is the process's own is not told twice.
    if (subtreeProcesses[row] === 1) subtreeRss[row] = Number.NaN;
  }
  putNumbers(day.rows, first, SUBTREE_RSS, subtreeRss.subarray(0, parent.length));
}

function placeTexts({ rows: { ints }, slots, texts }: HostDay, processes: ProcessTable, first: number): void {
  const table = TEXT_COLUMNS.map((id) => processes.texts[id]);
  for (let row = 0, at = first * WORDS + TEXTS; row < processes.count; row++, at += WORDS)
    ints[at] = numberOfTexts(texts, slots[row], table, row);
}

function placeProcesses(day: HostDay, processes: ProcessTable, bootId: string | null): void {
  const { rows } = day;
  const { count, numbers } = processes;
  const mark = day.samples.length;
  const first = rows.count;
  const likely = ((first + count) / (mark + 1)) * day.expected.samples;
  reserveRows(rows, count, Math.ceil(Math.min(likely, day.expected.rows) * SPARE));
  if (day.slots.length < count) {
    day.slots = new Int32Array(count * 2);
    day.parents = new Int32Array(count * 2);
  }
  placePids(day, numbers.pid, mark);
  placeLives(day, processes, day.boots.idOf(bootId ?? ''), first);
  placeTree(day, processes, mark, first);
  for (let at = 0; at < ROW_NUMBERS.length; at++) putNumbers(rows, first, at, numbers[ROW_NUMBERS[at]]);
  placeTexts(day, processes, first);
  rows.count += count;
}

/** Takes in a sample. @returns false where one of its instant is there already, and nothing was taken in */
export function collectSample(day: HostDay, { system, processes, incomplete }: Sample): boolean {
  if (day.instants.has(system.t)) return false;
  day.instants.add(system.t);
  const first = day.rows.count;
  if (processes) placeProcesses(day, processes, system.bootId);
  const count = day.rows.count - first;
  day.samples.push({ system, incomplete, hasProcesses: processes !== null, first, count });
  return true;
}
