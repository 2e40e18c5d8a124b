import { executableOf } from './executable.ts';
import type { ProcessRow } from './metrics.ts';
import { displayText } from './text-notation.ts';

/**
 * A watch group: a named set of processes, chosen by rules, with a name for each part. It holds whatever matches at
 * an instant: membership is per sample, like that of the tree.
 */

/** What must all hold of a process, or `pid`'s of one of its ancestors; at least one is given. */
export interface WatchRule {
  /** In cmd or comm, whatever the case; `*` stands for any text. Literal otherwise: others' patterns must end. */
  readonly pattern?: string | undefined;
  readonly user?: string | undefined;
  readonly cgroup?: string | undefined;
  readonly exe?: string | undefined;
  /** The process with this pid and all below it. */
  readonly pid?: number | undefined;
}

export interface WatchMember {
  readonly name: string;
  readonly rule: WatchRule;
}

export interface WatchGroup {
  readonly name: string;
  readonly members: readonly WatchMember[];
}

/** Of a process, in dump notation. */
export type WatchedProcess = Pick<ProcessRow, 'pid' | 'ppid' | 'user' | 'cgroup' | 'cmd' | 'comm'>;

/** Of one sample: which member each process belongs to. */
export interface WatchMatches {
  /** By row: the index of the first member that it matches, or -1. A process counts once. */
  readonly memberOf: Int16Array;
  /** Rows that more than one member matches, by row: all of those members. */
  readonly ambiguous: ReadonlyMap<number, readonly number[]>;
}

/** Matches a text that holds the parts of a pattern, those between its `*`, one after the other. */
function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

/** Each is null where the rule does not ask for it. */
function textTestOf(pattern: string | undefined): ((process: WatchedProcess) => boolean) | null {
  if (pattern === undefined) return null;
  const parts = pattern.toLowerCase().split('*');
  const holds = (text: string | null) =>
    text !== null && holdsInOrder(displayText(text).toLowerCase(), parts);
  return ({ cmd, comm }) => holds(cmd) || holds(comm);
}

/** Whether a process, or one above it, has the pid. `parents`: of every pid of the sample; loops end. */
function isUnder(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === root) return true;
    seen.add(at);
  }
  return false;
}

type RuleTest = (process: WatchedProcess, parents: ReadonlyMap<number, number>) => boolean;

function ruleTest({ pattern, user, cgroup, exe, pid }: WatchRule): RuleTest {
  const text = textTestOf(pattern);
  return (process, parents) =>
    (user === undefined || process.user === user) &&
    (cgroup === undefined || process.cgroup === cgroup) &&
    (exe === undefined || executableOf(process.cmd, process.comm) === exe) &&
    (text === null || text(process)) &&
    (pid === undefined || isUnder(process.pid, pid, parents));
}

/** @returns what tells the processes of one sample apart; it can be asked again and again */
export function openWatchMatcher({
  members,
}: WatchGroup): (processes: readonly WatchedProcess[]) => WatchMatches {
  const tests = members.map(({ rule }) => ruleTest(rule));
  return (processes) => {
    const parents = new Map(processes.map(({ pid, ppid }) => [pid, ppid]));
    const ambiguous = new Map<number, readonly number[]>();
    const memberOf = Int16Array.from(processes, (process, row) => {
      const matching = tests.flatMap((test, member) => (test(process, parents) ? [member] : []));
      if (matching.length > 1) ambiguous.set(row, matching);
      return matching[0] ?? -1;
    });
    return { memberOf, ambiguous };
  };
}
