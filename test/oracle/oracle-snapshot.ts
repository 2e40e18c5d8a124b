import { baseOf, comparisonOf } from './base.ts';
import type { ComparableSnapshot } from './contract.ts';
import type { OracleAbsence } from './oracle-history.ts';
import { historyOf, instantAt, noInstant } from './oracle-history.ts';
import { hiddenOf, levelsOf, totalsOf } from './oracle-level.ts';
import { forestOf, markMatches, withAncestors } from './oracle-pid.ts';
import type { RowsQuery } from './rows.ts';
import { DEFAULT_LIMIT, iso, matches, windowOf } from './rows.ts';

/** All processes of one sample as trees. */
export function oracleSnapshot(folder: string, query: RowsQuery): ComparableSnapshot | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const base = baseOf(history, query);
  if (base === 'unknown_timestamp') return base;
  const roots = [...instant.rows.values()].filter(({ place }) => place.parent === null);
  const members = forestOf(roots, { window: windowOf(history, instant, query), base, query });
  const matching = members.filter((member) => matches(member, query));
  const rows = withAncestors(members, matching.slice(0, query.limit ?? DEFAULT_LIMIT));
  return {
    ts: iso(instant.t),
    mem_total_bytes: instant.sample.memTotal,
    used_bytes: instant.sample.memUsed,
    ...comparisonOf(history, instant, base, query, base ? [...base.rows.values()] : []),
    levels: levelsOf(instant),
    rows: markMatches(rows, query),
    totals: totalsOf(matching),
    matched: matching.length,
    shown: rows.length,
    hidden: hiddenOf(members, rows),
  };
}
