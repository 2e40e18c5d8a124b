import type { ComparablePid, ComparableRow } from './contract.ts';
import type { OracleAbsence, OracleHistory, OracleRow, Range } from './oracle-history.ts';
import { firstSeen, historyOf, instantAt, lastSeen, noInstant, sameLife } from './oracle-history.ts';
import { hiddenOf } from './oracle-level.ts';
import type { RowsQuery } from './rows.ts';
import { answerRow, DEFAULT_LIMIT, inOrder, iso, matches, windowOf } from './rows.ts';

export interface PidQuestion extends RowsQuery {
  readonly pid: number;
  /** Asks for one life, as a key does: first_seen, epoch ms. */
  readonly since?: number;
}

type Member = ComparableRow & { readonly depth: number; readonly parent: number | null };

/** A process, its ancestors and its subtree in one sample. */
export function oraclePid(folder: string, query: PidQuestion): ComparablePid | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const asked = instant.rows.get(query.pid);
  if (!asked || !sameLife(asked.life, query.pid, query.since)) return 'no_data_for_pid';
  const window = windowOf(history, instant, query);
  const members = subtreeOf(asked, 0, window, query);
  const matching = members.filter((member) => matches(member, query));
  const rows = withAncestors(members, matching.slice(0, query.limit ?? DEFAULT_LIMIT), asked);
  return {
    ts: iso(instant.t),
    process: answerRow(asked, window),
    ancestors: ancestorsOf(asked).map((row) => answerRow(row, window)),
    rows: rows.map(({ parent: _, ...row }) => ({ ...row, matched: matches(row, query) })),
    instances: instancesOf(history, query.pid),
    matched: matching.length,
    shown: rows.length,
    hidden: hiddenOf(members, rows),
  };
}

/** Depth first, siblings in the query's order. */
function subtreeOf(row: OracleRow, depth: number, window: Range, query: RowsQuery): Member[] {
  const children = childRows(row);
  const order = inOrder(query);
  const sorted = children
    .map((child) => ({ child, answer: answerRow(child, window) }))
    .sort((a, b) => order(a.answer, b.answer));
  const own = { ...answerRow(row, window), depth, parent: row.place.parent };
  return [own, ...sorted.flatMap(({ child }) => subtreeOf(child, depth + 1, window, query))];
}

/** The direct children of a row, in its own sample. */
export function childRows(row: OracleRow): OracleRow[] {
  return row.place.children.flatMap((pid) => row.instant.rows.get(pid) ?? []);
}

/** `chosen` and what lies between them and the asked process, in the order of `members`. */
function withAncestors(members: readonly Member[], chosen: readonly Member[], asked: OracleRow): Member[] {
  const byPid = new Map(members.map((member) => [member.pid, member]));
  const kept = new Set<number>();
  for (const { pid } of chosen) {
    for (let at = byPid.get(pid); at; at = byPid.get(at.parent ?? 0)) {
      kept.add(at.pid);
      if (at.pid === asked.process.pid) break;
    }
  }
  return members.filter(({ pid }) => kept.has(pid));
}

/** From the root down to the parent. */
function ancestorsOf(row: OracleRow): OracleRow[] {
  const parent = row.place.parent === null ? undefined : row.instant.rows.get(row.place.parent);
  return parent ? [...ancestorsOf(parent), parent] : [];
}

function instancesOf(history: OracleHistory, pid: number): ComparablePid['instances'] {
  return history.lives
    .filter((life) => life.pid === pid)
    .sort((a, b) => firstSeen(a) - firstSeen(b))
    .map((life) => ({
      cmd: life.rows[life.rows.length - 1].process.cmd,
      from: iso(firstSeen(life)),
      to: iso(lastSeen(life)),
    }));
}
