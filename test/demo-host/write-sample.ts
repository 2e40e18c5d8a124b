import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import type { DumpFormat } from '../../server/domain/dump-format.ts';
import {
  encodeNumber,
  encodeProcessFile,
  encodeSystemFile,
  SEED_SYSTEM_COLUMNS,
  systemColumns,
} from '../../server/domain/dump-format.ts';
import { dumpFileName } from '../../server/domain/dump-names.ts';
import type { Sample, SystemRow } from '../../server/domain/sample.ts';
import { formatInstant, formatStamp } from '../../server/domain/stamp.ts';

export interface WriteOptions {
  /** Default: day folders for v2, flat for seed, as their recorders do. */
  readonly layout?: 'days' | 'flat';
  readonly compressed?: boolean;
}

export interface WrittenSample {
  /** Relative to the folder; `null` for a sample without processes. */
  readonly processFile: string | null;
  readonly systemFile: string;
}

type Cells = Map<string, string | number | null>;

const HUGE_PAGES = ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'];

/** Writes one sample as a recorder does: whole files under their names, the process file first, the system file last. */
export function writeSample(
  folder: string,
  sample: Sample,
  format: DumpFormat,
  options: WriteOptions = {},
): WrittenSample {
  const { system, processes } = sample;
  const stamp = stampOf(system.t, format);
  const layout = options.layout ?? (format === 'v2' ? 'days' : 'flat');
  const day = layout === 'days' ? stamp.slice(0, 8) : '';
  mkdirSync(join(folder, day), { recursive: true });

  const writeText = (name: string, text: string): string => {
    const path = join(day, options.compressed ? `${name}.gz` : name);
    const whole = join(folder, path);
    writeFileSync(`${whole}.tmp`, options.compressed ? gzipSync(text) : text);
    renameSync(`${whole}.tmp`, whole);
    return path;
  };
  const body = processes && encodeProcessFile(processes, format);
  const processFile = body === null ? null : writeText(dumpFileName('process', stamp), body);
  const cells = format === 'v2' ? v2Cells(system, processes?.count ?? null, body) : seedCells(system);
  const systemFile = writeText(dumpFileName('system', stamp), encodeSystemFile(cells));
  return { processFile, systemFile };
}

/** The predecessor's stamps are local time without a zone; a generated recording is of a host on UTC. */
function stampOf(t: number, format: DumpFormat): string {
  const stamp = formatStamp(t, t % 1000 !== 0);
  return format === 'v2' ? stamp : stamp.slice(0, -1);
}

function v2Cells(system: SystemRow, rows: number | null, body: string | null): Cells {
  return new Map([...headCells(system, rows, body), ...measuredCells(system), ...tailCells(system)]);
}

function headCells(system: SystemRow, rows: number | null, body: string | null): Cells {
  const { t, uptimeSeconds } = system;
  return new Map<string, string | number | null>([
    ['TIMESTAMP', formatInstant(t)],
    ['HOST', system.host],
    ['BOOT_ID', system.bootId],
    ['BOOT_TIME', uptimeSeconds === null ? null : formatInstant(Math.round(t - uptimeSeconds * 1000))],
    ['UPTIME_S', uptimeSeconds === null ? null : uptimeSeconds.toFixed(2)],
    ['CLK_TCK', system.clockTicks],
    ['INTERVAL_S', system.intervalSeconds],
    ['PROC_ROWS', rows],
    ['PROC_CRC32', body === null ? null : crc32(body).toString(16).padStart(8, '0')],
  ]);
}

/** Meminfo in kB, its counts, then pressure and vmstat counters. A kernel without a figure leaves it out. */
function measuredCells({ values }: SystemRow): Cells {
  const cells = systemColumns('v2').flatMap((column): [string, string][] => {
    const value = values[column.id];
    return value === undefined ? [] : [[column.name, encodeNumber(value, column)]];
  });
  const isMeminfo = ([name]: readonly [string, string]) => name.endsWith('_KB');
  return new Map([
    ...cells.filter(isMeminfo),
    ...HUGE_PAGES.map((name): [string, string] => [name, '0']),
    ...cells.filter((cell) => !isMeminfo(cell)),
  ]);
}

function tailCells(system: SystemRow): Cells {
  return new Map<string, string | number | null>([
    ['RECORDER_PID', null],
    ['RECORDER_VERSION', null],
    ['CMD_MODE', null],
    ['VANISHED', 0],
    ['UNREADABLE', 0],
    ['OVERRUN_S', '0.000'],
    ['LABEL', system.label],
  ]);
}

function seedCells({ values }: SystemRow): Cells {
  const cellOf = new Map(
    systemColumns('seed').map((column) => [column.name, encodeNumber(values[column.id] ?? 0, column)]),
  );
  return new Map(SEED_SYSTEM_COLUMNS.map((name) => [name, cellOf.get(name) ?? '0']));
}
