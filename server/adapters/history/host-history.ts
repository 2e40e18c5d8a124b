import { lifetimeSeconds } from '../../domain/lifetime.ts';
import { bootPrefix, strongKey, weakKey } from '../../domain/process-key.ts';
import type { ProcessTree } from '../../domain/process-tree.ts';
import { buildProcessTree } from '../../domain/process-tree.ts';
import type { ProcessTable, Sample, SystemRow } from '../../domain/sample.ts';
import type { HostSamples } from './host-samples.ts';
import { openHostSamples } from './host-samples.ts';
import type { LifeNames } from './life-names.ts';
import type { LifeRegistry } from './life-registry.ts';
import { openLifeRegistry } from './life-registry.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import type { SealedHost } from './sealed-host.ts';
import { buildSealedHost } from './sealed-host.ts';
import type { WeakTracker } from './weak-lives.ts';
import { openWeakTracker } from './weak-lives.ts';

/** What is known of one host besides the rows: its instants, its lives. */
export interface HostHistory {
  readonly id: number;
  readonly name: string;
  samples: HostSamples;
  /** Of the tail. */
  readonly lives: LifeRegistry;
  weak: WeakTracker;
  sealed: SealedHost;
}

export function openHostHistory(id: number, name: string, names: LifeNames): HostHistory {
  const samples = openHostSamples();
  return {
    ...{ id, name, samples, lives: openLifeRegistry(names.idOf) },
    ...{ weak: openWeakTracker(samples.spine), sealed: buildSealedHost([], names) },
  };
}

/** A tracker that begins where the segments end. */
export function trackAfterSegments({ samples, sealed }: HostHistory): WeakTracker {
  return openWeakTracker(samples.spine, sealed.segments.at(-1)?.manifest ?? null);
}

/** Takes over segments in the place of those before. @returns instants whose rows in the tail are to be deleted */
export function setSegments(
  host: HostHistory,
  segments: readonly LoadedSegment[],
  names: LifeNames,
): readonly number[] {
  const before = host.samples.tailInstants();
  host.sealed = buildSealedHost(segments, names);
  host.samples = host.samples.withSegments(host.sealed.segments.map(({ spine }) => spine));
  const after = new Set(host.samples.tailInstants());
  host.lives.forgetBefore(Math.min(...after, Number.POSITIVE_INFINITY));
  host.weak = trackAfterSegments(host);
  if (after.size > 0) host.weak.spoil();
  return before.filter((t) => !after.has(t));
}

/** Rows whose start ticks are unknown. */
function weakRows(startTicks: Float64Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < startTicks.length; row++) if (Number.isNaN(startTicks[row])) rows.push(row);
  return rows;
}

/** For each row, the instant in which its weakly identified life began; `NaN` for the others. */
function weakStarts(host: HostHistory, index: number, processes: ProcessTable | null): Float64Array {
  if (!processes) return host.weak.track(index, null);
  const { numbers, texts, count } = processes;
  const rows = weakRows(numbers.start_ticks);
  const since = host.weak.track(index, {
    pid: rows.map((row) => numbers.pid[row]),
    ppid: rows.map((row) => numbers.ppid[row]),
    cmd: rows.map((row) => texts.cmd[row]),
  });
  const starts = new Float64Array(count).fill(Number.NaN);
  rows.forEach((row, at) => {
    starts[row] = since[at];
  });
  return starts;
}

export interface PlacedSample {
  readonly life: Float64Array;
  readonly parentLife: Float64Array;
  readonly tree: ProcessTree;
}

/** Gives every process of a sample its life and its place in the tree. */
export function placeSample(host: HostHistory, index: number, sample: Sample): PlacedSample | null {
  const { processes, system } = sample;
  const since = weakStarts(host, index, processes);
  if (!processes) return null;
  const life = seeAll(host, system, processes, since);
  const { pid, ppid, start_ticks: startTicks, rss_bytes: rss } = processes.numbers;
  const tree = buildProcessTree({ pid, ppid, startTicks, rss });
  const parentLife = Float64Array.from(tree.parent, (row) => (row < 0 ? Number.NaN : life[row]));
  return { life, parentLife, tree };
}

function seeAll(
  host: HostHistory,
  system: SystemRow,
  processes: ProcessTable,
  since: Float64Array,
): Float64Array {
  const prefix = bootPrefix(host.name, system.bootId);
  const uptime = system.uptimeSeconds ?? Number.NaN;
  const clockTicks = system.clockTicks ?? Number.NaN;
  return Float64Array.from(processes.numbers.pid, (pid, row) => {
    const startTicks = processes.numbers.start_ticks[row];
    const weak = Number.isNaN(startTicks);
    const age = weak ? (system.t - since[row]) / 1000 : lifetimeSeconds(uptime, startTicks, clockTicks);
    return host.lives.see({
      key: weak ? weakKey(host.name, pid, since[row]) : strongKey(prefix, pid, startTicks),
      pid,
      weak,
      t: system.t,
      lifetimeSeconds: Number.isNaN(age) ? 0 : age,
      cmd: processes.texts.cmd[row],
    });
  });
}
