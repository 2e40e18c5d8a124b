import { MemoryInspectorError } from './errors.ts';
import { executableOf } from './executable.ts';
import type { ProcessRow } from './metrics.ts';
import type { ProcessTable } from './sample.ts';
import { displayText } from './text-notation.ts';

/**
 * A watch group: a named set of processes, chosen by rules, with a name for each part. It holds whatever matches at
 * an instant: membership is per sample, like that of the tree.
 */

/** Bounds of names and lists. */
export const WATCH_LIMITS = { groups: 20, members: 20, text: 4096, pid: 2 ** 31 - 1 } as const;

/** A group's name stands in addresses, and as a key beside `system` and `timestamp` in answers. */
export const GROUP_NAME = /^(?!(?:system|timestamp)$)[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;
export const GROUP_NAME_HELP =
  'Letters, digits, _ . and -, at most 40, the first a letter or digit; not system or timestamp.';

/** One line that shows every character that it has. */
export const MEMBER_NAME = /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,60}(?<!\s)$/u;
export const MEMBER_NAME_HELP = '1 to 60 printable characters, without blanks around them.';

/** What a rule may ask for. Texts are in dump notation, but for `pattern`, which is compared with what is shown. */
export const WATCH_RULE_FIELDS = [
  {
    id: 'pattern',
    label: 'Command contains',
    help: 'In the command or name, whatever the case; * stands for any text.',
  },
  { id: 'user', label: 'User', help: 'Exactly this user.' },
  { id: 'cgroup', label: 'Cgroup', help: 'Exactly this control group.' },
  { id: 'exe', label: 'Executable', help: 'The command begins with this program, without its folder.' },
  { id: 'pid', label: 'PID', help: 'The process with this pid and all below it.' },
] as const satisfies readonly {
  readonly id: keyof WatchRule;
  readonly label: string;
  readonly help: string;
}[];

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
  /** How often sums of the regions of its processes are kept, as `5m`; not at all where it does not say. */
  readonly regions?: string | undefined;
}

/** Of a process, in dump notation. */
export type WatchedProcess = Pick<ProcessRow, 'pid' | 'ppid' | 'user' | 'cgroup' | 'cmd' | 'comm'>;

/** Texts of a process that rules look at. */
type WatchedText = 'user' | 'cgroup' | 'cmd' | 'comm';

/** Which of them the rules of a group look at: no other need be read. */
export function watchedTexts({ members }: WatchGroup): readonly WatchedText[] {
  const asks = (field: keyof WatchRule) => members.some(({ rule }) => rule[field] !== undefined);
  return [
    ...(asks('user') ? (['user'] as const) : []),
    ...(asks('cgroup') ? (['cgroup'] as const) : []),
    ...(asks('pattern') || asks('exe') ? (['cmd', 'comm'] as const) : []),
  ];
}

/** Every process of a sample, as watch groups look at it. */
export function watchedProcesses({ numbers, texts }: ProcessTable): WatchedProcess[] {
  return Array.from(numbers.pid, (pid, row) => ({
    pid,
    ppid: numbers.ppid[row],
    user: texts.user[row],
    cgroup: texts.cgroup[row],
    cmd: texts.cmd[row],
    comm: texts.comm[row],
  }));
}

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

/** A server watches for months: commands that come and go must not pile up. */
const MOST_TEXTS = 10_000;

/** Samples repeat their texts: each is looked at once. */
function rememberTexts(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const told = known.get(text);
    if (told !== undefined) return told;
    if (known.size >= MOST_TEXTS) known.clear();
    const found = test(text);
    known.set(text, found);
    return found;
  };
}

/** Each is null where the rule does not ask for it. */
function textTestOf(pattern: string | undefined): ((process: WatchedProcess) => boolean) | null {
  if (pattern === undefined) return null;
  const parts = pattern.toLowerCase().split('*');
  const holds = rememberTexts((text) => holdsInOrder(displayText(text).toLowerCase(), parts));
  return ({ cmd, comm }) => (cmd !== null && holds(cmd)) || (comm !== null && holds(comm));
}

