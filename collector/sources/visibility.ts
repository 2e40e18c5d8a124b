import { readlinkSync } from 'node:fs';
import type { ProcFiles } from './proc-files.ts';
import { openProcFiles, readProcText } from './proc-files.ts';

/** What this process cannot see of the host, however it reads. */
export interface Visibility {
  /** The mount option of proc(5) that hides other users' processes, as it is written there; `null`: none. */
  readonly hidepid: string | null;
  /** Only the processes of a PID namespace other than the first are shown: a container. */
  readonly isNamespace: boolean;
  /** Threads of the whole host; `null` where that is not told. */
  readonly threads: number | null;
}

/** PROC_PID_INIT_INO: the namespace that is there from the start. */
const FIRST_NAMESPACE = 'pid:[4026531836]';
const HIDEPID = /(?:^|,)hidepid=(?!0|off)([^,]+)/;
const RUNNING_OF_ALL = /^\S+ \S+ \S+ \d+\/(\d+) /;

function findHidepid(files: ProcFiles): string | null {
  const mounts = readProcText(files, 'self/mountinfo') ?? '';
  for (const line of mounts.split('\n').reverse()) {
    const [mount, superblock] = line.split(' - ');
    if (mount.split(' ')[4] !== files.root || !superblock?.startsWith('proc ')) continue;
    return HIDEPID.exec(superblock.split(' ')[2] ?? '')?.[1] ?? null;
  }
  return null;
}

function isInNamespace(files: ProcFiles): boolean {
  try {
    return readlinkSync(`${files.root}/self/ns/pid`) !== FIRST_NAMESPACE;
  } catch {
    return false;
  }
}

/** @param procRoot usually `/proc` */
export function readVisibility(procRoot: string): Visibility {
  const files = openProcFiles(procRoot);
  const threads = RUNNING_OF_ALL.exec(readProcText(files, 'loadavg') ?? '')?.[1];
  return {
    hidepid: findHidepid(files),
    isNamespace: isInNamespace(files),
    threads: threads === undefined ? null : Number(threads),
  };
}
