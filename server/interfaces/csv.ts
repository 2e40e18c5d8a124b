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
  return stringify(
    rows.map((row) => columns.map((column) => (raw ? row[column] : guarded(row[column])))),
    { header: true, columns: columns.map((column) => ({ key: column })), cast: { boolean: String } },
  );
}

/** Parallel series → rows, `t` as ISO 8601 UTC. */
export function seriesRows(
  t: readonly number[],
  series: Readonly<Record<string, readonly (number | null)[]>>,
): Table {
  const names = Object.keys(series);
  return t.map((instant, at) => ({
    t: new Date(instant).toISOString(),
    ...Object.fromEntries(names.map((name) => [name, series[name][at]])),
  }));
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
