import type { DumpFormat } from '../../server/domain/dump-format.ts';
import { emptyProcessTable } from '../../server/domain/dump-format.ts';
import type { NumberColumnId, TextColumnId } from '../../server/domain/metrics.ts';
import type { ProcessTable, Sample, SystemRow } from '../../server/domain/sample.ts';
import { MIB } from '../../server/domain/units.ts';
import type { WriteOptions, WrittenSample } from '../demo-host/write-sample.ts';
import { writeSample } from '../demo-host/write-sample.ts';

/** A history as a test writes it down. Whatever is left out is plausible, never random. */
export interface SampleLiteral {
  /** Seconds after `HISTORY_START`, or an ISO instant. */
  readonly t: number | string;
  readonly boot?: string | null;
  /** Default: the host booted 1000 s before `HISTORY_START`. */
  readonly uptime?: number | null;
  /** INTERVAL_S; `null` leaves it out, so that the spacings decide what a gap is. Default 60. */
  readonly interval?: number | null;
  readonly host?: string;
  readonly label?: string | null;
  readonly system?: SystemRow['values'];
  /** `null`: only the system file. */
  readonly processes: readonly ProcessLiteral[] | null;
}

export interface ProcessLiteral {
  readonly pid: number;
  /** Default 0: a root. */
  readonly ppid?: number;
  /** Default 1. The seed format keeps whole MiB. */
  readonly rss_mb?: number;
  readonly vsz_mb?: number;
  readonly hwm_mb?: number;
  readonly pss_mb?: number;
  readonly swap_mb?: number;
  readonly cpu?: number;
  readonly threads?: number;
  /** START_TICKS, default 0; CLK_TCK is 100. */
  readonly start?: number;
  /** Texts in dump notation; `null` is an empty cell. Default: `root`, `/`, `S`, `p<pid>`, `/bin/p<pid>`. */
  readonly user?: string | null;
  readonly cgroup?: string | null;
  readonly state?: string | null;
  readonly comm?: string | null;
  readonly cmd?: string | null;
}

export interface HistoryOptions extends WriteOptions {
  readonly format?: DumpFormat;
}

export const HISTORY_START = Date.UTC(2026, 0, 15, 12);
const UPTIME_AT_START = 1000;
const CLOCK_TICKS = 100;

/** Epoch ms of a literal's `t`. */
export function instantOf(t: number | string): number {
  return typeof t === 'string' ? Date.parse(t) : HISTORY_START + Math.round(t * 1000);
}

/** Writes a history to `folder`; the default is plain v2 files in day folders. */
export function writeHistory(
  folder: string,
  samples: readonly SampleLiteral[],
  { format = 'v2', ...options }: HistoryOptions = {},
): readonly WrittenSample[] {
  return samples.map((literal) => writeSample(folder, buildSample(literal, format), format, options));
}

export function buildSample(literal: SampleLiteral, format: DumpFormat = 'v2'): Sample {
  return {
    system: buildSystem(literal),
    processes: literal.processes && buildProcesses(literal.processes),
    weak: format === 'seed',
    incomplete: false,
  };
}

function buildSystem(literal: SampleLiteral): SystemRow {
  const t = instantOf(literal.t);
  const uptime = UPTIME_AT_START + (t - HISTORY_START) / 1000;
  return {
    t,
    host: literal.host ?? 'test-1',
    bootId: literal.boot === undefined ? 'boot-1' : literal.boot,
    uptimeSeconds: literal.uptime === undefined ? uptime : literal.uptime,
    clockTicks: CLOCK_TICKS,
    intervalSeconds: literal.interval === undefined ? 60 : literal.interval,
    label: literal.label ?? null,
    values: {
      mem_total_bytes: 8192 * MIB,
      mem_free_bytes: 4096 * MIB,
      mem_available_bytes: 6144 * MIB,
      ...literal.system,
    },
  };
}

function buildProcesses(literals: readonly ProcessLiteral[]): ProcessTable {
  const table = emptyProcessTable(literals.length);
  const texts = Object.fromEntries(Object.entries(table.texts).map(([id, cells]) => [id, [...cells]]));
  for (const [row, literal] of literals.entries()) {
    for (const [id, value] of Object.entries(numbersOf(literal)))
      if (value !== undefined) table.numbers[id as NumberColumnId][row] = value;
    for (const [id, value] of Object.entries(textsOf(literal))) texts[id][row] = value;
  }
  return { ...table, texts: texts as unknown as ProcessTable['texts'] };
}

function numbersOf(literal: ProcessLiteral): Record<NumberColumnId, number | undefined> {
  const bytes = (mib: number | undefined) => (mib === undefined ? undefined : mib * MIB);
  const { rss_mb = 1, vsz_mb = rss_mb * 2 } = literal;
  return {
    pid: literal.pid,
    ppid: literal.ppid ?? 0,
    start_ticks: literal.start ?? 0,
    threads: literal.threads ?? 1,
    rss_bytes: bytes(rss_mb),
    vsz_bytes: bytes(vsz_mb),
    hwm_bytes: bytes(literal.hwm_mb),
    pss_bytes: bytes(literal.pss_mb),
    swap_bytes: bytes(literal.swap_mb),
    cpu_seconds: literal.cpu,
  } as Record<NumberColumnId, number | undefined>;
}

function textsOf(literal: ProcessLiteral): Record<TextColumnId, string | null> {
  const or = (value: string | null | undefined, fallback: string) => (value === undefined ? fallback : value);
  return {
    user: or(literal.user, 'root'),
    state: or(literal.state, 'S'),
    cgroup: or(literal.cgroup, '/'),
    comm: or(literal.comm, `p${literal.pid}`),
    cmd: or(literal.cmd, `/bin/p${literal.pid}`),
  };
}
