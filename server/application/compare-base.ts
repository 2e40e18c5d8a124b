import type { ProcessRow } from '../domain/metrics.ts';
import { openFilter } from '../domain/row-selection.ts';
import { formatInstant } from '../domain/stamp.ts';
import { totalsOf } from '../domain/totals.ts';
import { usedBytes } from '../domain/used-memory.ts';
import { watchedProcesses } from '../domain/watch-group.ts';
import { chooseSnapshot } from './choose-instant.ts';
import type { History } from './ports.ts';
import type { FilteredRequest, Hidden, OpenSnapshot } from './snapshot-rows.ts';
import { buildRows, readSnapshotAt, windowOf } from './snapshot-rows.ts';

/** What a snapshot is compared with: `base=` of the contract. Processes are matched by life, never by pid. */

export interface Comparison {
  readonly base: { readonly ts: string; readonly used_bytes: number | null } | null;
  /** Alive at the base instant and not any more; only those that passed the filter then. */
  readonly gone: Hidden | null;
}

/** `null`: that life was not alive at the base instant. Absent without `base=`. */
export type ComparedRow = ProcessRow & {
  readonly base_rss_bytes?: number | null;
  readonly base_subtree_rss_bytes?: number | null;
};

export interface OpenBase {
  readonly snapshot: OpenSnapshot;
  readonly usedBytes: number | null;
  readonly rowOfKey: ReadonlyMap<string, number>;
}

export interface MemoryFigures {
  readonly mem_total_bytes: number | null;
  readonly used_bytes: number | null;
}

function firstKnown(values: ArrayLike<number>): number | null {
  return values.length === 0 || Number.isNaN(values[0]) ? null : values[0];
}

/** Of the sample at `t`. */
export async function readMemory(history: History, host: string, t: number): Promise<MemoryFigures> {
  const ids = ['mem_total_bytes', 'mem_available_bytes'] as const;
  const { values } = await history.readSystem(host, ids, { from: t, to: t });
  const total = firstKnown(values.mem_total_bytes);
  return { mem_total_bytes: total, used_bytes: usedBytes(total, firstKnown(values.mem_available_bytes)) };
}

/** The snapshot that `base` means; `null` where none is asked for. @throws as `chooseSnapshot` does */
export async function openBase(
  history: History,
  { host, spine }: OpenSnapshot,
  base: string | undefined,
  zone: string,
): Promise<OpenBase | null> {
  if (base === undefined) return null;
  const t = chooseSnapshot(spine, base, zone, 'base');
  const [snapshot, memory] = await Promise.all([
    readSnapshotAt(history, host, t),
    readMemory(history, host, t),
  ]);
  const rowOfKey = new Map(snapshot.table.lives.map(({ key }, row) => [key, row]));
  return { snapshot, usedBytes: memory.used_bytes, rowOfKey };
}

/** Adds to rows what the same lives held at the base instant. */
export function addBase(rows: ProcessRow[], base: OpenBase | null): ComparedRow[] {
  if (!base) return rows;
  const { processes, subtreeRss } = base.snapshot.table;
  for (const row of rows) {
    const at = base.rowOfKey.get(row.key);
    Object.assign(row, {
      base_rss_bytes: at === undefined ? null : processes.numbers.rss_bytes[at],
      base_subtree_rss_bytes: at === undefined ? null : subtreeRss[at],
    });
  }
  return rows;
}

/** Rows of the base that pass the filter there. `indices`: among which. */
export async function matchingAtBase(
  history: History,
  { snapshot }: OpenBase,
  indices: readonly number[],
  request: FilteredRequest,
): Promise<ProcessRow[]> {
  const range = windowOf(snapshot, request.window);
  const rows = await buildRows(history, snapshot.host, snapshot.table, indices, range);
  return rows.filter(openFilter(request, () => watchedProcesses(snapshot.table.processes)));
}

/** What an answer says of its base. `scope`: the rows of the base's table that the answer is about. */
export async function comparisonOf(
  history: History,
  current: OpenSnapshot,
  base: OpenBase | null,
  request: FilteredRequest,
  scope: (base: OpenSnapshot) => readonly number[],
): Promise<Comparison> {
  if (!base) return { base: null, gone: null };
  const alive = new Set(current.table.lives.map(({ key }) => key));
  const { lives } = base.snapshot.table;
  const missing = scope(base.snapshot).filter((row) => !alive.has(lives[row].key));
  const gone = totalsOf(await matchingAtBase(history, base, missing, request));
  return {
    base: { ts: formatInstant(base.snapshot.t), used_bytes: base.usedBytes },
    gone: { processes: gone.processes, rss_bytes: gone.rss_bytes },
  };
}
