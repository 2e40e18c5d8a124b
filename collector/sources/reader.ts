import type { CachedProcess, ProcessCache } from '../process-cache.ts';
import { openProcessCache, USUAL_TURNS } from '../process-cache.ts';
import type { RecordLayout } from '../record-layout.ts';
import { slotOf } from '../record-layout.ts';
import type { GuardedReads } from './guarded-reads.ts';
import { openGuardedReads } from './guarded-reads.ts';
import type { KeptDescriptors } from './kept-descriptors.ts';
import { descriptorBudget, NOT_KEPT, openKeptDescriptors, readDescriptorLimit } from './kept-descriptors.ts';
import { readKernelConstants } from './kernel-constants.ts';
import type { StatLine } from './parse-stat.ts';
import { openStatLine } from './parse-stat.ts';
import type { ProcFiles } from './proc-files.ts';
import { isKernelProc, openProcFiles, VANISHED } from './proc-files.ts';
import { parseCommandLine } from './process-texts.ts';
import type { ReadPlan } from './read-plan.ts';
import { buildReadPlan, lastField } from './read-plan.ts';
import type { UserNames } from './user-names.ts';
import { openUserNames } from './user-names.ts';

/** The bytes of /proc/PID/cmdline → CMD in dump notation. It may change the bytes. */
export type CommandOf = (bytes: Buffer, length: number) => string;

export interface ProcfsOptions {
  /** Usually `/proc`. */
  readonly procRoot: string;
  /** Usually `/etc/passwd`. */
  readonly passwdPath: string;
  readonly layout: RecordLayout;
  /** How long one sample may read PSS, SWAP and HWM, in ms; 0: never. */
  readonly rollupBudgetMs: number;
  /** A clock in ms for that budget. */
  readonly monotonic: () => number;
  /** How many descriptors to keep open; `null`: what `ulimit -n` allows. */
  readonly descriptors?: number | null;
  readonly commandOf?: CommandOf;
  /** How long one sample waits for processes that do not answer, in ms. */
  readonly patienceMs?: number;
  /** In how many reads the texts of each process are read again, where nothing shows that they changed. */
  readonly turns?: number | undefined;
  /**
   * Asked before each read for the pids whose stat, which has the CPU time, is read each time; PSS, SWAP and HWM are
   * read of no others. Without it, those are read of all in turn.
   */
  readonly watched?: (() => ReadonlySet<number>) | undefined;
  /**
   * How long PSS, SWAP and HWM stay known where the sizes of the process have not changed since, ms. Who shares its
   * pages may have come or gone meanwhile. 0: they are of one read only.
   */
  readonly keepPssMs?: number | undefined;
}

/** What reading processes needs, and what is left of it. */
export interface Reader {
  readonly files: ProcFiles;
  readonly plan: ReadPlan;
  readonly stat: StatLine;
  readonly statm: Float64Array;
  readonly cache: ProcessCache;
  readonly users: UserNames;
  readonly kept: KeptDescriptors;
  readonly guard: GuardedReads;
  readonly commandOf: CommandOf;
  /** The kernel answers, so that what is known of its locks holds. */
  readonly isKernel: boolean;
  readonly rssSlot: number;
  readonly ppidSlot: number;
  /** Pids whose children have another parent now. */
  readonly orphaning: Set<number>;
  /** Those with figures that do not stand for ever. */
  readonly measured: Set<CachedProcess>;
  readonly keepPssMs: number;
  readonly monotonic: () => number;
  /** Of the sample in hand; `null`: none in particular. */
  watched: ReadonlySet<number> | null;
  vanished: number;
  unreadable: number;
}

/** Of statm, counted from 1. */
const SHARED_FIELD = 3;

/** Ordinary files in place of the kernel's cannot tell that a process has ended: they are never kept. */
function keptBudget(files: ProcFiles, wanted: number | null, isKernel: boolean): number {
  const most = isKernel ? descriptorBudget(readDescriptorLimit(files)) : 0;
  return Math.min(most, wanted ?? most);
}

export function openReader(options: ProcfsOptions): Reader {
  const { procRoot, passwdPath, layout } = options;
  const files = openProcFiles(procRoot);
  const isKernel = isKernelProc(procRoot);
  const plan = buildReadPlan(layout, readKernelConstants(files));
  return {
    files,
    plan,
    stat: openStatLine(),
    statm: new Float64Array(lastField(plan.statm, SHARED_FIELD)),
    cache: openProcessCache(layout, options.turns ?? USUAL_TURNS),
    users: openUserNames(passwdPath),
    kept: openKeptDescriptors(keptBudget(files, options.descriptors ?? null, isKernel)),
    guard: openGuardedReads(options.patienceMs),
    commandOf: options.commandOf ?? parseCommandLine,
    isKernel,
    rssSlot: slotOf(layout.numberSlots, 'rss_bytes'),
    ppidSlot: slotOf(layout.numberSlots, 'ppid'),
    orphaning: new Set(),
    measured: new Set(),
    keepPssMs: options.keepPssMs ?? 0,
    monotonic: options.monotonic,
    watched: null,
    vanished: 0,
    unreadable: 0,
  };
}

/** @param fd one that is kept, or negative @returns none */
export function closeKept({ kept }: Reader, fd: number): number {
  if (fd >= 0) kept.close(fd);
  return NOT_KEPT;
}

/** It ended, or makes no sense: it is left out of the sample and counted, once. `length` tells which. */
export function leaveOut(reader: Reader, length: number, process?: CachedProcess): void {
  if (process && process.seenAt !== reader.cache.tick) return;
  if (length === VANISHED) reader.vanished++;
  else reader.unreadable++;
  if (process) reader.cache.drop(process);
}
