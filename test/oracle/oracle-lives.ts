import type { ComparableSearch, ComparableSparklines } from './contract.ts';
import type { OracleAbsence, OracleLife } from './oracle-history.ts';
import { firstSeen, historyOf, instantAt, lastSeen, noInstant } from './oracle-history.ts';
import { iso, largest } from './rows.ts';

/** Lives over the whole recording. */

const peak = (life: OracleLife) => largest(life.rows.map(({ process }) => process.rss_bytes));

/** Texts must be plain: what is shown of them is what is recorded. */
export function oracleSearch(
  folder: string,
  { q, limit = 20 }: { q: string; limit?: number },
): ComparableSearch {
  const found = historyOf(folder).lives.filter((life) => {
    const { cmd, comm, user } = life.rows[life.rows.length - 1].process;
    const holds = [cmd, comm, user].some((text) => text?.toLowerCase().includes(q.toLowerCase()));
    return holds || String(life.pid) === q;
  });
  found.sort(
    (a, b) =>
      Number(String(b.pid) === q) - Number(String(a.pid) === q) ||
      lastSeen(b) - lastSeen(a) ||
      peak(b) - peak(a) ||
      a.pid - b.pid,
  );
  const results = found.slice(0, limit).map((life) => {
    const { cmd, comm, user } = life.rows[life.rows.length - 1].process;
    const seen = { first_seen: iso(firstSeen(life)), last_seen: iso(lastSeen(life)) };
    return { kind: 'process' as const, pid: life.pid, cmd, comm, user, ...seen, rss_max_bytes: peak(life) };
  });
  return { results, total: found.length };
}

/** Lines of lives in a window of at most 60 samples with processes: then every one of them is drawn. */
export function oracleSparklines(
  folder: string,
  lives: readonly OracleLife[],
  { ts, seconds }: { ts: number; seconds: number },
): ComparableSparklines | OracleAbsence {
  const history = historyOf(folder);
  const instant = instantAt(history, ts);
  if (!instant) return noInstant(history);
  const t = history.instants
    .map((one) => one.t)
    .filter((one) => one <= instant.t && one >= instant.t - seconds * 1000);
  const lines = lives.map((life) =>
    t.map((one) => life.rows.find((row) => row.instant.t === one)?.place.subtreeRss ?? null),
  );
  return { ts: iso(instant.t), t, lines, strangers: [] };
}
