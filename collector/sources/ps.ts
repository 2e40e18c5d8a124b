import { execFile } from 'node:child_process';
import { MemoryInspectorError } from '../../server/domain/errors.ts';
import type { ProcessReading, ProcessRecord, ProcessSource, RecordLayout } from '../record-layout.ts';
import { byRssDescending, emptyRecord, slotOf } from '../record-layout.ts';
import { describeSystemError } from '../system-error.ts';
import { textOf } from './process-texts.ts';

/**
 * The process table as ps(1) tells it, for those who want exactly that. It tells no start ticks, so identities
 * are weak; nor HWM, PSS, SWAP, cgroup. CPU time is in whole seconds. It writes `?` for what it cannot print.
 */
const COLUMNS = ['pid', 'ppid', 's', 'nlwp', 'rss', 'vsz', 'time', 'user:64', 'args'] as const;
const FIXED = COLUMNS.length - 1;
const ARGUMENTS = ['-A', '-ww', ...COLUMNS.flatMap((column) => ['-o', `${column}=`])];

const TIMEOUT_MS = 30_000;
const LARGEST_OUTPUT = 1024 ** 3;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const KIB = 1024;

const COUNT = /^\d{1,15}$/;
/** POSIX: `[dd-]hh:mm:ss`. */
const CPU_TIME = /^(?:(\d+)-)?(\d+):(\d\d):(\d\d)$/;
/** A process without arguments: `[kthreadd]`, `[sh] <defunct>`. */
const BRACKETED = /^\[(.*)\](?: <defunct>)?$/;

interface PsOutput {
  readonly pid: number;
  readonly stdout: Buffer;
}

function runPs(command: string): Promise<PsOutput> {
  return new Promise((resolve, reject) => {
    const options = {
      encoding: 'buffer',
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      timeout: TIMEOUT_MS,
      maxBuffer: LARGEST_OUTPUT,
    } as const;
    const child = execFile(command, ARGUMENTS, options, (error, stdout, stderr) => {
      if (!error) return resolve({ pid: child.pid ?? -1, stdout });
      const said = textOf(stderr, 0, Math.max(0, stderr.indexOf(NEWLINE))) || describeSystemError(error);
      reject(
        new MemoryInspectorError('source_unavailable', `cannot run ${command}: ${said}`, {
          cause: error,
          next: 'Install procps, or leave out --source ps',
        }),
      );
    });
  });
}

function countOf(word: string): number {
  return COUNT.test(word) ? Number(word) : Number.NaN;
}

function secondsOf(word: string): number {
  const match = CPU_TIME.exec(word);
  if (!match) return Number.NaN;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** The first columns hold no spaces; all that follows them is the command. */
function splitLine(line: Buffer): { readonly words: readonly string[]; readonly command: string } | null {
  const words: string[] = [];
  let at = 0;
  while (words.length < FIXED) {
    while (line[at] === SPACE) at++;
    const start = at;
    while (at < line.length && line[at] !== SPACE) at++;
    if (start === at) return null;
    words.push(textOf(line, start, at));
  }
  while (line[at] === SPACE) at++;
  return { words, command: textOf(line, at, line.length) };
}

/** The command of a line of ps → what is recorded of it. */
export type LineOf = (command: string) => string;

function recordOf(layout: RecordLayout, line: Buffer, lineOf: LineOf): ProcessRecord | null {
  const split = splitLine(line);
  if (!split) return null;
  const { command } = split;
  const [pid, ppid, state, threads, rss, vsz, time, user] = split.words;
  const record = emptyRecord(layout, countOf(pid));
  const put = (id: string, value: number) => {
    record.numbers[slotOf(layout.numberSlots, id)] = value;
  };
  const write = (id: string, value: string) => {
    record.texts[slotOf(layout.textSlots, id)] = value;
  };
  record.rss = countOf(rss) * KIB;
  put('pid', record.pid);
  put('ppid', countOf(ppid));
  put('threads', countOf(threads));
  put('rss_bytes', record.rss);
  put('vsz_bytes', countOf(vsz) * KIB);
  put('cpu_seconds', secondsOf(time));
  write('user', user);
  write('state', state);
  const name = vsz === '0' ? BRACKETED.exec(command) : null;
  if (name) write('comm', name[1]);
  write('cmd', name ? '' : lineOf(command));
  return record;
}

function isWhole(record: ProcessRecord | null, layout: RecordLayout): record is ProcessRecord {
  if (!record || Number.isNaN(record.pid) || Number.isNaN(record.rss)) return false;
  return record.numbers[slotOf(layout.numberSlots, 'ppid')] >= 0;
}

/** What ps printed → records; its own row, `ownPid`, is left out. */
export function parsePs(
  stdout: Buffer,
  layout: RecordLayout,
  ownPid: number,
  lineOf: LineOf,
): ProcessReading {
  const records: ProcessRecord[] = [];
  let unreadable = 0;
  for (let at = 0; at < stdout.length; ) {
    const newline = stdout.indexOf(NEWLINE, at);
    const end = newline < 0 ? stdout.length : newline;
    const record = recordOf(layout, stdout.subarray(at, end), lineOf);
    if (!isWhole(record, layout)) unreadable++;
    else if (record.pid !== ownPid) records.push(record);
    at = end + 1;
  }
  return { records: records.sort(byRssDescending), vanished: 0, unreadable };
}

/** @param command the program to run, found in PATH; never through a shell */
export function openPsSource(layout: RecordLayout, lineOf: LineOf, command = 'ps'): ProcessSource {
  return {
    async read() {
      const { pid, stdout } = await runPs(command);
      return parsePs(stdout, layout, pid, lineOf);
    },
  };
}
