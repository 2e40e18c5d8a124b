import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Dumps read the plain way: whole files, one line at a time, cells by header name. Seed stamps are UTC here. */

export interface RecordedProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly start_ticks: number | null;
  readonly threads: number | null;
  readonly rss_bytes: number;
  readonly vsz_bytes: number | null;
  readonly hwm_bytes: number | null;
  readonly pss_bytes: number | null;
  readonly swap_bytes: number | null;
  readonly cpu_seconds: number | null;
  readonly user: string | null;
  readonly state: string | null;
  readonly cgroup: string | null;
  readonly comm: string | null;
  readonly cmd: string | null;
}

export interface RecordedSample {
  readonly t: number;
  readonly host: string | null;
  readonly bootId: string | null;
  readonly uptimeSeconds: number | null;
  readonly clockTicks: number | null;
  readonly intervalSeconds: number | null;
  /** MemTotal, and MemTotal − MemAvailable. */
  readonly memTotal: number | null;
  readonly memUsed: number | null;
  /** No START_TICKS: the seed format. */
  readonly weak: boolean;
  /** `null`: only a system file. A pid that occurs twice counts once, by its first row. */
  readonly processes: readonly RecordedProcess[] | null;
}

type Cells = ReadonlyMap<string, string>;

const NAME = /^(process_mem|sys_mem)_(\d{8}_\d{6}(?:_\d{3})?Z?)\.csv(?:\.gz)?$/;
const KIB = 1024;
const MIB = 1024 * 1024;

/** All samples of a folder and its sub-folders, in order of time. */
export function readDumps(folder: string): RecordedSample[] {
  const pairs = new Map<string, { stamp: string; process?: string; system?: string }>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const [, role, stamp] = NAME.exec(basename(file)) ?? [];
    if (!stamp) continue;
    const key = join(dirname(file), stamp);
    const part = role === 'process_mem' ? { process: file } : { system: file };
    pairs.set(key, { ...pairs.get(key), stamp, ...part });
  }
  const samples = [...pairs.values()].map(({ stamp, process, system }) => {
    const [systemCells = new Map()] = system ? readRecords(join(folder, system)) : [];
    const processes = process ? readRecords(join(folder, process)) : null;
    return sampleOf(stamp, systemCells, processes);
  });
  return samples.sort((a, b) => a.t - b.t);
}

function readRecords(path: string): Cells[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...records] = text
    .split('\n')
    .filter((line) => line !== '')
    .map(splitLine);
  return records
    .filter((record) => record.length === header.length)
    .map((record) => new Map(header.map((name, at) => [name, record[at]])));
}

/** RFC 4180, one record. */
export function splitLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let rest = `${line},`;
  while (rest !== '') {
    const [whole, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(rest) ?? [rest, undefined, rest];
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
  }
  return cells;
}

function sampleOf(stamp: string, system: Cells, records: readonly Cells[] | null): RecordedSample {
  const timestamp = system.get('TIMESTAMP');
  const bytes = (name: string) => bytesOf(system, name);
  const [memTotal, memAvailable] = [bytes('MemTotal'), bytes('MemAvailable')];
  return {
    t: timestamp ? Date.parse(timestamp) : instantOfStamp(stamp),
    host: text(system, 'HOST'),
    bootId: text(system, 'BOOT_ID'),
    uptimeSeconds: number(system, 'UPTIME_S'),
    clockTicks: number(system, 'CLK_TCK'),
    intervalSeconds: number(system, 'INTERVAL_S'),
    memTotal,
    memUsed: memTotal === null || memAvailable === null ? null : Math.max(0, memTotal - memAvailable),
    weak: !stamp.endsWith('Z'),
    processes: records && firstOfEachPid(records.map(stamp.endsWith('Z') ? processOf : inNotation)),
  };
}

function instantOfStamp(stamp: string): number {
  const [, year, month, day, hour, minute, second, millisecond = '000'] =
    /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)(?:_(\d{3}))?Z?$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
}

function firstOfEachPid(processes: readonly RecordedProcess[]): RecordedProcess[] {
  const seen = new Set<number>();
  return processes.filter(({ pid }) => !seen.has(pid) && seen.add(pid));
}

function bytesOf(cells: Cells, name: string): number | null {
  return number(cells, `${name}_KB`, KIB) ?? number(cells, `${name}_MB`, MIB);
}

function processOf(cells: Cells): RecordedProcess {
  const bytes = (name: string) => bytesOf(cells, name);
  return {
    pid: number(cells, 'PID') ?? Number.NaN,
    ppid: number(cells, 'PPID') ?? Number.NaN,
    start_ticks: number(cells, 'START_TICKS'),
    threads: number(cells, 'THREADS'),
    rss_bytes: bytes('RSS') ?? Number.NaN,
    vsz_bytes: bytes('VSZ'),
    hwm_bytes: bytes('HWM'),
    pss_bytes: bytes('PSS'),
    swap_bytes: bytes('SWAP'),
    cpu_seconds: number(cells, 'CPU_S'),
    user: text(cells, 'USER'),
    state: text(cells, 'STATE'),
    cgroup: text(cells, 'CGROUP'),
    comm: text(cells, 'COMM'),
    cmd: text(cells, 'CMD'),
  };
}

/** The seed format has no notation: its backslashes are the command's own, and are written as ours are. */
function inNotation(cells: Cells): RecordedProcess {
  return processOf(new Map([...cells].map(([name, cell]) => [name, cell.replaceAll('\\', '\\\\')])));
}

function text(cells: Cells, name: string): string | null {
  return cells.get(name) || null;
}

function number(cells: Cells, name: string, scale = 1): number | null {
  const cell = cells.get(name);
  return cell ? Number(cell) * scale : null;
}
