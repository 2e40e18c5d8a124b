import { readFileSync } from 'node:fs';
import { systemErrorCode } from './system-error.ts';

/** One life of a process on one boot of a host: a pid alone is reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, digits; `0` where it is not known. */
  readonly startTicks: string;
  /** `-` where it is not known. */
  readonly bootId: string;
}

const START_TICKS_AFTER_STATE = 19;
const ENDED_STATES = 'ZX';

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** State and start of a process; `null` where it cannot be read. */
function readStat(pid: number): { readonly state: string; readonly startTicks: string } | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], startTicks: fields[START_TICKS_AFTER_STATE] };
}

function readBootId(): string {
  const text = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return /^[0-9a-f-]{36}$/.test(text) ? text : '-';
}

export function readOwnIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTicks: readStat(process.pid)?.startTicks ?? '0',
    bootId: readBootId(),
  };
}

/** Whether any process has this pid, also one of another user or one that hidepid hides. */
export function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

/** Whether that very process still runs. A zombie does not; one that cannot be looked at does. */
export function isRunning({ pid, startTicks, bootId }: ProcessIdentity): boolean {
  if (bootId !== readBootId() || !isPidTaken(pid)) return false;
  const now = readStat(pid);
  if (now === null) return true;
  return now.startTicks === startTicks && !ENDED_STATES.includes(now.state);
}
