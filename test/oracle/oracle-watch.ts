import type { WatchGroup, WatchRule } from '../../server/domain/watch-group.ts';
import type { OracleHistory } from './oracle-history.ts';
import { programOf } from './rows.ts';

/** Which processes a watch group has, by other means than the product's: regular expressions and growing sets. */

interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string | null;
  readonly cgroup: string | null;
  readonly cmd: string | null;
  readonly comm: string | null;
}

/** Grows until nothing is added. */
function below(pid: number, processes: readonly Process[]): ReadonlySet<number> {
  const pids = new Set(processes.filter((one) => one.pid === pid).map((one) => one.pid));
  for (let size = -1; size < pids.size; ) {
    size = pids.size;
    for (const one of processes) if (pids.has(one.ppid)) pids.add(one.pid);
  }
  return pids;
}

/** A list of what does not hold, which must be empty. Patterns have no signs that mean something to expressions. */
export function belongsTo(one: Process, wanted: WatchRule, processes: readonly Process[]): boolean {
  const { pattern = '*', pid = one.pid } = wanted;
  const expression = new RegExp(pattern.replaceAll('*', '[\\s\\S]*'), 'i');
  const texts = [one.cmd, one.comm].filter((name) => name !== null);
  const program = programOf(one);
  const { user = one.user, cgroup = one.cgroup, exe = program } = wanted;
  const wrong = [
    wanted.pattern !== undefined && !texts.some((name) => expression.test(name)),
    one.user !== user,
    one.cgroup !== cgroup,
    program !== exe,
    !below(pid, processes).has(one.pid),
  ];
  return !wrong.includes(true);
}

export interface OracleSums {
  readonly processes: number;
  readonly rss_bytes: number;
  readonly pss_bytes: number | null;
  readonly pss_known: number;
  readonly vsz_bytes: number | null;
}

/** In each sample: the sums of each member, and of all. */
export function oracleTimeline(
  { instants }: OracleHistory,
  { members }: WatchGroup,
): readonly { readonly t: number; readonly members: readonly OracleSums[]; readonly total: OracleSums }[] {
  return instants.map(({ t, rows }) => {
    const processes = [...rows.values()].map(({ process }) => process);
    const memberOf = processes.map((one) => members.findIndex(({ rule }) => belongsTo(one, rule, processes)));
    const sumsOf = (isIn: (member: number) => boolean): OracleSums => {
      const chosen = processes.filter((_, at) => isIn(memberOf[at]));
      const known = chosen.flatMap(({ pss_bytes }) => pss_bytes ?? []);
      const isUnknown = chosen.length > 0 && known.length === 0;
      return {
        processes: chosen.length,
        rss_bytes: chosen.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0),
        pss_bytes: isUnknown ? null : known.reduce((sum, pss) => sum + pss, 0),
        pss_known: known.length,
        vsz_bytes: chosen.some(({ vsz_bytes }) => vsz_bytes === null)
          ? null
          : chosen.reduce((sum, { vsz_bytes }) => sum + (vsz_bytes ?? 0), 0),
      };
    };
    return {
      t,
      members: members.map((_, at) => sumsOf((member) => member === at)),
      total: sumsOf((member) => member >= 0),
    };
  });
}
