import type { ProcFiles } from '../../../collector/sources/proc-files.ts';
import { readProcText } from '../../../collector/sources/proc-files.ts';

/** A mount as /proc/self/mountinfo tells it (proc_pid_mountinfo(5)): those that this process sees. */
export interface Mount {
  /** `major:minor`: mounts of one device are one file system. */
  readonly device: string;
  /** As the kernel has it: names are bytes. */
  readonly path: Buffer;
  readonly type: string;
  readonly options: readonly string[];
}

const LINE = /^\d+ \d+ (\d+:\d+) \S+ (\S+) .*? - (\S+) \S+ (\S*)$/gm;

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function pathOf(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(plain, 'latin1');
}

/** Of mounts upon each other only the last is seen. */
export function readMounts(files: ProcFiles): readonly Mount[] {
  const text = readProcText(files, 'self/mountinfo') ?? '';
  const byPath = new Map<string, Mount>();
  for (const [, device, path, type, options] of text.matchAll(LINE))
    byPath.set(path, { device, path: pathOf(path), type, options: options.split(',') });
  return [...byPath.values()];
}