/** Whether a process, or one above it, has the pid `root`. Each way up is walked once; loops end. */
function openBelow(root: number, processes: readonly WatchedProcess[]): (pid: number) => boolean {
  const parents = new Map(processes.map(({ pid, ppid }) => [pid, ppid]));
  const known = new Map([[root, parents.has(root)]]);
  return (pid) => {
    const path: number[] = [];
    let at: number | undefined = pid;
    for (; at !== undefined && !known.has(at); at = parents.get(at)) {
      known.set(at, false);
      path.push(at);
    }
    const isBelow = at !== undefined && known.get(at) === true;
    if (isBelow) for (const one of path) known.set(one, true);
    return isBelow;
  };
}

type ProcessTest = (process: WatchedProcess) => boolean;

/** What tells of a sample's processes which match a rule. */
function openRule({
  pattern,
  user,
  cgroup,
  exe,
  pid,
}: WatchRule): (processes: readonly WatchedProcess[]) => ProcessTest {
  const text = textTestOf(pattern);
  return (processes) => {
    const isBelow = pid === undefined ? null : openBelow(pid, processes);
    return (process) =>
      (user === undefined || process.user === user) &&
      (cgroup === undefined || process.cgroup === cgroup) &&
      (exe === undefined || executableOf(process.cmd, process.comm) === exe) &&
      (text === null || text(process)) &&
      (isBelow === null || isBelow(process.pid));
  };
}

/** @returns what tells the processes of one sample apart; it can be asked again and again */
export function openWatchMatcher({
  members,
}: WatchGroup): (processes: readonly WatchedProcess[]) => WatchMatches {
  const rules = members.map(({ rule }) => openRule(rule));
  return (processes) => {
    const tests = rules.map((rule) => rule(processes));
    const ambiguous = new Map<number, readonly number[]>();
    const memberOf = new Int16Array(processes.length).fill(-1);
    const put = (row: number, member: number) => {
      if (memberOf[row] < 0) memberOf[row] = member;
      else ambiguous.set(row, [...(ambiguous.get(row) ?? [memberOf[row]]), member]);
    };
    for (const [member, test] of tests.entries())
      for (let row = 0; row < processes.length; row++) if (test(processes[row])) put(row, member);
    return { memberOf, ambiguous };
  };
}

/** The pids of one sample that belong to a group. */
export function watchedPids(group: WatchGroup, processes: readonly WatchedProcess[]): ReadonlySet<number> {
  const { memberOf } = openWatchMatcher(group)(processes);
  return new Set(processes.filter((_, row) => memberOf[row] >= 0).map(({ pid }) => pid));
}

/** `NAME / member` of each group that a process (by pid) of one sample belongs to. */
export function openWatchNames(
  groups: readonly WatchGroup[],
  processes: readonly WatchedProcess[],
): (pid: number) => readonly string[] {
  const names = new Map<number, string[]>();
  for (const group of groups) {
    const { memberOf } = openWatchMatcher(group)(processes);
    for (const [row, { pid }] of processes.entries())
      if (memberOf[row] >= 0)
        names.set(pid, [...(names.get(pid) ?? []), `${group.name} / ${group.members[memberOf[row]].name}`]);
  }
  return (pid) => names.get(pid) ?? [];
}

/**
 * Groups with one more, or with another in the place of the one of its name.
 * @throws MemoryInspectorError `bad_parameter` where there are as many as there may be
 */
export function putGroup(groups: readonly WatchGroup[], group: WatchGroup): readonly WatchGroup[] {
  const place = groups.findIndex(({ name }) => name === group.name);
  if (place >= 0) return groups.with(place, group);
  if (groups.length < WATCH_LIMITS.groups) return [...groups, group];
  throw new MemoryInspectorError(
    'bad_parameter',
    `There are ${groups.length} watch groups, as many as there may be`,
    {
      field: 'name',
      next: 'Delete one that is no longer needed.',
    },
  );
}
