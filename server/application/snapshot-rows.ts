import { lifetimeSeconds } from '../domain/lifetime.ts';
import type { ProcessMetricId, ProcessRow } from '../domain/metrics.ts';
import { isTextMetric, STORED_PROCESS_METRICS } from '../domain/metrics.ts';
import type { ProcessFilter, SortDirection } from '../domain/process-filter.ts';
import type { ProcessTable } from '../domain/sample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseSnapshot, neighboursOf } from './choose-instant.ts';
import type { History, HostSpine, InstantRange, Life, LifeStatistics, Moment, RowTable } from './ports.ts';

/** What every view of a snapshot asks for (names of the HTTP contract). */
export interface SnapshotRequest extends ProcessFilter {
  readonly ts?: string | undefined;
  readonly host?: string | undefined;
  readonly window: 'upto' | 'all';
  readonly limit: number;
  readonly sort: ProcessMetricId;
  readonly dir: SortDirection;
}

export interface Instance {
  readonly key: string;
  readonly cmd: string | null;
  readonly from: string;
  readonly to: string;
}

export interface Totals {
  readonly processes: number;
  readonly rss_bytes: number;
  readonly pss_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly known: { readonly pss: number; readonly swap: number };
}

export interface Hidden {
  readonly processes: number;
  readonly rss_bytes: number;
}

/** One sample of a host with its processes. */
export interface OpenSnapshot {
  readonly host: string;
  readonly spine: HostSpine;
  /** Its instant: an index would not hold while older samples come in. */
  readonly t: number;
  readonly table: RowTable;
}

/** Reads the sample of instant `t`, which has processes. */
export async function readSnapshotAt(history: History, host: string, t: number): Promise<OpenSnapshot> {
  const table = await history.readSnapshot(host, t);
  if (!table) throw new Error(`the sample at ${t} has no processes`);
  return { host, spine: history.spine(host), t, table };
}

/** The snapshot that a request means. @throws as `chooseHost` and `chooseSnapshot` do */
export async function openSnapshot(
  history: History,
  request: Pick<SnapshotRequest, 'ts' | 'host'>,
  zone: string,
): Promise<OpenSnapshot> {
  const host = chooseHost(history, request.host);
  return readSnapshotAt(history, host, chooseSnapshot(history.spine(host), request.ts, zone));
}

/** The fields that every snapshot view begins with. */
export function snapshotHead({ host, spine, t }: OpenSnapshot) {
  const { previous, next } = neighboursOf(spine, t);
  return {
    ts: formatInstant(t),
    previous: previous === null ? null : formatInstant(previous),
    next: next === null ? null : formatInstant(next),
    incomplete: spine.incomplete[lastAtOrBefore(spine.t, t)] === 1,
    host,
  };
}

/** The samples over which minimum, mean and maximum are taken. */
export function windowOf({ spine, t }: OpenSnapshot, window: 'upto' | 'all'): InstantRange {
  return { from: spine.t[0], to: window === 'all' ? spine.t[spine.t.length - 1] : t };
}

const STORED = STORED_PROCESS_METRICS.map((metric) => ({ id: metric.id, isText: isTextMetric(metric) }));

/** Stored metrics of one row; unknown is `null`. */
function storedCells(processes: ProcessTable, row: number): Record<string, string | number | boolean | null> {
  const cells: Record<string, string | number | boolean | null> = {};
  for (let at = 0; at < STORED.length; at++) {
    const { id, isText } = STORED[at];
    if (isText) {
      cells[id] = processes.texts[id as keyof ProcessTable['texts']][row];
    } else {
      const value = processes.numbers[id as keyof ProcessTable['numbers']][row];
      cells[id] = Number.isNaN(value) ? null : value;
    }
  }
  return cells;
}

/** Age at the row's sample: by the uptime where start ticks are known, else since the life was first seen. */
function ageAt(spine: HostSpine, { t, processes, lives }: RowTable, row: number): number {
  const index = lastAtOrBefore(spine.t, t[row]);
  const ticks = processes.numbers.start_ticks[row];
  const age = lifetimeSeconds(spine.uptimeSeconds[index], ticks, spine.clockTicks[index]);
  return Number.isNaN(age) ? (t[row] - lives[row].firstSeen) / 1000 : age;
}

