import { baseOf, comparisonOf, withBase } from './base.ts';
import type { ComparableLevel, ComparableRow } from './contract.ts';
import type { OracleAbsence, OracleInstant } from './oracle-history.ts';
import { historyOf, instantAt, noInstant } from './oracle-history.ts';
import type { RowsQuery } from './rows.ts';
import { answerRow, DEFAULT_LIMIT, inOrder, iso, matches, sum, sumOfKnown, windowOf } from './rows.ts';

export interface LevelQuestion extends RowsQuery {
  readonly lvl?: number;
}

/** The processes of one level of the tree of one sample. */
export function oracleLevel(folder: string, query: LevelQuestion): ComparableLevel | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const base = baseOf(history, query);
  if (base === 'unknown_timestamp') return base;
  const level = query.lvl ?? 0;
  const window = windowOf(history, instant, query);
  const onLevel = ({ rows }: OracleInstant) =>
    [...rows.values()].filter(({ place }) => place.level === level);
  const rows = onLevel(instant).map((row) => withBase(answerRow(row, window), row, base));
  const matched = rows.filter((row) => matches(row, query)).sort(inOrder(query));
  const shown = matched.slice(0, query.limit ?? DEFAULT_LIMIT);
  return {
    ts: iso(instant.t),
    ...comparisonOf(history, instant, base, query, base ? onLevel(base) : []),
    level,
    levels: levelsOf(instant),
    rows: shown,
    totals: totalsOf(matched),
    matched: matched.length,
    shown: shown.length,
    hidden: hiddenOf(rows, shown),
  };
}

export function levelsOf(instant: OracleInstant): ComparableLevel['levels'] {
  const rows = [...instant.rows.values()];
  const levels = [...new Set(rows.map(({ place }) => place.level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const there = rows.filter(({ place }) => place.level === level);
    return { level, processes: there.length, rss_bytes: sum(there.map(({ process }) => process.rss_bytes)) };
  });
}

export function totalsOf(rows: readonly ComparableRow[]): ComparableLevel['totals'] {
  const pss = rows.map((row) => row.pss_bytes);
  const swap = rows.map((row) => row.swap_bytes);
  const countKnown = (values: readonly unknown[]) => values.filter((value) => value !== null).length;
  return {
    processes: rows.length,
    rss_bytes: sum(rows.map((row) => row.rss_bytes)),
    pss_bytes: sumOfKnown(pss),
    swap_bytes: sumOfKnown(swap),
    known: { pss: countKnown(pss), swap: countKnown(swap) },
  };
}

/** What of `all` is not among `shown`, and its RSS. */
export function hiddenOf(
  all: readonly ComparableRow[],
  shown: readonly { readonly pid: number }[],
): ComparableLevel['hidden'] {
  const shownPids = new Set(shown.map(({ pid }) => pid));
  const rest = all.filter(({ pid }) => !shownPids.has(pid));
  return { processes: rest.length, rss_bytes: sum(rest.map((row) => row.rss_bytes)) };
}
