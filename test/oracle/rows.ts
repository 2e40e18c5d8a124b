import { MIB } from '../../server/domain/units.ts';
import type { LevelQuery } from '../../server/interfaces/http/schemas/queries.ts';
import type { ComparableRow } from './contract.ts';
import type { OracleHistory, OracleInstant, OracleRow, Range } from './oracle-history.ts';
import { firstSeen, lastSeen, rowsWithin } from './oracle-history.ts';

/** What is asked of the level and pid routes; absent is the contract's default. */
export type RowsQuery = { readonly ts?: number; readonly base?: number | undefined } & {
  readonly [Name in Thresholds | Texts | 'limit' | 'window' | 'sort' | 'dir']?: LevelQuery[Name] | undefined;
};
type Thresholds = 'min_life' | 'min_rss' | 'min_subtree';
type Texts = 'q' | 'user' | 'cgroup' | 'exe' | 'state';

export const DEFAULT_LIMIT = 100;

export function iso(t: number): string {
  return new Date(t).toISOString();
}

/** The window of a query's statistics. */
export function windowOf(history: OracleHistory, instant: OracleInstant, query: RowsQuery): Range {
  const from = history.instants[0].t;
  return { from, to: query.window === 'all' ? history.instants[history.instants.length - 1].t : instant.t };
}

/** A row of an answer: what stands in its sample, and statistics over the samples of `range` with this life. */
export function answerRow(row: OracleRow, range: Range): ComparableRow {
  const { process, place, life } = row;
  const { start_ticks: _, ...recorded } = process;
  const alive = rowsWithin(life, range);
  const rss = alive.map((other) => other.process.rss_bytes);
  const subtree = alive.map((other) => other.place.subtreeRss);
  return {
    ...recorded,
    weak_identity: life.weak,
    level: place.level,
    started: iso(Math.round(firstSeen(life) - lifetimeSeconds(life.rows[0]) * 1000)),
    first_seen: iso(firstSeen(life)),
    last_seen: iso(lastSeen(life)),
    lifetime_seconds: lifetimeSeconds(row),
    rss_min_bytes: smallest(rss),
    rss_mean_bytes: sum(rss) / rss.length,
    rss_max_bytes: largest(rss),
    subtree_processes: place.subtreeProcesses,
    subtree_rss_bytes: place.subtreeRss,
    subtree_rss_mean_bytes: sum(subtree) / subtree.length,
    subtree_rss_max_bytes: largest(subtree),
  };
}

function lifetimeSeconds({ process, life, instant: { t, sample } }: OracleRow): number {
  const { uptimeSeconds, clockTicks } = sample;
  if (process.start_ticks === null || uptimeSeconds === null || !clockTicks)
    return (t - firstSeen(life)) / 1000;
  return Math.max(0, uptimeSeconds - process.start_ticks / clockTicks);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

/** Known values added up; `null` where none is known. */
export function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? sum(known) : null;
}

export function matches(row: ComparableRow, query: RowsQuery): boolean {
  const { min_life = 0, min_rss = 0, min_subtree = 0, q = '' } = query;
  const texts = [row.cmd, row.comm, row.user, String(row.pid)].map((text) => (text ?? '').toLowerCase());
  return (
    row.lifetime_seconds >= min_life &&
    row.rss_max_bytes >= min_rss * MIB &&
    row.subtree_rss_max_bytes >= min_subtree * MIB &&
    texts.some((text) => text.includes(q.toLowerCase())) &&
    (!query.user || row.user === query.user) &&
    (!query.cgroup || row.cgroup === query.cgroup) &&
    (!query.exe || programOf(row) === query.exe) &&
    (!query.state || row.state?.[0] === query.state[0])
  );
}

/** What a process runs: /usr/bin/web → web, -bash → bash, postgres: writer → postgres; else its name. */
export function programOf({ cmd, comm }: Pick<ComparableRow, 'cmd' | 'comm'>): string | null {
  const [word] = (cmd ?? '').split(' ');
  return word.replace(/^.*\//, '').replace(/^-/, '').replace(/:$/, '') || comm;
}

/** Order of rows: by one metric, unknown last in either direction, ties by pid ascending. */
export function inOrder(query: RowsQuery): (a: ComparableRow, b: ComparableRow) => number {
  const { sort = 'subtree_rss_max_bytes', dir = 'desc' } = query;
  return (a, b) => {
    const x = metricOf(a, sort);
    const y = metricOf(b, sort);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.pid - b.pid;
    if (x === y) return a.pid - b.pid;
    return x < y === (dir === 'asc') ? -1 : 1;
  };
}

function metricOf(row: ComparableRow, metric: string): string | number | boolean | null {
  return Reflect.get(row, metric) ?? null;
}
