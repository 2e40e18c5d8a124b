import { parseArguments } from '../../../collector/sources/command-text.ts';
import type { StatLine } from '../../../collector/sources/parse-stat.ts';
import { openStatLine, parseStat } from '../../../collector/sources/parse-stat.ts';
import { readProcFile, readProcText } from '../../../collector/sources/proc-files.ts';
import { textOf } from '../../../collector/sources/process-texts.ts';
import { recordCommand } from '../../domain/command-mode.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import type { AnalysedProcess, ProcessKind } from '../../domain/process-analysis.ts';
import { strongKey } from '../../domain/process-key.ts';
import type { Host } from './host.ts';
import { readSmall } from './read-through-memory.ts';

/** Who a process is: which life of its pid, of whom, by which command. */

/** Fields of proc_pid_stat(5). */
const PPID = 4;
const FLAGS = 9;
const START_TICKS = 22;
/** PF_KTHREAD, include/linux/sched.h. */
const KERNEL_THREAD = 0x00200000;

function gone(pid: number): MemoryInspectorError {
  return new MemoryInspectorError('process_gone', `There is no process ${pid} on this host`, {
    field: 'pid',
    next: 'It has ended, or hidepid keeps it from this user. Please enter a valid process ID.',
  });
}

/** @throws `process_gone` */
export function readStatLine({ files, procRoot }: Host, pid: number): StatLine {
  const stat = openStatLine();
  const length = readProcFile(files, `${procRoot}/${pid}/stat`);
  if (length < 0 || !parseStat(files.bytes, length, stat)) throw gone(pid);
  return stat;
}

function kindOf({ state, fields }: StatLine): ProcessKind {
  if ('ZX'.includes(String.fromCharCode(state))) return 'zombie';
  return (fields[FLAGS] & KERNEL_THREAD) === 0 ? 'program' : 'kernel_thread';
}

/** proc_pid_status(5): `Uid: real effective saved file-system`. */
const EFFECTIVE_UID = /^Uid:\t\d+\t(\d+)/m;

function readUser({ files, users }: Host, pid: number): string | null {
  const uid = EFFECTIVE_UID.exec(readProcText(files, `${pid}/status`) ?? '')?.[1];
  users.refresh();
  return uid === undefined ? null : users.nameOf(Number(uid));
}

const UPTIME = /^(\d+\.\d+) /;

function startedAt({ files, constants }: Host, startTicks: number): number {
  const uptime = Number(UPTIME.exec(readProcText(files, 'uptime') ?? '')?.[1]);
  return Math.round(Date.now() - (uptime - startTicks / constants.clockTicks) * 1000);
}

const REDACTED = { mode: 'redacted', longest: null } as const;

async function readCommand(
  host: Host,
  process: AnalysedProcess,
  signal: AbortSignal,
): Promise<string | null> {
  if (process.kind !== 'program') return '';
  const { bytes, missing } = await readSmall(host.procRoot, process, 'cmdline', signal);
  return missing ? null : recordCommand(parseArguments(bytes, bytes.length), REDACTED);
}

/** @throws `process_gone` */
export async function identify(host: Host, pid: number, signal: AbortSignal): Promise<AnalysedProcess> {
  const stat = readStatLine(host, pid);
  // The next read overwrites the bytes that the line is told of.
  const comm = textOf(host.files.bytes, stat.commStart, stat.commEnd);
  const startTicks = stat.fields[START_TICKS];
  const process: AnalysedProcess = {
    pid,
    key: strongKey(host.prefix, pid, startTicks),
    ppid: stat.fields[PPID],
    kind: kindOf(stat),
    comm,
    cmd: null,
    state: String.fromCharCode(stat.state),
    user: readUser(host, pid),
    started: startedAt(host, startTicks),
  };
  return { ...process, cmd: await readCommand(host, process, signal) };
}
