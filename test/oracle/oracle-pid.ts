import { baseOf, comparisonOf, rowAtBase, withBase } from './base.ts';
import type { ComparablePid, ComparableRow } from './contract.ts';
import type { OracleAbsence, OracleHistory, OracleInstant, OracleRow, Range } from './oracle-history.ts';
import { firstSeen, historyOf, instantAt, lastSeen, noInstant, sameLife } from './oracle-history.ts';
import { hiddenOf } from './oracle-level.ts';
import type { RowsQuery } from './rows.ts';
import { answerRow, DEFAULT_LIMIT, inOrder, iso, matches, windowOf } from './rows.ts';

export interface PidQuestion extends RowsQuery {
  readonly pid: number;
  /** Asks for one life, as a key does: first_seen, epoch ms. */
  readonly since?: number;
}

export type Member = ComparableRow & { readonly depth: number; readonly parent: number | null };

/** A process, its ancestors and its subtree in one sample. */
export function oraclePid(folder: string, query: PidQuestion): ComparablePid | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, query.ts);
  if (!instant) return noInstant(history);
  const asked = instant.rows.get(query.pid);
  if (!asked || !sameLife(asked.life, query.pid, query.since)) return 'no_data_for_pid';
  const base = baseOf(history, query);
  if (base === 'unknown_timestamp') return base;
  const window = windowOf(history, instant, query);
  const before = base && rowAtBase(asked, base);
  const answer = (row: OracleRow) => withBase(answerRow(row, window), row, base);
  const members = subtreeOf(asked, { window, base, query });
  const matching = members.filter((member) => matches(member, query));
  const rows = withAncestors(members, matching.slice(0, query.limit ?? DEFAULT_LIMIT));
  return {
    ts: iso(instant.t),
    ...comparisonOf(history, instant, base, query, before ? familyOf(before) : []),
    process: answer(asked),
    ancestors: ancestorsOf(asked).map(answer),
    rows: markMatches(rows, query),
    instances: instancesOf(history, query.pid),
    matched: matching.length,
    shown: rows.length,
    hidden: hiddenOf(members, rows),
  };
}

/** The rows of a tree as the contract tells them. */
export function markMatches(rows: readonly Member[], query: RowsQuery): ComparablePid['rows'] {
  return rows.map(({ parent: _, ...row }) => ({ ...row, matched: matches(row, query) }));
}

interface Asked {
  readonly window: Range;
  readonly base: OracleInstant | null;
  readonly query: RowsQuery;
}

/** Depth first, siblings in the query's order. */
export function subtreeOf(row: OracleRow, asked: Asked, depth = 0): Member[] {
  const own = { ...answerOf(row, asked), depth, parent: depth === 0 ? null : row.place.parent };
  return [own, ...forestOf(childRows(row), asked, depth + 1)];
}

/** Trees one below the other, in the query's order. */
export function forestOf(roots: readonly OracleRow[], asked: Asked, depth = 0): Member[] {
  const order = inOrder(asked.query);
  return roots
    .map((root) => ({ root, answer: answerOf(root, asked) }))
    .sort((a, b) => order(a.answer, b.answer))
    .flatMap(({ root }) => subtreeOf(root, asked, depth));
}

function answerOf(row: OracleRow, { window, base }: Asked): ComparableRow {
  return withBase(answerRow(row, window), row, base);
}

/** A row and all its descendants. */
function familyOf(row: OracleRow): OracleRow[] {
  return [row, ...childRows(row).flatMap(familyOf)];
}

/** The direct children of a row, in its own sample. */
export function childRows(row: OracleRow): OracleRow[] {
  return row.place.children.flatMap((pid) => row.instant.rows.get(pid) ?? []);
}

/** `chosen` and what lies between them and the roots of `members`, in the order of `members`. */
export function withAncestors(members: readonly Member[], chosen: readonly Member[]): Member[] {
  const byPid = new Map(members.map((member) => [member.pid, member]));
  const kept = new Set<number>();
  for (const { pid } of chosen)
    for (let at = byPid.get(pid); at; at = at.parent === null ? undefined : byPid.get(at.parent))
      kept.add(at.pid);
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
