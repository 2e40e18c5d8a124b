import { close, open, read } from 'node:fs';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { AnalysedProcess, Missing, MissingReason } from '../../domain/process-analysis.ts';

/**
 * Files that the kernel makes by walking the address space of another process. It takes locks of that process, which
 * may be held for ever, and long for a large one: read by Node's threads, never by the event loop's own.
 */

/** The kernel gives one page a read, whatever is asked for: seq_file. */
const CHUNK = 64 * 1024;
const PATIENCE_MS = 10_000;

type FileReason = Exclude<MissingReason, 'too_many'>;

const TEXTS: Readonly<Record<FileReason, (file: string, pid: number) => string>> = {
  permission: (file, pid) =>
    `/proc/${pid}/${file} may be read by the process's own user, root, or with CAP_SYS_PTRACE: run as that user or with sudo.`,
  kernel_thread: () => 'A kernel thread has no memory of its own.',
  zombie: () => 'It has ended and waits for its parent to notice; its memory has been given back.',
  not_in_kernel: (file) => `This kernel has no ${file}.`,
  no_answer: (file) =>
    `${file} has not come in ${PATIENCE_MS / 1000} s: its address space is held, as while a file server does not answer. Ask again later.`,
};

export function missingOf(what: string, reason: FileReason, pid: number): Missing {
  return { what, reason, text: TEXTS[reason](what, pid) };
}

/** Nobody wants the answer any more. */
export function givenUp(): MemoryInspectorError {
  return new MemoryInspectorError('client_gone', 'Nobody waits for the answer any more');
}

interface Wanted {
  readonly signal: AbortSignal;
  /** Gets `bytes[0 … length)`, which are overwritten after the call. */
  readonly take: (bytes: Buffer, length: number) => void;
}

function readOn(fd: number, bytes: Buffer, { signal, take }: Wanted, done: (error?: unknown) => void): void {
  if (signal.aborted) {
    done(signal.reason);
    return;
  }
  read(fd, bytes, 0, bytes.length, null, (error, length) => {
    if (error || length === 0) return done(error ?? undefined);
    take(bytes, length);
    readOn(fd, bytes, { signal, take }, done);
  });
}

/** A read that never returns keeps its thread and descriptor until it does; the asker does not wait for it. */
function readWhole(path: string, wanted: Wanted): Promise<void> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (failure, fd) => {
      if (failure) return reject(failure);
      readOn(fd, Buffer.allocUnsafe(CHUNK), wanted, (error) => {
        close(fd, () => (error === undefined ? resolve() : reject(error)));
      });
    });
  });
}

const REASONS: Readonly<Record<string, FileReason>> = {
  EACCES: 'permission',
  EPERM: 'permission',
  ENOENT: 'not_in_kernel',
  ESRCH: 'zombie',
};

function reasonOf(error: unknown): FileReason | undefined {
  return error instanceof DOMException ? 'no_answer' : REASONS[errorCodeOf(error)];
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * Reads a file of a process from its begin to its end.
 * @param file below /proc/PID
 * @returns why it could not be had, or `null`. Of a process that has ended (ESRCH) that is `zombie`: whoever asks looks
 * at the identity again
 * @throws `client_gone` when the signal says so
 */
export async function readThroughMemory(
  procRoot: string,
  { pid, kind }: AnalysedProcess,
  file: string,
  wanted: Wanted,
): Promise<Missing | null> {
  if (kind !== 'program') return missingOf(file, kind, pid);
  const signal = AbortSignal.any([wanted.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const reading = readWhole(`${procRoot}/${pid}/${file}`, { signal, take: wanted.take });
    await Promise.race([reading, untilAborted(signal)]);
    return null;
  } catch (error) {
    if (wanted.signal.aborted) throw givenUp();
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return missingOf(file, reason, pid);
  }
}

/** The same for a small file. @returns its bytes; empty where something is missing */
export async function readSmall(
  procRoot: string,
  process: AnalysedProcess,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: Buffer; readonly missing: Missing | null }> {
  const parts: Buffer[] = [];
  const take = (bytes: Buffer, length: number) => parts.push(Buffer.from(bytes.subarray(0, length)));
  const missing = await readThroughMemory(procRoot, process, file, { signal, take });
  return { bytes: missing ? Buffer.alloc(0) : Buffer.concat(parts), missing };
}
