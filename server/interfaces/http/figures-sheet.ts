import type { Table } from '../csv.ts';
import type { Sheet } from './send-view.ts';

/** A view that is no table, as one: a figure a row, named by the way to it, such as `meminfo.3.value`. */

const COLUMNS = ['figure', 'value', 'text'] as const;

type Row = Table[number];

function rowOf(figure: string, leaf: unknown): Row {
  if (typeof leaf === 'number') return { figure, value: leaf, text: null };
  return { figure, value: null, text: leaf === null || leaf === undefined ? null : String(leaf) };
}

function rowsOf(way: readonly string[], node: unknown): readonly Row[] {
  if (typeof node !== 'object' || node === null) return [rowOf(way.join('.'), node)];
  return Object.entries(node).flatMap(([name, inner]) => rowsOf([...way, name], inner));
}

/** @param view as it is sent as JSON; unknown figures have neither value nor text */
export function figuresSheet(name: readonly string[], view: object): Sheet {
  return { name, columns: COLUMNS, rows: rowsOf([], view) };
}
