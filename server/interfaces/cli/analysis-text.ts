import type {
  CpuView,
  LayoutView,
  MemoryView,
  RegionsView,
  SystemView,
} from '../../application/view-analysis.ts';
import { buildAsciiMap } from '../../domain/ascii-map.ts';
import type { Stretch } from '../../domain/memory-regions.ts';
import { REGION_CLASSES } from '../../domain/memory-regions.ts';
import type { LayoutFigures, Missing } from '../../domain/process-analysis.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatDuration } from '../../domain/units.ts';
import { cutLine } from './terminal-table.ts';

/** An analysis as text for a terminal, with the predecessor's headings in its order. Names are shown escaped. */

export interface TextStyle {
  /** Bytes → text. */
  readonly size: (bytes: number | null) => string;
  /** Width to cut lines to; `null` leaves them whole. */
  readonly columns: number | null;
}

/** Of each class. */
const MOST_REGIONS = 10;
const MOST_THREADS = 10;

type RegionRow = RegionsView['rows'][number];

function section(title: string, lines: readonly string[]): string {
  return [title, '='.repeat(title.length), ...lines, ''].join('\n');
}

function percent(value: number | null, digits = 1): string {
  return value === null ? '–' : `${value.toFixed(digits)} %`;
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(2)} s`;
}

function known(value: string | number | null): string {
  if (value === null || value === '') return '–';
  return typeof value === 'number' ? String(value) : displayText(value);
}

/** Why figures are missing, and what helps. */
export function missingText(missing: readonly Missing[]): string {
  return missing.map(({ what, text }) => `Not known (${what}): ${text}\n`).join('');
}

export function processText(
  { process, read_seconds }: Pick<MemoryView, 'process' | 'read_seconds'>,
  { columns }: TextStyle,
): string {
  const { pid, comm, cmd, kind, state, user, started } = process;
  return section(`PROCESS ${pid}: ${displayText(comm)}`, [
    cutLine(`- Command: ${cmd === null ? '–' : displayText(cmd) || `[${displayText(comm)}]`}`, columns),
    `- User: ${known(user)}, state ${state}, ${kind.replace('_', ' ')}, started ${started}`,
    `- Memory and regions were read in ${(1000 * read_seconds).toFixed(1)} ms`,
  ]);
}

export function memoryText({ memory }: Pick<MemoryView, 'memory'>, { size }: TextStyle): string {
  return section('MEMORY USAGE', [
    `- RSS (Resident Set Size): ${size(memory.rss_bytes)}`,
    `- VMS (Virtual Memory Size): ${size(memory.vsz_bytes)}`,
    `- Shared Memory: ${size(memory.shared_bytes)}`,
    `- Text (Code): ${size(memory.text_bytes)}`,
    `- Data: ${size(memory.data_bytes)}`,
    `- Memory Percent: ${percent(memory.rss_percent, 2)}`,
    `- PSS (Proportional Set Size): ${size(memory.pss_bytes)}`,
    `- USS (Unique Set Size): ${size(memory.uss_bytes)}`,
    `- Swap: ${size(memory.swap_bytes)}`,
    `- Locked: ${size(memory.locked_bytes)}`,
    `- Stack: ${size(memory.stack_bytes)}`,
    `- Page Tables: ${size(memory.page_tables_bytes)}`,
    `- Peak RSS: ${size(memory.rss_peak_bytes)}`,
    `- Peak VMS: ${size(memory.vsz_peak_bytes)}`,
    `- Faults: ${known(memory.minor_faults)} minor, ${known(memory.major_faults)} major`,
    `- OOM Score: ${known(memory.oom_score)}, adjusted by ${known(memory.oom_score_adj)}`,
    `- Control Group: ${size(memory.cgroup_memory_bytes)}, limit ${memory.cgroup_is_limited === false ? 'none' : size(memory.cgroup_limit_bytes)}`,
  ]);
}

/** The end of a path tells more than its beginning. */
function cutPath(path: string, columns: number | null): string {
  const letters = [...path];
  return columns === null || letters.length <= columns ? path : `…${letters.slice(1 - columns).join('')}`;
}

function regionLine(row: RegionRow, { size, columns }: TextStyle): string {
  const { start, end, permissions, rss_bytes, size_bytes, path, is_deleted } = row;
  const line = `  ${start}-${end} ${permissions} ${size(size_bytes)}, in RAM ${size(rss_bytes)}  `;
  const name = path === '' ? '[anonymous]' : `${displayText(path)}${is_deleted ? ' (deleted)' : ''}`;
  return `${line}${cutPath(name, columns && Math.max(2, columns - line.length))}`;
}

/** @param view with all rows */
export function regionsText({ classes, rows }: RegionsView, style: TextStyle): string {
  const { size } = style;
  const blocks = classes.map((totals) => {
    const { class: id, regions, size_bytes, rss_bytes, pss_bytes } = totals;
    const of = rows.filter((row) => row.class === id);
    const label = REGION_CLASSES.find((one) => one.id === id)?.label ?? id;
    const more = regions - MOST_REGIONS;
    return [
      `${id.toUpperCase()} REGIONS (${regions} regions): ${label}`,
      `  Total ${size(size_bytes)}, average ${size(size_bytes / regions)}, in RAM ${size(rss_bytes)}, PSS ${size(pss_bytes)}`,
      ...of.slice(0, MOST_REGIONS).map((row) => regionLine(row, style)),
      ...(more > 0 ? [`  ... and ${more} more regions`] : []),
      '',
    ].join('\n');
  });
  return section('MEMORY REGIONS', blocks);
}

const MAP_SIZE = { columns: 63, rows: 20 } as const;

/** 80 columns: an address, a blank, letters; and under these the share that is in RAM. */
export function asciiText(stretches: readonly Stretch[], { size }: TextStyle): string {
  const { slot_bytes, rows } = buildAsciiMap(stretches, MAP_SIZE);
  const legend = REGION_CLASSES.map(({ letter, label }) => `${letter} ${label.toLowerCase()}`);
  const half = Math.ceil(legend.length / 2);
  return section('MEMORY MAP', [
    `One letter is ${size(slot_bytes)} at most; the digit under it is the share in RAM,`,
    '0 (less than a tenth) to 9. Holes are left out, guards are one letter.',
    legend.slice(0, half).join(', '),
    legend.slice(half).join(', '),
    '',
    ...rows.flatMap(({ address, letters, shares }) => [
      `${address.padStart(16)} ${letters}`,
      `${' '.repeat(17)}${shares}`.trimEnd(),
    ]),
  ]);
}

export function cpuText({ cpu }: Pick<CpuView, 'cpu'>, { columns }: TextStyle): string {
  if (!cpu) return section('CPU BEHAVIOR', ['- Not known']);
  const { quota, threads_total } = cpu;
  const more = threads_total - Math.min(threads_total, MOST_THREADS);
  const limit = quota.quota_cpus === null ? 'no limit known' : `${quota.quota_cpus.toFixed(2)} CPUs`;
  return section('CPU BEHAVIOR', [
    `- CPU Usage: ${percent(cpu.percent)} of one of ${cpu.cpus} CPUs, over ${cpu.interval_seconds.toFixed(2)} s`,
    `- User Time: ${seconds(cpu.user_seconds)} (${percent(cpu.user_percent)})`,
    `- System Time: ${seconds(cpu.system_seconds)} (${percent(cpu.system_percent)})`,
    `- Children: user ${seconds(cpu.children_user_seconds)}, system ${seconds(cpu.children_system_seconds)}`,
    `- CPU Affinity: ${known(cpu.affinity)}, last on ${known(cpu.last_cpu)}`,
    `- Nice: ${known(cpu.nice)}, policy ${known(cpu.policy)}, waits in ${known(cpu.wait_channel)}`,
    `- Context Switches: ${known(cpu.voluntary_switches)} voluntary, ${known(cpu.involuntary_switches)} involuntary`,
    `- Control Group: ${known(quota.cgroup)}, ${limit}, throttled ${seconds(quota.throttled_seconds)}`,
    `- Threads: ${threads_total}`,
    ...cpu.threads
      .slice(0, MOST_THREADS)
      .map((one) =>
        cutLine(
          `  ${one.tid} ${displayText(one.comm)}: ${percent(one.percent)}, user ${seconds(one.user_seconds)}, system ${seconds(one.system_seconds)}, ${one.state}`,
          columns,
        ),
      ),
    ...(more > 0 ? [`  ... and ${more} more threads`] : []),
  ]);
}

function pageLine(
  name: string,
  bytes: number | null,
  { page_bytes }: LayoutFigures,
  { size }: TextStyle,
): string {
  const pages = bytes === null ? '–' : String(bytes / page_bytes);
  return `- ${name}: ${pages} (${size(bytes)})`;
}

export function layoutText({ layout }: Pick<LayoutView, 'layout'>, style: TextStyle): string {
  if (!layout) return section('MEMORY LAYOUT', ['- Not known']);
  const line = (name: string, bytes: number | null) => pageLine(name, bytes, layout, style);
  return section('MEMORY LAYOUT', [
    `- Page Size: ${style.size(layout.page_bytes)}`,
    line('Virtual Pages', layout.virtual_bytes),
    line('Resident Pages', layout.resident_bytes),
    line('Shared Pages', layout.shared_bytes),
    line('Private Pages', layout.private_bytes),
    line('Swapped Pages', layout.swapped_bytes),
    line('Readable Pages', layout.readable_bytes),
    line('Writable Pages', layout.writable_bytes),
    line('Executable Pages', layout.executable_bytes),
    line('In Transparent Huge Pages', layout.huge_bytes),
    line('In Huge Pages of hugetlbfs', layout.hugetlb_bytes),
    ...layout.page_sizes.map(
      ({ page_bytes, regions, size_bytes, resident_bytes }) =>
        `- Regions of ${style.size(page_bytes)} pages: ${regions}, ${style.size(size_bytes)}, in RAM ${style.size(resident_bytes)}`,
    ),
  ]);
}

export function systemText({ system }: Pick<SystemView, 'system'>, { size }: TextStyle): string {
  const { memory, swap, meminfo, load } = system;
  return section('SYSTEM MEMORY CONTEXT', [
    `- Total: ${size(memory.total_bytes)}`,
    `- Available: ${size(memory.available_bytes)}`,
    `- Used: ${size(memory.used_bytes)} (${percent(memory.used_percent)})`,
    `- Free: ${size(memory.free_bytes)}`,
    `- Buffers: ${size(memory.buffers_bytes)}`,
    `- Cached: ${size(memory.cached_bytes)}`,
    `- Swap: ${size(swap.used_bytes)} of ${size(swap.total_bytes)} (${percent(swap.used_percent)}), free ${size(swap.free_bytes)}`,
    `- Up: ${formatDuration(system.uptime_seconds)}, load ${load.join(' ')}, ${system.cpus} CPUs`,
    `- Overcommit: mode ${known(system.overcommit.mode)}, ratio ${known(system.overcommit.ratio)}; regions a process may have: ${known(system.max_regions)}`,
    ...meminfo.map(({ key, value, unit }) => `  ${key}: ${unit === 'bytes' ? size(value) : value}`),
  ]);
}
