import type { RecordedProcess } from './read-dumps.ts';

/** Where a process stands in the tree of one sample. */
export interface TreePlace {
  readonly parent: number | null;
  readonly children: readonly number[];
  readonly level: number;
  readonly subtreeProcesses: number;
  readonly subtreeRss: number;
}

/** The tree of one sample by plain recursion over pids. */
export function placesInTree(processes: readonly RecordedProcess[]): Map<number, TreePlace> {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const parents = parentsWithoutLoops(byPid);
  const children = new Map<number, number[]>(processes.map(({ pid }) => [pid, []]));
  for (const [pid, parent] of parents) if (parent !== null) children.get(parent)?.push(pid);

  const childrenOf = (pid: number): readonly number[] => children.get(pid) ?? [];
  const levelOf = (pid: number): number => {
    const parent = parents.get(pid) ?? null;
    return parent === null ? 0 : 1 + levelOf(parent);
  };
  const membersOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(membersOf)];

  return new Map(
    processes.map(({ pid }) => {
      const members = membersOf(pid);
      const subtreeRss = members.reduce((sum, member) => sum + (byPid.get(member)?.rss_bytes ?? 0), 0);
      const place = { parent: parents.get(pid) ?? null, children: childrenOf(pid), level: levelOf(pid) };
      return [pid, { ...place, subtreeProcesses: members.length, subtreeRss }];
    }),
  );
}

function parentsWithoutLoops(byPid: ReadonlyMap<number, RecordedProcess>): Map<number, number | null> {
  const recordedParent = (pid: number): number | null => {
    const ppid = byPid.get(pid)?.ppid ?? 0;
    return ppid !== 0 && ppid !== pid && byPid.has(ppid) ? ppid : null;
  };
  const isCut = (pid: number): boolean => {
    const loop = loopThrough(pid, recordedParent);
    return loop.length > 0 && loop.every((other) => other === pid || isBefore(byPid, pid, other));
  };
  return new Map([...byPid.keys()].map((pid) => [pid, isCut(pid) ? null : recordedParent(pid)]));
}

/** The pids of the loop that `pid` is part of; none where the way up leads out or into a loop further up. */
function loopThrough(pid: number, parentOf: (pid: number) => number | null): number[] {
  const path = [pid];
  let up = parentOf(pid);
  while (up !== null && !path.includes(up)) {
    path.push(up);
    up = parentOf(up);
  }
  return up === pid ? path : [];
}

function isBefore(byPid: ReadonlyMap<number, RecordedProcess>, a: number, b: number): boolean {
  const startOf = (pid: number) => byPid.get(pid)?.start_ticks ?? -1;
  return startOf(a) !== startOf(b) ? startOf(a) < startOf(b) : a < b;
}
