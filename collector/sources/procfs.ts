import type { CachedProcess, ProcessCache } from '../process-cache.ts';
import { openProcessCache } from '../process-cache.ts';
import type { ProcessSource, RecordLayout } from '../record-layout.ts';
import { slotOf } from '../record-layout.ts';
import { readKernelConstants } from './kernel-constants.ts';
import { parseKeyedLines } from './parse-keyed-lines.ts';
import type { StatLine } from './parse-stat.ts';
import { openStatLine, parseIntegers, parseStat } from './parse-stat.ts';
import type { ProcFiles } from './proc-files.ts';
import { listPids, openProcFiles, readProcFile, UNREADABLE, VANISHED } from './proc-files.ts';
import { parseCgroup, parseCommandLine, textOf } from './process-texts.ts';
import type { KeyedPlan, ReadPlan } from './read-plan.ts';
import { buildReadPlan, clearFigures, putFields, putFigures } from './read-plan.ts';
import type { RollupBudget } from './rollup-budget.ts';
import { openRollupBudget } from './rollup-budget.ts';
import type { UserNames } from './user-names.ts';
import { openUserNames } from './user-names.ts';

export interface ProcfsOptions {
  /** Usually `/proc`. */
  readonly procRoot: string;
  /** Usually `/etc/passwd`. */
  readonly passwdPath: string;
  readonly layout: RecordLayout;
  /** How long one sample may read PSS, in ms. */
  readonly rollupBudgetMs: number;
  /** A clock in ms for that budget. */
  readonly monotonic: () => number;
}

interface Reader {
  readonly files: ProcFiles;
  readonly plan: ReadPlan;
  readonly stat: StatLine;
  readonly statm: Float64Array;
  readonly cache: ProcessCache;
  readonly users: UserNames;
  readonly rollups: RollupBudget;
  readonly rssSlot: number;
  readonly vszSlot: number;
}

const OK = 0;
type Outcome = typeof OK | typeof VANISHED | typeof UNREADABLE;
/** statm has 7 fields, the first of which is field 1 in proc(5) and index 0 here. */
const STATM_FIELDS = 7;
const RESIDENT = 1;
/** Zombies and dead ones have no memory; a read of one that waits for a device (D) may wait with it. */
const STATES_WITHOUT_ROLLUP = 'ZXD';

function openReader({ procRoot, passwdPath, layout, rollupBudgetMs, monotonic }: ProcfsOptions): Reader {
  const files = openProcFiles(procRoot);
  return {
    files,
    plan: buildReadPlan(layout, readKernelConstants(files)),
    stat: openStatLine(),
    statm: new Float64Array(STATM_FIELDS),
    cache: openProcessCache(layout),
    users: openUserNames(passwdPath),
    rollups: openRollupBudget(rollupBudgetMs, monotonic),
    rssSlot: slotOf(layout.numberSlots, 'rss_bytes'),
    vszSlot: slotOf(layout.numberSlots, 'vsz_bytes'),
  };
}

/** A length of a file that may well be missing → what it means for the process. */
function outcomeOf(length: number): Outcome {
  return length === VANISHED ? VANISHED : OK;
}

/**
 * Resident and virtual size come from statm: field 24 of stat leaves out what each CPU has not yet added to the
 * sum, 10 % over all processes on Linux 6.18.
 */
function readSizes(reader: Reader, process: CachedProcess, folder: string): Outcome {
  const { files, statm, plan } = reader;
  const length = readProcFile(files, `${folder}/statm`);
  if (length < 0) return length === VANISHED ? VANISHED : UNREADABLE;
  parseIntegers(files.bytes, 0, length, statm);
  if (!(statm[RESIDENT] >= 0)) return UNREADABLE;
  putFields(plan.statm, statm, -1, process.numbers);
  process.rss = process.numbers[reader.rssSlot];
  return OK;
}

function readKeyed(reader: Reader, path: string, plan: KeyedPlan, process: CachedProcess): number {
  const length = readProcFile(reader.files, path);
  if (length < 0) {
    clearFigures(plan, process.numbers);
    return length;
  }
  parseKeyedLines(reader.files.bytes, length, plan.keys, plan.figures);
  putFigures(plan, process.numbers);
  return length;
}

