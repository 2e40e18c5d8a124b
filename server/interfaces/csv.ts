import { stringify } from 'csv-stringify/sync';

/** Tables for spreadsheets. Commands are written by attackers, so a text that a spreadsheet would run is guarded. */

export type Cell = string | number | boolean | null;
export type Table = readonly Readonly<Record<string, Cell>>[];

/** OWASP ASVS 1.2.10, with leading blanks, `|`, `%` and full-width signs, which spreadsheets also take. */
const FORMULA = /^[\s\u0000\ufeff\u200b]*[=+\-@|%\uff0b\uff0d\uff1d\uff20]/;

function guarded(cell: Cell): Cell {
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell;
}

/**
 * Rows → RFC 4180 text with a header; `null` is an empty cell, numbers stay numbers.
 * @param raw texts exactly as they are, formulas included
 */
export function encodeCsv(columns: readonly string[], rows: Table, raw = false): string {
  const told = raw ? (cell: Cell) => cell : guarded;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return stringify(
    lines.map((line) => line.map(told)),
    { cast: { boolean: String } },
  );
}

/** Parallel series → rows, `t` as ISO 8601 UTC. Unknown is `null` or `NaN`. */
export function seriesRows(
  t: readonly number[],
  series: Readonly<Record<string, ArrayLike<number | null>>>,
): Table {
  const names = Object.keys(series);
  const cellOf = (value: number | null) => (Number.isNaN(value) ? null : value);
  return t.map((instant, at) => ({
    t: new Date(instant).toISOString(),
    ...Object.fromEntries(names.map((name) => [name, cellOf(series[name][at])])),
  }));
}

/** Names made by people as parts of columns' names: none is another's, whatever the case, as query engines have it. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let told = name;
    for (let count = 2; taken.has(told.toLowerCase()); count++) told = `${name}_${count}`;
    taken.add(told.toLowerCase());
    return told;
  });
}

/** Objects in rows become columns of their own: `largest: { pid }` is `largest_pid`. */
export function flatRows(rows: readonly object[]): Table {
  return rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(flatCell)));
}

function flatCell([name, value]: readonly [string, unknown]): [string, Cell][] {
  if (typeof value !== 'object' || value === null) return [[name, value as Cell]];
  return Object.entries(value).flatMap(([inner, cell]) => flatCell([`${name}_${inner}`, cell]));
}

/** What rows have beside their metrics where they are compared with a base. */
export const BASE_COLUMNS = ['base_rss_bytes', 'base_subtree_rss_bytes'] as const;

const GROUP_COLUMNS = [
  ...['name', 'processes', 'rss_bytes', 'rss_is_upper_bound', 'pss_bytes', 'known_pss', 'swap_bytes'],
  ...['known_swap', 'largest_pid', 'largest_key', 'largest_cmd', 'largest_comm', 'largest_rss_bytes'],
] as const;

/** Columns of groups, as both faces write them. */
export function groupColumns(base: object | null): readonly string[] {
  return base ? [...GROUP_COLUMNS, 'base_rss_bytes'] : GROUP_COLUMNS;
}

/** A table, as both faces write it. */
export interface SheetTable {
  readonly columns: readonly string[];
  readonly rows: Table;
}

const SESSION_COLUMNS = [
  ...['name', 'label', 'state', 'group', 'interval_seconds', 'duration_seconds', 'started', 'ends', 'ended'],
  ...['samples', 'bytes', 'last_sample', 'peak_used_bytes', 'said'],
];

export function sessionsTable({ sessions }: { readonly sessions: readonly object[] }): SheetTable {
  return { columns: SESSION_COLUMNS, rows: flatRows(sessions) };
}

const FIGURES = ['samples', 'first', 'last', 'min', 'mean', 'max', 'growth', 'peak'] as const;
const FIGURE_COLUMNS = FIGURES.map((name) =>
  name === 'samples' || name === 'peak' ? name : `${name}_bytes`,
);
const PSS_COLUMNS = FIGURE_COLUMNS.map((column) => `pss_${column}`);

/** The part of a session's summary that is a table. */
interface Summary {
  readonly host: string | null;
  readonly used: object;
  readonly total: object | null;
  readonly members: readonly object[];
  readonly programs: readonly object[];
  readonly largest: readonly { readonly cmd: string | null; readonly comm: string | null }[];
}

/** The host, the watch group and its members, programs, lives: one row each. */
export function summaryTable({ host, used, total, members, programs, largest }: Summary): SheetTable {
  const rows = [
    { kind: 'host', name: host, ...used },
    ...(total ? [{ kind: 'group', ...total }] : []),
    ...members.map((part) => ({ kind: 'member', ...part })),
    ...programs.map((part) => ({ kind: 'program', ...part })),
    ...largest.map(({ cmd, comm, ...life }) => ({ kind: 'process', name: cmd || comm, ...life })),
  ];
  const ids = ['kind', 'name', 'pid', 'key', 'user', 'processes'];
  const columns = [...ids, ...FIGURE_COLUMNS, 'rss_is_upper_bound', ...PSS_COLUMNS];
  return { columns, rows: flatRows(rows) };
}

interface SessionSeries {
  readonly t: readonly number[];
  readonly used_bytes: readonly (number | null)[];
  readonly members: readonly { readonly name: string; readonly rss_bytes: readonly (number | null)[] }[];
}

/** Used memory and each member along time. */
export function sessionSeriesTable({ t, used_bytes, members }: SessionSeries): SheetTable {
  const names = distinctNames(members.map(({ name }) => name));
  const lines = {
    used_bytes,
    ...Object.fromEntries(members.map(({ rss_bytes }, at) => [`${names[at]}_rss_bytes`, rss_bytes])),
  };
  return { columns: ['t', ...Object.keys(lines)], rows: seriesRows(t, lines) };
}

export function comparisonTable({ rows }: { readonly rows: readonly object[] }): SheetTable {
  const ofBoth = (columns: readonly string[]) =>
    ['a', 'b'].flatMap((side) => columns.map((column) => `${side}_${column}`));
  const columns = [
    ...['kind', 'name', 'mean_delta_bytes', 'peak_delta_bytes', ...ofBoth(FIGURE_COLUMNS)],
    ...['rss_is_upper_bound', 'pss_mean_delta_bytes', 'pss_peak_delta_bytes', ...ofBoth(PSS_COLUMNS)],
  ];
  return { columns, rows: flatRows(rows) };
}

const ALERT_COLUMNS = [
  ...['state', 'rule', 'kind', 'severity', 'since', 'fired', 'ended', 'unit', 'value', 'limit', 'whole'],
  ...['peak_ts', 'peak_value', 'culprit_pid', 'culprit_key', 'culprit_cmd', 'culprit_comm', 'culprit_user'],
  ...[
    'culprit_processes',
    'culprit_bytes',
    'culprit_rss_is_upper_bound',
    'culprit_ts',
    'acknowledged',
    'text',
  ],
];

/** Alerts that fire, then those that are over. */
export function alertsTable({
  firing,
  resolved,
}: {
  readonly firing: readonly object[];
  readonly resolved: readonly object[];
}): SheetTable {
  const rows = [
    ...firing.map((alert) => ({ state: 'firing', ...alert })),
    ...resolved.map((alert) => ({ state: 'resolved', ...alert })),
  ];
  return { columns: ALERT_COLUMNS, rows: flatRows(rows) };
}
