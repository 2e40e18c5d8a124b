import { attributeMemory } from '../domain/attribution.ts';
import { formatInstant } from '../domain/stamp.ts';
import { sumSubtrees } from '../domain/subtree-choice.ts';
import { openWatchMatcher, watchedProcesses } from '../domain/watch-group.ts';
import { METRIC_COLUMN } from './alert-measures.ts';
import { lastSnapshotAt } from './choose-instant.ts';
import type { EvaluatedRule } from './evaluate-alerts.ts';
import type { History, RowTable } from './ports.ts';
import { readSnapshotAt, readSteadily } from './snapshot-rows.ts';
import { namesOf, placed } from './view-answer.ts';

/** Who held most of what an alert is about when it fired. */

export interface AlertCulprit {
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
  /** Those that hold it: itself and what is below it, of a watch group its members. */
  readonly processes: number;
  readonly bytes: number;
  /** Shared pages count for each process. */
  readonly rss_is_upper_bound: boolean;
  /** The sample that it is told from. */
  readonly ts: string;
}

interface Held {
  readonly row: number;
  readonly bytes: number;
  readonly processes: number;
  readonly isUpperBound: boolean;
}

/** Row of the largest known value above 0. */
function largestRow(values: ArrayLike<number>): number | null {
  let largest: number | null = null;
  for (let row = 0; row < values.length; row++)
    if (values[row] > (largest === null ? 0 : values[largest])) largest = row;
  return largest;
}

/** Whether a rule is about the process of a row. */
function isMemberIn({ group }: EvaluatedRule, { processes }: RowTable): (row: number) => boolean {
  if (!group) return () => true;
  const { memberOf } = openWatchMatcher(group)(watchedProcesses(processes));
  return (row) => memberOf[row] >= 0;
}

/** The process that the rule `level` is about. */
function largestOne(evaluated: EvaluatedRule, table: RowTable): Held | null {
  const { of, metric } = evaluated.rule;
  const known = table.processes.numbers[METRIC_COLUMN[metric]];
  const isMember = isMemberIn(evaluated, table);
  const zeroed = Float64Array.from(known, (bytes) => (Number.isNaN(bytes) ? 0 : bytes));
  const sums = of === 'subtree' ? sumSubtrees(zeroed, table.subtreeProcesses) : zeroed;
  const row = largestRow(sums.map((sum, at) => (isMember(at) ? sum : 0)));
  if (row === null) return null;
  const processes = of === 'subtree' ? table.subtreeProcesses[row] : 1;
  return { row, bytes: sums[row], processes, isUpperBound: metric === 'rss' && processes > 1 };
}

/** What each process counts for, as the answer takes it: PSS where it is known, else RSS; or what the rule is told by. */
function massesOf({ rule, group }: EvaluatedRule, { processes: { numbers } }: RowTable) {
  if (rule.kind === 'swap' || rule.metric === 'swap') {
    const swap = numbers.swap_bytes.map((bytes) => (Number.isNaN(bytes) ? 0 : bytes));
    return { rss: swap, pss: swap };
  }
  const isTold = group === null || rule.metric === 'pss';
  return { rss: numbers.rss_bytes, pss: numbers.pss_bytes.map((bytes) => (isTold ? bytes : Number.NaN)) };
}

/** The largest of the subtrees that one would name, of what the rule's processes hold. */
function largestSubtree(evaluated: EvaluatedRule, table: RowTable): Held | null {
  const isMember = isMemberIn(evaluated, table);
  const own = (values: Float64Array) => values.map((bytes, row) => (isMember(row) ? bytes : 0));
  const { rss, pss } = massesOf(evaluated, table);
  const forest = { ...placed(table), ...namesOf(table), rss: own(rss), pss: own(pss) };
  const [largest] = attributeMemory(forest, null, 1).largest;
  if (!largest) return null;
  const { row, bytes, isUpperBound } = largest;
  const rows = Array.from({ length: table.subtreeProcesses[row] }, (_, below) => row + below);
  return { row, bytes, processes: rows.filter(isMember).length, isUpperBound };
}

/** Who is killed is gone in the sample that counts him: before it he was there. */
function sampleOf(history: History, host: string, { rule }: EvaluatedRule, fired: number): number | null {
  return lastSnapshotAt(history.spine(host), rule.kind === 'oom' ? fired - 1 : fired);
}

/** Within `readSteadily`. @returns `null` where no process is known then */
async function findCulprit(
  history: History,
  host: string,
  evaluated: EvaluatedRule,
  fired: number,
): Promise<AlertCulprit | null> {
  const t = sampleOf(history, host, evaluated, fired);
  if (t === null) return null;
  const { table } = await readSnapshotAt(history, host, t);
  const held =
    evaluated.rule.kind === 'level' ? largestOne(evaluated, table) : largestSubtree(evaluated, table);
  if (!held) return null;
  const { texts } = table.processes;
  const { row, bytes, processes, isUpperBound } = held;
  const { key, pid } = table.lives[row];
  return {
    ...{ key, pid, cmd: texts.cmd[row], comm: texts.comm[row], user: texts.user[row] },
    ...{ processes, bytes, rss_is_upper_bound: isUpperBound, ts: formatInstant(t) },
  };
}

export type FindCulprit = (
  host: string,
  evaluated: EvaluatedRule,
  fired: number,
) => Promise<AlertCulprit | null>;

/** So many are kept: some pages of alerts. */
const MOST_KEPT = 500;

/** Who it was when an alert fired does not change: each is looked for once. */
export function openCulprits(history: History): FindCulprit {
  const found = new Map<string, Promise<AlertCulprit | null>>();
  return (host, evaluated, fired) => {
    const key = JSON.stringify([host, fired, evaluated.given, evaluated.group]);
    const known = found.get(key) ?? readSteadily(() => findCulprit(history, host, evaluated, fired));
    found.delete(key);
    found.set(key, known);
    known.catch(() => found.delete(key));
    const [oldest] = found.keys();
    if (found.size > MOST_KEPT) found.delete(oldest);
    return known;
  };
}