function readStatus(reader: Reader, process: CachedProcess, folder: string): Outcome {
  const { status } = reader.plan;
  const length = readKeyed(reader, `${folder}/status`, status, process);
  if (length >= 0 && status.figures[0] >= 0) process.uid = status.figures[0];
  return outcomeOf(length);
}

/** What is remembered between samples: see process-cache.ts. */
function readTexts(reader: Reader, process: CachedProcess, folder: string): Outcome {
  const { files, plan } = reader;
  const command = readProcFile(files, `${folder}/cmdline`);
  if (command === VANISHED) return VANISHED;
  process.texts[plan.text.cmd] = command < 0 ? null : parseCommandLine(files.bytes, command);
  const group = readProcFile(files, `${folder}/cgroup`);
  if (group === VANISHED) return VANISHED;
  process.texts[plan.text.cgroup] = group < 0 ? null : parseCgroup(files.bytes, group);
  process.texts[plan.text.comm] = textOf(process.image.comm, 0, process.image.comm.length);
  process.tail = null;
  process.rollupDenied = false;
  process.stale = false;
  return OK;
}

/** A kernel thread and a zombie have no address space, so nothing in status changes but for its user. */
function readDetails(reader: Reader, process: CachedProcess, folder: string): Outcome {
  const hasMemory = process.numbers[reader.vszSlot] > 0;
  if (hasMemory || process.stale) {
    const outcome = readStatus(reader, process, folder);
    if (outcome !== OK) return outcome;
  } else clearFigures(reader.plan.status, process.numbers);
  return process.stale ? readTexts(reader, process, folder) : OK;
}

function readProcess(reader: Reader, pid: number): Outcome {
  const { files, stat, plan, cache, users } = reader;
  const folder = `${files.root}/${pid}`;
  const length = readProcFile(files, `${folder}/stat`);
  if (length < 0) return length === VANISHED ? VANISHED : UNREADABLE;
  if (!parseStat(files.bytes, length, stat)) return UNREADABLE;
  stat.fields[1] = pid;
  const process = cache.find(pid, stat, files.bytes);
  putFields(plan.stat, stat.fields, 0, process.numbers);
  process.texts[plan.text.state] = String.fromCharCode(stat.state);
  const sizes = readSizes(reader, process, folder);
  const outcome = sizes === OK ? readDetails(reader, process, folder) : sizes;
  if (outcome !== OK) cache.forget(process);
  process.texts[plan.text.user] = process.uid < 0 ? null : users.nameOf(process.uid);
  clearFigures(plan.rollup, process.numbers);
  return outcome;
}

function readRollup(reader: Reader, process: CachedProcess): void {
  const state = process.texts[reader.plan.text.state];
  if (process.rollupDenied || process.rss === 0) return;
  if (state === null || STATES_WITHOUT_ROLLUP.includes(state)) return;
  const path = `${reader.files.root}/${process.pid}/smaps_rollup`;
  const length = readKeyed(reader, path, reader.plan.rollup, process);
  process.rollupDenied = length === UNREADABLE;
}

/**
 * Reads all processes of a proc file system: stat, statm and status of each at every call, command, cgroup and
 * user where they may have changed, PSS on a budget. Which figures are read follows from the layout's catalogue.
 */
export function openProcfsSource(options: ProcfsOptions): ProcessSource {
  const reader = openReader(options);
  return {
    read() {
      const counts = { [OK]: 0, [VANISHED]: 0, [UNREADABLE]: 0 };
      reader.users.refresh();
      reader.cache.beginTick();
      for (const pid of listPids(reader.files)) counts[readProcess(reader, pid)]++;
      const records = reader.cache.endTick();
      reader.rollups.spend(
        records,
        (process) => readRollup(reader, process),
        (process) => process.rss,
      );
      return { records, vanished: counts[VANISHED], unreadable: counts[UNREADABLE] };
    },
  };
}
