import { MemoryInspectorError } from '../domain/errors.ts';
import { lifetimeSeconds } from '../domain/lifetime.ts';
import type { ProcessMetricId, ProcessRow } from '../domain/metrics.ts';
import { isTextMetric, PROCESS_METRICS, STORED_PROCESS_METRICS } from '../domain/metrics.ts';
import type { ProcessFilter, SortDirection } from '../domain/process-filter.ts';
import type { ProcessTable } from '../domain/sample.ts';
import { formatInstant } from '../domain/stamp.ts';
import { lastAtOrBefore } from '../domain/timeline.ts';
import { chooseHost, chooseSnapshot, neighboursOf } from './choose-instant.ts';
import type { History, HostSpine, InstantRange, Life, LifeStatistics, Moment, RowTable } from './ports.ts';

/** Which processes of which sample (names of the HTTP contract). */
export interface FilteredRequest extends ProcessFilter {
  readonly ts?: string | undefined;
  readonly host?: string | undefined;
  readonly window: 'upto' | 'all';
}

/** What every view of a snapshot asks for. */
export interface SnapshotRequest extends FilteredRequest {
  /** An instant to compare with. */
  readonly base?: string | undefined;
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

/** Lives without start times were told apart anew, or a sample went with its folder, between two reads of one view. */
class ChangedMeanwhile extends Error {}

/** Reads the sample of instant `t`, which has processes; within `readSteadily`. */
export async function readSnapshotAt(history: History, host: string, t: number): Promise<OpenSnapshot> {
  const table = await history.readSnapshot(host, t);
  if (!table) throw new ChangedMeanwhile(`the sample at ${t} is no more`);
  return { host, spine: history.spine(host), t, table };
}

/** The snapshot that a request means; within `readSteadily`. @throws as `chooseHost` and `chooseSnapshot` do */
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

type MutableRow = { -readonly [Field in keyof ProcessRow]: ProcessRow[Field] };

/**
 * What rows begin as. A row that grows key by key becomes a hash table to the engine, with four times the memory;
 * copies of one that has all keys do not.
 */
const BLANK = Object.fromEntries(PROCESS_METRICS.map(({ id }) => [id, null])) as unknown as MutableRow;

type Column = readonly [id: string, cells: ArrayLike<number | string | null>];

function storedColumns({ texts, numbers }: ProcessTable): readonly Column[] {
  return STORED_PROCESS_METRICS.map((metric): Column => {
    if (isTextMetric(metric)) return [metric.id, texts[metric.id as keyof ProcessTable['texts']]];
    return [metric.id, numbers[metric.id as keyof ProcessTable['numbers']]];
  });
}

/** Stored metrics of one row; unknown is `null`. */
function fillStored(row: MutableRow, columns: readonly Column[], at: number): void {
  const cells = row as Record<string, unknown>;
  for (const [id, values] of columns) {
    const value = values[at];
    cells[id] = Number.isNaN(value) ? null : value;
  }
}

/** Age at the row's sample: by the uptime where start ticks are known, else since the life was first seen. */
function ageAt(spine: HostSpine, { t, processes, lives }: RowTable, row: number): number {
  const index = lastAtOrBefore(spine.t, t[row]);
  const ticks = processes.numbers.start_ticks[row];
  const age = lifetimeSeconds(spine.uptimeSeconds[index], ticks, spine.clockTicks[index]);
  return Number.isNaN(age) ? (t[row] - lives[row].firstSeen) / 1000 : age;
}

/** Many processes share the instants in which they were first and last seen. */
function openInstantTexts(): (t: number) => string {
  const texts = new Map<number, string>();
  return (t) => {
    const text = texts.get(t) ?? formatInstant(t);
    texts.set(t, text);
    return text;
  };
}

/** Processes as the API gives them. */
function openRowBuilder(spine: HostSpine, table: RowTable) {
  const columns = storedColumns(table.processes);
  const textOf = openInstantTexts();
  return (at: number, statistics: LifeStatistics): ProcessRow => {
    const row: MutableRow = { ...BLANK };
    const life = table.lives[at];
    fillStored(row, columns, at);
    row.key = life.key;
    row.weak_identity = life.weak;
    row.level = table.level[at];
    row.started = textOf(life.started);
    row.first_seen = textOf(life.firstSeen);
    row.last_seen = textOf(life.lastSeen);
    row.lifetime_seconds = ageAt(spine, table, at);
    row.rss_min_bytes = statistics.rssMin;
    row.rss_mean_bytes = statistics.rssMean;
    row.rss_max_bytes = statistics.rssMax;
    row.subtree_processes = table.subtreeProcesses[at];
    row.subtree_rss_bytes = table.subtreeRss[at];
    row.subtree_rss_mean_bytes = statistics.subtreeRssMean;
    row.subtree_rss_max_bytes = statistics.subtreeRssMax;
    return row;
  };
}

const MOST_READS = 5;

/** Reads a view from samples and lives that hold while it is read: again where they changed. @throws `busy` */
export async function readSteadily<View>(read: () => Promise<View>): Promise<View> {
  for (let left = MOST_READS; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
      if (left <= 1)
        throw new MemoryInspectorError('busy', 'What is recorded changes while it is read', {
          next: 'Ask again.',
          cause: error,
        });
    }
  }
}

function rowsWith(
  history: History,
  host: string,
  table: RowTable,
  indices: readonly number[],
  statistics: ReadonlyMap<number, LifeStatistics>,
): ProcessRow[] {
  const buildRow = openRowBuilder(history.spine(host), table);
  return indices.map((row) => {
    const own = statistics.get(table.lives[row].id);
    if (!own) throw new ChangedMeanwhile(`no statistics of a process that is alive at ${table.t[row]}`);
    return buildRow(row, own);
  });
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
  return rowsWith(history, host, table, indices, await history.readStatistics(host, ids, range));
}

/** All rows of a table with their statistics over `range`, in its order. */
export function buildTableRows(
  history: History,
  host: string,
  table: RowTable,
  range: InstantRange,
): Promise<ProcessRow[]> {
  const indices = Array.from({ length: table.processes.count }, (_, row) => row);
  return buildRows(history, host, table, indices, range);
}

/** Every process of a snapshot, depth first. */
export function buildAllRows(
  history: History,
  snapshot: OpenSnapshot,
  window: 'upto' | 'all',
): Promise<ProcessRow[]> {
  const { host, table } = snapshot;
  return buildTableRows(history, host, table, windowOf(snapshot, window));
}

/** One row a moment, in the order given; within `readSteadily`. */
export async function readMomentTable(
  history: History,
  host: string,
  moments: readonly Moment[],
): Promise<RowTable> {
  const table = await history.readMoments(host, moments);
  if (table.processes.count < moments.length)
    throw new ChangedMeanwhile('a moment of a life that is no more');
  return table;
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
