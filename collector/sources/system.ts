import { hostname } from 'node:os';
import type { SystemRow } from '../../server/domain/sample.ts';
import type { SystemMetricId } from '../../server/domain/system-metrics.ts';
import { SYSTEM_METRICS } from '../../server/domain/system-metrics.ts';
import { readKernelConstants } from './kernel-constants.ts';
import type { ProcFiles } from './proc-files.ts';
import { openProcFiles, readProcText } from './proc-files.ts';

/** What the kernel tells of the whole system at one instant. `null` is unknown. */
export interface SystemReading {
  /** Epoch ms. */
  readonly t: number;
  readonly host: string;
  readonly bootId: string | null;
  readonly uptimeSeconds: number | null;
  readonly clockTicks: number;
  /** Dump column → digits as the kernel wrote them, in the dump's order. What the kernel lacks is not there. */
  readonly figures: ReadonlyMap<string, string>;
}

export interface SystemSource {
  /** @param t the instant of the sample, epoch ms */
  read(t: number): SystemReading;
}

const MEMINFO_LINE = /^([\w()]+):\s+(\d{1,16})( kB)?$/gm;
const PRESSURE_LINE = /^(some|full) avg10=([\d.]+) avg60=([\d.]+) avg300=[\d.]+ total=(\d+)$/gm;
/** Of 160 lines of vmstat those that the catalogue asks for. */
const VMSTAT_LINES = new Map(
  SYSTEM_METRICS.flatMap(({ stored: { source } }) =>
    source.file === 'vmstat' ? [[source.key, new RegExp(`^${source.key} (\\d{1,16})$`, 'm')]] : [],
  ),
);
const UPTIME = /^(\d+\.\d+) /;
const BOOT_ID = /^[0-9a-f-]{36}$/;

/** proc_meminfo(5): every key, `_KB` where the kernel says kB. */
export function parseMeminfo(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(MEMINFO_LINE);
  return new Map(Array.from(lines, ([, key, value, unit]) => [unit ? `${key}_KB` : key, value]));
}

/** Keys as the catalogue names their sources: `some avg10`. */
function parsePressure(text: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(text.matchAll(PRESSURE_LINE)).flatMap(([, line, avg10, avg60, total]) => [
      [`${line} avg10`, avg10],
      [`${line} avg60`, avg60],
      [`${line} total`, total],
    ]),
  );
}

function parseVmstat(text: string, key: string): string | undefined {
  return VMSTAT_LINES.get(key)?.exec(text)?.[1];
}

/** The catalogue's PSI and vmstat columns, of what is there. */
function readCounters(files: ProcFiles): [string, string][] {
  const pressure = parsePressure(readProcText(files, 'pressure/memory') ?? '');
  const vmstat = readProcText(files, 'vmstat') ?? '';
  return SYSTEM_METRICS.flatMap(({ stored: { column, source } }): [string, string][] => {
    const value =
      source.file === 'pressure'
        ? pressure.get(`${source.line} ${source.key}`)
        : source.file === 'vmstat'
          ? parseVmstat(vmstat, source.key)
          : undefined;
    return value === undefined ? [] : [[column, value]];
  });
}

function readBootId(files: ProcFiles): string | null {
  const text = readProcText(files, 'sys/kernel/random/boot_id')?.trim() ?? '';
  return BOOT_ID.test(text) ? text : null;
}

function readUptime(files: ProcFiles): number | null {
  const match = UPTIME.exec(readProcText(files, 'uptime') ?? '');
  return match ? Number(match[1]) : null;
}

/** @param procRoot usually `/proc` */
export function openSystemSource(procRoot: string): SystemSource {
  const files = openProcFiles(procRoot);
  const { clockTicks } = readKernelConstants(files);
  return {
    read(t) {
      const uptimeSeconds = readUptime(files);
      const meminfo = parseMeminfo(readProcText(files, 'meminfo') ?? '');
      const figures = new Map([...meminfo, ...readCounters(files)]);
      return { t, host: hostname(), bootId: readBootId(files), uptimeSeconds, clockTicks, figures };
    },
  };
}

/** The reading as the rest of the product sees it: bytes, percent, counts. */
export function systemRowOf(
  reading: SystemReading,
  intervalSeconds: number | null,
  label: string | null,
): SystemRow {
  const values: Partial<Record<SystemMetricId, number>> = {};
  for (const { id, stored } of SYSTEM_METRICS) {
    const figure = reading.figures.get(stored.column);
    if (figure !== undefined) values[id] = Number(figure) * stored.scale;
  }
  const { t, host, bootId, uptimeSeconds, clockTicks } = reading;
  return { t, host, bootId, uptimeSeconds, clockTicks, intervalSeconds, label, values };
}
