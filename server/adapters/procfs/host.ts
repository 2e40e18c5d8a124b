import { hostname } from 'node:os';
import { join } from 'node:path';
import type { KernelConstants } from '../../../collector/sources/kernel-constants.ts';
import { readKernelConstants } from '../../../collector/sources/kernel-constants.ts';
import type { ProcFiles } from '../../../collector/sources/proc-files.ts';
import { openProcFiles, readProcText } from '../../../collector/sources/proc-files.ts';
import { parseMeminfo } from '../../../collector/sources/system.ts';
import type { UserNames } from '../../../collector/sources/user-names.ts';
import { openUserNames } from '../../../collector/sources/user-names.ts';
import { bootPrefix } from '../../domain/process-key.ts';

/** What does not change while a process is looked at. */
export interface Host {
  readonly procRoot: string;
  readonly sysRoot: string;
  readonly cgroupRoot: string;
  readonly files: ProcFiles;
  readonly constants: KernelConstants;
  /** What keys of this boot begin with. */
  readonly prefix: string;
  readonly users: UserNames;
}

export function openHost(procRoot = '/proc', sysRoot = '/sys'): Host {
  const files = openProcFiles(procRoot);
  const bootId = readProcText(files, 'sys/kernel/random/boot_id')?.trim() || null;
  return {
    procRoot,
    sysRoot,
    cgroupRoot: join(sysRoot, 'fs/cgroup'),
    files,
    constants: readKernelConstants(files),
    prefix: bootPrefix(hostname(), bootId),
    users: openUserNames('/etc/passwd'),
  };
}

const KIB = 1024;

/** Figures of `Key: 12 kB` and `Key: 12` lines: meminfo, status, smaps_rollup. */
export interface KeyedFigures {
  /** Of a line in kB; `null` where there is none. */
  bytes(key: string): number | null;
  count(key: string): number | null;
}

export function parseKeyed(text: string): KeyedFigures {
  const values = parseMeminfo(text);
  const number = (name: string) => {
    const value = values.get(name);
    return value === undefined ? null : Number(value);
  };
  return {
    count: number,
    bytes(key) {
      const kib = number(`${key}_KB`);
      return kib === null ? null : kib * KIB;
    },
  };
}

/** A file of one number; `null` where it is not there or something else. */
export function readNumber({ files }: Host, name: string): number | null {
  const text = readProcText(files, name)?.trim() ?? '';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** 0 … 100; `null` where either is unknown. */
export function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : (100 * part) / whole;
}
