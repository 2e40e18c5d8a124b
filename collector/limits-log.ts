import { displayText } from '../server/domain/text-notation.ts';
import type { ProcessReading, RecordLayout } from './record-layout.ts';
import { buildRecordLayout, slotOf } from './record-layout.ts';
import type { Visibility } from './sources/visibility.ts';
import { readVisibility } from './sources/visibility.ts';

/** Tells once of each thing that cannot be recorded, and how many processes it is about. */
export interface LimitsLog {
  tell(processes: ProcessReading): void;
}

function countOf(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}

function describeDenied(count: number): string {
  return `PSS of ${countOf(count, 'process', 'processes')} needs root or the same user (CAP_SYS_PTRACE): it is left empty`;
}

function describeUnreadable(count: number): string {
  return `${countOf(count, 'process', 'processes')} could not be read and ${count === 1 ? 'is' : 'are'} left out`;
}

/** Threads come and go while they are counted. */
const UNCERTAIN_THREADS = 4;

function visibleThreads({ records }: ProcessReading, layout: RecordLayout): number {
  const slot = slotOf(layout.numberSlots, 'threads');
  return records.reduce((sum, { numbers }) => sum + (numbers[slot] || 0), 0);
}

/** @param visible threads of the processes that were read */
export function describeHidden(
  { hidepid, isNamespace, threads }: Visibility,
  visible: number,
): string | null {
  const hidden = (threads ?? 0) - visible;
  if (hidden <= UNCERTAIN_THREADS) return null;
  const count = `${hidden} threads of other processes are not visible`;
  if (hidepid !== null)
    return `${count} (/proc is mounted with hidepid=${hidepid}): record as root, or in the group of its gid= option`;
  if (isNamespace) return `${count}: this is a PID namespace (a container), of which all is recorded`;
  return null;
}

function nameOf({ records }: ProcessReading, pid: number, layout: RecordLayout): string {
  const record = records.find((candidate) => candidate.pid === pid);
  return displayText(record?.texts[slotOf(layout.textSlots, 'comm')] ?? '');
}

function describeBlocked(pid: number, name: string): string {
  return `process ${pid} (${name}) does not answer: it is recorded in state D, without its memory`;
}

export function openLimitsLog(
  procRoot: string,
  log: (line: string) => void,
  layout: RecordLayout = buildRecordLayout(),
): LimitsLog {
  const told = new Set<string>();
  const tellOnce = (kind: string, describe: () => string | null) => {
    if (told.has(kind)) return;
    told.add(kind);
    const line = describe();
    if (line !== null) log(line);
  };
  return {
    tell(processes) {
      const { unreadable, limits } = processes;
      if (!limits) return;
      tellOnce('hidden', () => describeHidden(readVisibility(procRoot), visibleThreads(processes, layout)));
      if (unreadable > 0) tellOnce('unreadable', () => describeUnreadable(unreadable));
      if (limits.pssDenied > 0) tellOnce('denied', () => describeDenied(limits.pssDenied));
      for (const pid of limits.blocked)
        tellOnce(`pid ${pid}`, () => describeBlocked(pid, nameOf(processes, pid, layout)));
    },
  };
}
