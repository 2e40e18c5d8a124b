import { openBootInstant } from './boot-instant.ts';
import type { Departures } from './departures.ts';
import { hasEnded, openDepartures } from './departures.ts';
import type { CpuOf } from './live-cpu.ts';
import { openCpuMeter } from './live-cpu.ts';
import type { LiveFigures, LiveGroup, LivePoint } from './live-point.ts';
import type { LiveReading } from './live-reading.ts';
import type { NumberColumnId } from './metrics.ts';
import type { ProcessTable, SystemRow } from './sample.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from './used-memory.ts';
import type { WatchGroup } from './watch-group.ts';
import { openWatchMatcher, watchedProcesses } from './watch-group.ts';

/** A reading of this host → a point of the feed: the figures that a dump of the instant would have. */

/** A process of a group. Bytes, percent of one CPU; `null` is unknown. */
export interface LiveProcess {
  readonly pid: number;
  readonly member: string;
  /** Dump notation. */
  readonly comm: string | null;
  readonly rss_bytes: number;
  readonly vsz_bytes: number | null;
  readonly cpu_percent: number | null;
  /** Epoch ms. */
  readonly started: number | null;
}

export interface LiveTick {
  readonly point: LivePoint;
  /** In the order of `point.groups`; of each those with the most RSS first. */
  readonly processes: readonly (readonly LiveProcess[])[];
  /** Pids of all of them. */
  readonly watched: ReadonlySet<number>;
}

/** One group in one reading. */
interface MatchedGroup {
  readonly group: WatchGroup;
  /** Of the rows that match: which member. */
  readonly members: ReadonlyMap<number, number>;
  readonly ambiguous: number;
}

const MOST_PIDS = 5;

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Over known values. */
function sumOf(rows: readonly number[], figureOf: (row: number) => number | null) {
  let [sum, known] = [0, 0];
  for (const row of rows) {
    const value = figureOf(row);
    if (value === null || Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return { sum: known === 0 && rows.length > 0 ? null : sum, known };
}

function oldestPss(rows: readonly number[], pssAge: readonly number[]): number | null {
  let oldest: number | null = null;
  for (const row of rows) if (Number.isFinite(pssAge[row])) oldest = Math.max(oldest ?? 0, pssAge[row]);
  return oldest;
}

function figuresOf(rows: readonly number[], { processes, pssAge }: LiveReading, cpuOf: CpuOf): LiveFigures {
  const { numbers, texts } = processes;
  const of = (id: NumberColumnId) => sumOf(rows, (row) => numbers[id][row]);
  const pss = of('pss_bytes');
  return {
    processes: rows.length,
    zombies: rows.filter((row) => hasEnded(texts.state[row])).length,
    rss_bytes: of('rss_bytes').sum,
    pss_bytes: pss.sum,
    pss_known: pss.known,
    pss_age_seconds: oldestPss(rows, pssAge),
    vsz_bytes: of('vsz_bytes').sum,
    swap_bytes: of('swap_bytes').sum,
    cpu_percent: sumOf(rows, cpuOf).sum,
  };
}

function groupOf(
  { group, members, ambiguous }: MatchedGroup,
  reading: LiveReading,
  cpuOf: CpuOf,
  departures: Departures,
): LiveGroup {
  const { processes } = reading;
  const rows = group.members.map((): number[] => []);
  for (const [row, member] of members) rows[member].push(row);
  const left = departures(group, reading, rows);
  return {
    name: group.name,
    total: figuresOf([...members.keys()], reading, cpuOf),
    members: group.members.map(({ name }, member) => {
      const running = rows[member].filter((row) => !hasEnded(processes.texts.state[row]));
      const pids = running.slice(0, MOST_PIDS).map((row) => processes.numbers.pid[row]);
      return { name, ...figuresOf(rows[member], reading, cpuOf), pids, departure: left[member] };
    }),
    ambiguous,
  };
}

function startedAt(booted: number | null, { clockTicks }: SystemRow, startTicks: number): number | null {
  if (booted === null || clockTicks === null) return null;
  return orNull(Math.round(booted + (startTicks / clockTicks) * 1000));
}

function processesOf(
  { group, members }: MatchedGroup,
  { system, processes: { numbers, texts } }: LiveReading,
  cpuOf: CpuOf,
  booted: number | null,
): readonly LiveProcess[] {
  return Array.from(members, ([row, member]) => ({
    pid: numbers.pid[row],
    member: group.members[member].name,
    comm: texts.comm[row],
    rss_bytes: numbers.rss_bytes[row],
    vsz_bytes: orNull(numbers.vsz_bytes[row]),
    cpu_percent: cpuOf(row),
    started: startedAt(booted, system, numbers.start_ticks[row]),
  }));
}

function systemOf({ system, processes, load }: LiveReading, cpuPercent: number | null): LivePoint['system'] {
  const { values, uptimeSeconds } = system;
  return {
    uptime_seconds: uptimeSeconds,
    used_bytes: usedBytes(values.mem_total_bytes, values.mem_available_bytes),
    used_htop_bytes: usedHtopBytes({
      total: values.mem_total_bytes,
      free: values.mem_free_bytes,
      buffers: values.buffers_bytes,
      cached: values.cached_bytes,
      sReclaimable: values.s_reclaimable_bytes,
    }),
    swap_used_bytes: swapUsedBytes(values.swap_total_bytes, values.swap_free_bytes),
    cpu_percent: cpuPercent,
    load1: load?.[0] ?? null,
    load5: load?.[1] ?? null,
    load15: load?.[2] ?? null,
    processes: processes.count,
    process_rss_bytes: processes.numbers.rss_bytes.reduce((sum, rss) => sum + rss, 0),
    metrics: values,
  };
}

/** Groups are compiled once: a changed one is another object. */
function openMatching() {
  const matchers = new WeakMap<WatchGroup, ReturnType<typeof openWatchMatcher>>();
  return (groups: readonly WatchGroup[], table: ProcessTable): readonly MatchedGroup[] => {
    if (groups.length === 0) return [];
    const processes = watchedProcesses(table);
    return groups.map((group) => {
      const match = matchers.get(group) ?? openWatchMatcher(group);
      matchers.set(group, match);
      const { memberOf, ambiguous } = match(processes);
      const members = new Map<number, number>();
      for (const [row, member] of memberOf.entries()) if (member >= 0) members.set(row, member);
      return { group, members, ambiguous: ambiguous.size };
    });
  };
}

/**
 * Makes points one after the other: rates are over the time since the one before.
 * @param departures outlives a builder, where readings have paused
 * @param bootInstant so does it: a process has one start, whenever it is asked about
 */
export function openLivePointBuilder(
  departures: Departures = openDepartures(),
  bootInstant = openBootInstant(),
): (reading: LiveReading, groups: readonly WatchGroup[], seq: number) => LiveTick {
  const match = openMatching();
  const cpu = openCpuMeter();
  /** Of the tick before: the CPU time of these is read each time. */
  let watched: ReadonlySet<number> = new Set();
  return (reading, groups, seq) => {
    const { system, processes } = reading;
    const matched = match(groups, processes);
    const cpuOf = cpu.processes(reading);
    const point = {
      t: system.t,
      seq,
      host: system.host,
      system: systemOf(reading, cpu.host(reading)),
      groups: matched.map((one) => groupOf(one, reading, cpuOf, departures)),
    };
    const booted = bootInstant(system);
    const details = matched.map((one) => processesOf(one, reading, cpuOf, booted));
    cpu.end(reading, watched);
    watched = new Set(details.flat().map(({ pid }) => pid));
    return { point, processes: details, watched };
  };
}
