import type { ComparableLevel, ComparableRow } from './contract.ts';
import type { OracleHistory, OracleInstant, OracleRow } from './oracle-history.ts';
import { instantAt } from './oracle-history.ts';
import type { RowsQuery } from './rows.ts';
import { answerRow, iso, matches, sum, windowOf } from './rows.ts';

/** What a query compares with: `null` without `base`, the absence where there is no such sample. */
export function baseOf(
  history: OracleHistory,
  { base }: RowsQuery,
): OracleInstant | null | 'unknown_timestamp' {
  return base === undefined ? null : (instantAt(history, base) ?? 'unknown_timestamp');
}

/** The row of the same life at the base instant. */
export function rowAtBase({ life, process }: OracleRow, base: OracleInstant): OracleRow | null {
  const there = base.rows.get(process.pid);
  return there?.life === life ? there : null;
}

/** Adds what the life held at the base. */
export function withBase<Row extends ComparableRow>(
  answer: Row,
  row: OracleRow,
  base: OracleInstant | null,
): Row {
  if (!base) return answer;
  const before = rowAtBase(row, base);
  return {
    ...answer,
    base_rss_bytes: before ? before.process.rss_bytes : null,
    base_subtree_rss_bytes: before ? before.place.subtreeRss : null,
  };
}

/** The base and what of `scope` (rows of the base) is gone. */
export function comparisonOf(
  history: OracleHistory,
  instant: OracleInstant,
  base: OracleInstant | null,
  query: RowsQuery,
  scope: readonly OracleRow[],
): Pick<ComparableLevel, 'base' | 'gone'> {
  if (!base) return { base: null, gone: null };
  const window = windowOf(history, base, query);
  const gone = scope
    .filter((row) => rowAtBase(row, instant) === null)
    .map((row) => answerRow(row, window))
    .filter((row) => matches(row, query));
  return {
    base: { ts: iso(base.t), used_bytes: base.sample.memUsed },
    gone: { processes: gone.length, rss_bytes: sum(gone.map((row) => row.rss_bytes)) },
  };
}
