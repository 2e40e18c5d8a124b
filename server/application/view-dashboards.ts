import type { LiveProcess, LiveTick } from '../domain/build-live-point.ts';
import type { LiveFigures, LiveGroup, LivePoint } from '../domain/live-point.ts';
import { formatInstant } from '../domain/stamp.ts';
import { bytesOfUnit, MIB } from '../domain/units.ts';

/**
 * What is now in the shapes of the dashboards that this product took over: GB and MB of 1024, rounded to two decimals as
 * they did, and each watch group under its own name. `null` is unknown.
 */

type Decimal = number | null;

const GIB = bytesOfUnit('GiB');

/** To two decimals, as those dashboards rounded. */
export function inUnits(bytes: number | null | undefined, unit: number): Decimal {
  return bytes == null ? null : Math.round((bytes / unit) * 100) / 100;
}

/** To two decimals; of nothing there is no share. */
export function percentOf(part: Decimal | undefined, whole: Decimal | undefined): Decimal {
  return part == null || !whole ? null : inUnits(part * 100, whole);
}

export interface DashboardSystem {
  readonly total_gb: Decimal;
  readonly available_gb: Decimal;
  readonly used_gb: Decimal;
  readonly percent: Decimal;
  readonly swap_total_gb: Decimal;
  readonly swap_used_gb: Decimal;
  readonly swap_percent: Decimal;
}

function viewSystem({ system: { metrics, used_bytes, swap_used_bytes } }: LivePoint): DashboardSystem {
  const { mem_total_bytes, mem_available_bytes, swap_total_bytes } = metrics;
  return {
    total_gb: inUnits(mem_total_bytes, GIB),
    available_gb: inUnits(mem_available_bytes, GIB),
    used_gb: inUnits(used_bytes, GIB),
    percent: percentOf(used_bytes, mem_total_bytes),
    swap_total_gb: inUnits(swap_total_bytes, GIB),
    swap_used_gb: inUnits(swap_used_bytes, GIB),
    // Without swap none of it is used.
    swap_percent: swap_total_bytes === 0 ? 0 : percentOf(swap_used_bytes, swap_total_bytes),
  };
}

function viewProcess({ pid, comm, rss_bytes, cpu_percent, started }: LiveProcess) {
  return {
    pid,
    name: comm,
    memory_mb: inUnits(rss_bytes, MIB),
    cpu_percent: inUnits(cpu_percent, 1),
    create_time: started === null ? null : started / 1000,
  };
}

function totalsOf({ rss_bytes, processes }: LiveFigures) {
  return { total_memory_mb: inUnits(rss_bytes, MIB), process_count: processes };
}

/** A group that is named as a field of the answer is not in it. */
function byGroup<View>(groups: readonly LiveGroup[], viewOf: (group: LiveGroup, at: number) => View) {
  return Object.fromEntries(groups.map((group, at) => [group.name, viewOf(group, at)]));
}

export function viewProcesses({ point, processes }: LiveTick) {
  const groups = byGroup(point.groups, ({ total }, at) => ({
    processes: processes[at].map(viewProcess),
    ...totalsOf(total),
  }));
  return { ...groups, timestamp: formatInstant(point.t) };
}

export function viewMemory(tick: LiveTick) {
  return { ...viewProcesses(tick), system: viewSystem(tick.point) };
}

export function viewSystemNow({ point }: LiveTick) {
  return { system: viewSystem(point), timestamp: formatInstant(point.t) };
}

/** The sum has `total`: a member that is called so has the first of `total_2`, `total_2_2` … that no other has. */
function nameBesideTotal(name: string, members: LiveGroup['members']): string {
  if (name !== 'total') return name;
  let told = `${name}_2`;
  while (members.some((member) => member.name === told)) told += '_2';
  return told;
}

function groupMemory({ total, members }: LiveGroup) {
  const memory = members.map(
    ({ name, rss_bytes }) => [`${nameBesideTotal(name, members)}_memory`, inUnits(rss_bytes, MIB)] as const,
  );
  return {
    ...Object.fromEntries(memory),
    total_memory: inUnits(total.rss_bytes, MIB),
    process_count: total.processes,
  };
}

/** Of each point the system, and of each group its sum and that of each member, as `main_memory`. */
export function viewHistory(points: readonly LivePoint[]) {
  return points.map((point) => {
    const groups = byGroup(point.groups, groupMemory);
    return { ...groups, system: viewSystem(point), timestamp: formatInstant(point.t) };
  });
}

function viewMember(figures: LiveFigures, { system }: LivePoint) {
  const { processes, zombies, rss_bytes, vsz_bytes, cpu_percent } = figures;
  return {
    running: processes > zombies,
    rss_mb: inUnits(rss_bytes, MIB),
    vms_mb: inUnits(vsz_bytes, MIB),
    percent: percentOf(rss_bytes, system.metrics.mem_total_bytes),
    cpu_percent: inUnits(cpu_percent, 1),
  };
}

/** Of each group each member. */
export function viewCurrent({ point }: LiveTick) {
  const groups = byGroup(point.groups, ({ members }) =>
    Object.fromEntries(members.map((member) => [member.name, viewMember(member, point)])),
  );
  return { ...groups, system: viewSystem(point), timestamp: formatInstant(point.t) };
}
