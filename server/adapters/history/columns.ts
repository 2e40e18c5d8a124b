import type { DuckDBType } from '@duckdb/node-api';
import { DOUBLE, INTEGER } from '@duckdb/node-api';
import { STORED_PROCESS_METRICS } from '../../domain/metrics.ts';

/** The physical tables, derived from the catalogue: a new stored metric is a new column, with no line changed here. */
export interface PhysicalColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

const ints = (...names: readonly string[]): PhysicalColumn[] =>
  names.map((name) => ({ name, type: INTEGER }));
const doubles = (...names: readonly string[]): PhysicalColumn[] =>
  names.map((name) => ({ name, type: DOUBLE }));

/**
 * One row a process and sample. `life`, `parent` are numbers of LifeNames, texts are ids of the text pool,
 * numbers are bytes, seconds and counts as doubles (exact below 2^53), `t` epoch ms.
 */
export const PROCESS_COLUMNS: readonly PhysicalColumn[] = [
  ...ints('host'),
  ...doubles('t'),
  ...ints('life', 'parent', 'level', 'subtree_processes'),
  ...doubles('subtree_rss_bytes'),
  ...STORED_PROCESS_METRICS.map((metric) => ({
    name: metric.id,
    type: metric.unit === 'text' || metric.unit === 'id' ? INTEGER : DOUBLE,
  })),
];

export function createTable(name: string, columns: readonly PhysicalColumn[]): string {
  return `CREATE TABLE ${name} (${columns.map((column) => `${column.name} ${column.type}`).join(', ')})`;
}
