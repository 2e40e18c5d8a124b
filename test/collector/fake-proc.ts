import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReadingLimits, RecordLayout } from '../../collector/record-layout.ts';
import { buildRecordLayout } from '../../collector/record-layout.ts';
import { openProcfsSource } from '../../collector/sources/procfs.ts';
import type { ProcfsOptions } from '../../collector/sources/reader.ts';

const MEMORY = '/dev/shm';

/** A folder that is removed when the test is over. */
export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'pmi-collector-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One in memory where there is such a file system: for thousands of dumps, each of which is synced five times. */
export function memoryFolder(): string {
  return temporaryFolder(existsSync(MEMORY) ? MEMORY : tmpdir());
}

export interface FakeProcess {
  readonly pid: number;
  readonly ppid?: number;
  readonly comm?: string | Buffer;
  readonly state?: string;
  readonly startTicks?: number;
  readonly startCode?: number;
  readonly argStart?: number;
  /** Pages of 4 KiB. */
  readonly rss?: number;
  readonly vsz?: number;
  readonly cmdline?: string | Buffer;
  readonly uid?: number;
  /** Other contents than those that follow from the above; `null`: no such file. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
}

/** A line as proc_pid_stat(5) has it: 52 fields, those not given 0. */
export function statLine({
  pid,
  ppid = 1,
  comm = 'sleep',
  state = 'S',
  startTicks = 1000,
  startCode = 4096,
  argStart = 8192,
}: FakeProcess): Buffer {
  const fields = new Array<number>(49).fill(0);
  const put = (field: number, value: number) => {
    fields[field - 4] = value;
  };
  put(4, ppid);
  put(14, 150);
  put(15, 25);
  put(20, 3);
  put(22, startTicks);
  put(26, startCode);
  put(48, argStart);
  return Buffer.concat([
    Buffer.from(`${pid} (`),
    Buffer.from(comm),
    Buffer.from(`) ${state} ${fields.join(' ')}\n`),
  ]);
}

function statusText({ uid = 1000, rss = 100 }: FakeProcess): string {
  return `Name:\tsleep\nState:\tS (sleeping)\nUid:\t7\t${uid}\t8\t9\nVmHWM:\t  ${rss * 8} kB\nVmSwap:\t      12 kB\nThreads:\t3\n`;
}

export function putProcess(root: string, process: FakeProcess): void {
  const { rss = 100, vsz = 500, cmdline = 'sleep\x0060\0' } = process;
  const files: Record<string, string | Buffer | null> = {
    stat: statLine(process),
    statm: `${vsz} ${rss} 50 5 0 100 0\n`,
    status: statusText(process),
    cmdline,
    cgroup: '0::/user.slice\n',
    smaps_rollup: `00400000-7fff r--p 00000000 00:00 0 [rollup]\nRss: ${rss * 4} kB\nPss:  ${rss * 2} kB\n`,
    ...process.files,
  };
  const folder = join(root, String(process.pid));
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    rmSync(join(folder, name), { force: true });
    if (content !== null) writeFileSync(join(folder, name), content);
  }
}

export function endProcess(root: string, pid: number): void {
  rmSync(join(root, String(pid)), { recursive: true, force: true });
}

/** A proc root with these processes and nothing else. */
export function fakeProc(...processes: readonly FakeProcess[]): string {
  const root = temporaryFolder();
  for (const process of processes) putProcess(root, process);
  return root;
}

export function putFile(root: string, name: string, content: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

/** A proc root with two processes and what the system file needs. */
export function fakeHost(): string {
  const root = fakeProc({ pid: 1, ppid: 0, rss: 10 }, { pid: 2, rss: 20 });
  putFile(root, 'meminfo', 'MemTotal: 2048 kB\nHugePages_Total: 0\n');
  putFile(root, 'uptime', '100.00 1.00\n');
  return root;
}

/** A process as a test wants to look at it. */
export type SeenProcess = Readonly<Record<string, string | number | null>>;

export interface SeenTable {
  readonly processes: readonly SeenProcess[];
  readonly vanished: number;
  readonly unreadable: number;
}

export interface ProcReader {
  read(): Promise<SeenTable>;
  /** What the last read could not see. */
  limits(): ReadingLimits | undefined;
}

/** Reads a proc root the way the recorder does; each process by metric id, unknown figures as `null`. */
export function openReaderOf(procRoot: string, options: Partial<ProcfsOptions> = {}): ProcReader {
  const { layout = buildRecordLayout() } = options;
  const monotonic = () => performance.now();
  const usual = { procRoot, passwdPath: '/nowhere', layout, rollupBudgetMs: 50, monotonic };
  const source = openProcfsSource({ ...usual, ...options });
  let limits: ReadingLimits | undefined;
  return {
    limits: () => limits,
    async read() {
      const { records, vanished, unreadable, ...rest } = await source.read();
      limits = rest.limits;
      return { processes: records.map((record) => seen(record, layout)), vanished, unreadable };
    },
  };
}

function seen(
  { numbers, texts }: { readonly numbers: readonly number[]; readonly texts: readonly (string | null)[] },
  layout: RecordLayout,
): SeenProcess {
  const figures = [...layout.numberSlots].map(([id, slot]) => {
    return [id, Number.isNaN(numbers[slot]) ? null : numbers[slot]] as const;
  });
  return Object.fromEntries([...figures, ...[...layout.textSlots].map(([id, slot]) => [id, texts[slot]])]);
}
