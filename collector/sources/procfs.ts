import type { CachedProcess } from '../process-cache.ts';
import type { ProcessSource, ReadingLimits } from '../record-layout.ts';
import { listPids } from './proc-files.ts';
import { readProcess, readStatAgain } from './process-reader.ts';
import { forgetMeasured, readRollup } from './read-memory.ts';
import type { ProcfsOptions, Reader } from './reader.ts';
import { closeKept, openReader } from './reader.ts';
import { openRollupBudget, ownCpuMs } from './rollup-budget.ts';

function closeFiles(reader: Reader, { fd, runFd }: CachedProcess): void {
  closeKept(reader, fd);
  closeKept(reader, runFd);
}

function closeOf(reader: Reader): (process: CachedProcess) => void {
  return (process) => {
    closeFiles(reader, process);
    reader.orphaning.add(process.pid);
  };
}

/** PPID changes only when a parent ends: then that of its children is read again, in the same sample. */
function readOrphans(reader: Reader): void {
  const { cache, orphaning, ppidSlot } = reader;
  if (orphaning.size === 0) return;
  const parents = new Set(orphaning);
  orphaning.clear();
  for (const process of [...cache.all])
    if (parents.has(process.numbers[ppidSlot])) readStatAgain(reader, process);
}

/** Until nothing is waited for, and no process has ended of which that is not known to its children. */
async function settleFamilies(reader: Reader, end: (process: CachedProcess) => void): Promise<void> {
  const { cache, guard, orphaning } = reader;
  do {
    if (!guard.isIdle) await guard.settle();
    cache.sweep(end);
    readOrphans(reader);
  } while (orphaning.size > 0 || !guard.isIdle);
  cache.sweep(end);
}

/** Asks for PSS. @returns nothing when it is there at once; else whether it came */
function measure(reader: Reader, process: CachedProcess): Promise<boolean> | undefined {
  if (process.seenAt < 0 || process.isBlocked) return undefined;
  readRollup(reader, process);
  if (reader.guard.isIdle) return undefined;
  return reader.guard.settle().then(() => !process.isBlocked);
}

/** Those that PSS is read of: those that are watched and have none that may be kept. */
function measurable({ cache, watched }: Reader): readonly CachedProcess[] {
  return watched ? cache.all.filter(({ pid, pssAt }) => pssAt < 0 && watched.has(pid)) : cache.all;
}

const OWN_UID = process.geteuid?.() ?? 0;

/** Who is refused the PSS of one other user's process is refused it of all, also of those not asked yet. */
function limitsOf({ cache }: Reader): ReadingLimits {
  let denied = 0;
  let others = 0;
  let isOtherDenied = false;
  const blocked: number[] = [];
  for (const { isRollupDenied, isBlocked, pid, uid, rss, rollupTick } of cache.all) {
    const isOther = uid !== OWN_UID;
    if (isBlocked) blocked.push(pid);
    if (isRollupDenied) {
      denied++;
      isOtherDenied ||= isOther;
    } else if (isOther && rss > 0 && rollupTick < 0) others++;
  }
  return { pssDenied: isOtherDenied ? denied + others : denied, blocked };
}

/**
 * Reads all processes of a proc file system: sizes of each at every call, exactly; the rest where it may have
 * changed; PSS, HWM and SWAP on a budget. Which figures are read follows from the layout's catalogue.
 */
export function openProcfsSource(options: ProcfsOptions): ProcessSource {
  const reader = openReader(options);
  const budget = openRollupBudget(options.rollupBudgetMs, { cpu: ownCpuMs, monotonic: options.monotonic });
  const { cache, guard, users, files } = reader;
  const end = closeOf(reader);
  const pids: number[] = [];
  return {
    isStuck: () => guard.stuck > 0,
    close() {
      for (const process of cache.all) closeFiles(reader, process);
    },
    async read() {
      reader.vanished = 0;
      reader.unreadable = 0;
      reader.watched = options.watched?.() ?? null;
      users.refresh();
      cache.beginTick();
      guard.beginTick();
      forgetMeasured(reader);
      listPids(files, pids);
      for (const pid of pids) readProcess(reader, pid);
      await settleFamilies(reader, end);
      if (!guard.isSpent)
        await budget.spend(measurable(reader), cache.tick, (process) => measure(reader, process));
      cache.rank();
      const { vanished, unreadable } = reader;
      return { records: cache.all, vanished, unreadable, limits: limitsOf(reader) };
    },
  };
}
