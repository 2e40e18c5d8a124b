import type { CachedProcess } from '../process-cache.ts';
import { hashBytes } from './hash-bytes.ts';
import type { StatLine } from './parse-stat.ts';
import { readProcFile, VANISHED } from './proc-files.ts';
import { parseCgroup, textOf } from './process-texts.ts';
import { readStatus, readThroughMemory } from './read-memory.ts';
import type { Reader } from './reader.ts';
import { leaveOut } from './reader.ts';

/** What is remembered between samples: name, user, control group and command of a process. */

/** The hash of a file that is not there to be read. */
const NONE = -1;

function putText(process: CachedProcess, slot: number, text: string | null): void {
  if (process.texts[slot] === text) return;
  process.texts[slot] = text;
  process.isChanged = true;
}

/** COMM, from the stat line in `bytes`. */
export function putName(
  { plan }: Reader,
  process: CachedProcess,
  { commStart, commEnd }: StatLine,
  bytes: Buffer,
): void {
  putText(process, plan.text.comm, textOf(bytes, commStart, commEnd));
}

function hashOf(length: number, bytes: Buffer): number {
  return length < 0 ? NONE : hashBytes(bytes, 0, length);
}

function putCommand(
  { plan, commandOf }: Reader,
  process: CachedProcess,
  length: number,
  bytes: Buffer,
): void {
  const hash = hashOf(length, bytes);
  if (hash === process.commandHash) return;
  process.commandHash = hash;
  putText(process, plan.text.cmd, length < 0 ? null : commandOf(bytes, length));
}

/** @returns a length, or `VANISHED`, or `UNREADABLE` */
function readCgroup({ files, plan }: Reader, process: CachedProcess): number {
  const length = readProcFile(files, `${files.root}/${process.pid}/cgroup`);
  const hash = hashOf(length, files.bytes);
  if (length === VANISHED || hash === process.groupHash) return length;
  process.groupHash = hash;
  putText(process, plan.text.cgroup, length < 0 ? null : parseCgroup(files.bytes, length));
  return length;
}

function readUser(reader: Reader, process: CachedProcess): number {
  const { uid } = process;
  const length = readStatus(reader, process);
  if (process.uid !== uid) process.isRollupDenied = false;
  putText(process, reader.plan.text.user, process.uid < 0 ? null : reader.users.nameOf(process.uid));
  return length;
}

/**
 * Reads them again. The command of a process that waits for a device is left for a later sample.
 * @returns false when it has ended
 */
export function readTexts(reader: Reader, process: CachedProcess): boolean {
  if (readCgroup(reader, process) === VANISHED || readUser(reader, process) === VANISHED) {
    leaveOut(reader, VANISHED, process);
    return false;
  }
  readThroughMemory(reader, process, 'cmdline', (length, bytes) => {
    if (length === VANISHED) return leaveOut(reader, VANISHED, process);
    process.isStale = false;
    putCommand(reader, process, length, bytes);
  });
  return process.seenAt >= 0;
}