/** One process as the API gives it. */
export function buildRow(
  spine: HostSpine,
  table: RowTable,
  row: number,
  statistics: LifeStatistics,
): ProcessRow {
  const life = table.lives[row];
  const cells = storedCells(table.processes, row);
  cells.key = life.key;
  cells.weak_identity = life.weak;
  cells.level = table.level[row];
  cells.started = formatInstant(life.started);
  cells.first_seen = formatInstant(life.firstSeen);
  cells.last_seen = formatInstant(life.lastSeen);
  cells.lifetime_seconds = ageAt(spine, table, row);
  cells.rss_min_bytes = statistics.rssMin;
  cells.rss_mean_bytes = statistics.rssMean;
  cells.rss_max_bytes = statistics.rssMax;
  cells.subtree_processes = table.subtreeProcesses[row];
  cells.subtree_rss_bytes = table.subtreeRss[row];
  cells.subtree_rss_mean_bytes = statistics.subtreeRssMean;
  cells.subtree_rss_max_bytes = statistics.subtreeRssMax;
  return cells as unknown as ProcessRow;
}

/** Lives without start times were told apart anew between two reads of one view. */
class ChangedLives extends Error {}

const MOST_READS = 5;

/** Reads a view from lives that hold while it is read: again where they changed. */
export async function readSteadily<View>(read: () => Promise<View>): Promise<View> {
  for (let left = MOST_READS; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ChangedLives) || left <= 1) throw error;
    }
  }
}

/** Rows `indices` of a table with their statistics over `range`, in the order given. */
export async function buildRows(
  history: History,
  host: string,
  table: RowTable,
  indices: readonly number[],
  range: InstantRange,
): Promise<ProcessRow[]> {
  const ids = indices.map((row) => table.lives[row].id);
  const statistics = await history.readStatistics(host, ids, range);
  const spine = history.spine(host);
  return indices.map((row) => {
    const own = statistics.get(table.lives[row].id);
    if (!own) throw new ChangedLives(`no statistics of a process that is alive at ${table.t[row]}`);
    return buildRow(spine, table, row, own);
  });
}

/** Rows of single moments with their statistics over `range`, in the order given. */
export async function buildMomentRows(
  history: History,
  host: string,
  moments: readonly Moment[],
  range: InstantRange,
): Promise<ProcessRow[]> {
  if (moments.length === 0) return [];
  const table = await history.readMoments(host, moments);
  if (table.processes.count < moments.length) throw new ChangedLives('a moment of a life that is no more');
  return buildRows(history, host, table, [...moments.keys()], range);
}

function sumKnown(values: readonly (number | null)[]): { sum: number | null; known: number } {
  const known = values.filter((value) => value !== null);
  return {
    sum: known.length > 0 ? known.reduce((total, value) => total + value, 0) : null,
    known: known.length,
  };
}

/** Sums over known values of what may be added up. */
export function totalsOf(rows: readonly ProcessRow[]): Totals {
  const pss = sumKnown(rows.map((row) => row.pss_bytes));
  const swap = sumKnown(rows.map((row) => row.swap_bytes));
  return {
    processes: rows.length,
    rss_bytes: rows.reduce((total, row) => total + row.rss_bytes, 0),
    pss_bytes: pss.sum,
    swap_bytes: swap.sum,
    known: { pss: pss.known, swap: swap.known },
  };
}

/** What of `all` is not among the rows that are shown. */
export function hiddenOf(all: Hidden, shown: readonly ProcessRow[]): Hidden {
  const rss = shown.reduce((total, row) => total + row.rss_bytes, 0);
  return { processes: all.processes - shown.length, rss_bytes: all.rss_bytes - rss };
}

export function instanceOf(life: Life): Instance {
  const { key, cmd, firstSeen, lastSeen } = life;
  return { key, cmd, from: formatInstant(firstSeen), to: formatInstant(lastSeen) };
}
