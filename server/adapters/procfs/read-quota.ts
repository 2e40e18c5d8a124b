import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProcText } from '../../../collector/sources/proc-files.ts';
import type { CpuQuota } from '../../domain/process-analysis.ts';
import { escapeText } from '../../domain/text-notation.ts';
import type { Host } from './host.ts';
import { lineage, parseProcessCgroup } from './process-cgroup.ts';

/** What its control group lets a process use of the CPU: cgroups(7), both versions. */

const MICROSECONDS = 1e6;
const NANOSECONDS = 1e9;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : null;
}

interface Limit {
  readonly quota: number;
  readonly period: number;
}

/** `max 100000` or `50000 100000`, microseconds. */
function limitOf(text: string): Limit | null {
  const [quota, period] = text.trim().split(' ').map(Number);
  return quota > 0 && period > 0 ? { quota, period } : null;
}

/** The group that allows least. */
function tightest(limits: readonly (Limit | null)[]): Limit | null {
  const share = ({ quota, period }: Limit) => quota / period;
  return limits.reduce((least, one) => (one && (!least || share(one) < share(least)) ? one : least), null);
}

interface Hierarchy {
  readonly folder: string;
  readonly limit: (folder: string) => string;
  readonly weight: string;
  readonly throttled: RegExp;
  readonly unit: number;
}

const VERSION_2: Hierarchy = {
  folder: '',
  limit: (folder) => readText(join(folder, 'cpu.max')),
  weight: 'cpu.weight',
  throttled: /^throttled_usec (\d+)$/m,
  unit: MICROSECONDS,
};

const VERSION_1: Hierarchy = {
  folder: 'cpu',
  limit: (folder) =>
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readText(join(folder, name)).trim()).join(' '),
  weight: 'cpu.shares',
  throttled: /^throttled_time (\d+)$/m,
  unit: NANOSECONDS,
};

function readHierarchy(root: string, path: string, hierarchy: Hierarchy): CpuQuota {
  const folder = join(root, hierarchy.folder, path);
  const limit = tightest(
    lineage(path).map((group) => limitOf(hierarchy.limit(join(root, hierarchy.folder, group)))),
  );
  const stat = readText(join(folder, 'cpu.stat'));
  const throttled = numberOf(hierarchy.throttled.exec(stat)?.[1]);
  return {
    cgroup: escapeText(path),
    quota_cpus: limit && limit.quota / limit.period,
    period_seconds: limit && limit.period / MICROSECONDS,
    weight: numberOf(readText(join(folder, hierarchy.weight))),
    throttled_periods: numberOf(/^nr_throttled (\d+)$/m.exec(stat)?.[1]),
    throttled_seconds: throttled === null ? null : throttled / hierarchy.unit,
  };
}

const UNKNOWN: CpuQuota = {
  cgroup: null,
  quota_cpus: null,
  period_seconds: null,
  weight: null,
  throttled_periods: null,
  throttled_seconds: null,
};

export function readQuota({ files, cgroupRoot }: Host, pid: number): CpuQuota {
  const group = parseProcessCgroup(readProcText(files, `${pid}/cgroup`) ?? '', 'cpu');
  if (!group) return UNKNOWN;
  return readHierarchy(cgroupRoot, group.path, group.version === 1 ? VERSION_1 : VERSION_2);
}
