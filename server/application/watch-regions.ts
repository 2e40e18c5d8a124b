import type { ErrorCode } from '../domain/errors.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import { COST_SHARE, parseRegionInterval } from '../domain/region-cadence.ts';
import type { WatchedProcess, WatchGroup } from '../domain/watch-group.ts';
import { watchedPids } from '../domain/watch-group.ts';
import type { Analysis } from './analysis.ts';
import type { RegionRecords } from './analysis-ports.ts';
import { pause, recordMoment } from './record-regions.ts';

/** Regions over time of the watch groups that ask for them, all together within the budget of one. */

export interface RegionWatchWorld {
  readonly analysis: Pick<Analysis, 'regions'>;
  readonly records: Pick<RegionRecords, 'append'>;
  readonly groups: () => readonly WatchGroup[];
  /** Of this host now. @throws `source_unavailable` */
  readonly processes: () => Promise<readonly WatchedProcess[]>;
  /** Why nothing is to be kept here, one sentence; `null`: nothing speaks against it. */
  readonly obstacle: () => Promise<string | null>;
  /** What was not to be expected, such as a full disk; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** A process of a group whose regions are not kept. */
export interface SkippedProcess {
  readonly pid: number;
  /** Dump notation. */
  readonly comm: string | null;
  /** Why, and what helps. */
  readonly text: string;
}

/** What was kept of a group in the last round. */
export interface KeptRegions {
  /** Why nothing was, one sentence. */
  readonly obstacle: string | null;
  readonly processes: number;
  /** Epoch ms; `null`: not yet. */
  readonly last: number | null;
  /** How long a round took: no process was read more often, whatever is asked for. */
  readonly roundSeconds: number;
  readonly skipped: readonly SkippedProcess[];
}

export interface RegionWatch {
  /** `null`: its first round is not over, or it does not ask. */
  kept(group: string): KeptRegions | null;
  close(): Promise<void>;
}

/** How often it is looked whether a group asks by now. */
const LOOK_EVERY_MS = 5000;

interface Asking {
  readonly group: WatchGroup;
  readonly intervalMs: number;
}

function askingOf(groups: readonly WatchGroup[]): readonly Asking[] {
  return groups.flatMap((group) => {
    const intervalMs = group.regions === undefined ? null : parseRegionInterval(group.regions);
    return intervalMs === null ? [] : [{ group, intervalMs }];
  });
}

interface Turn {
  readonly process: WatchedProcess;
  readonly intervalMs: number;
}

/** Each process once, by the group that asks most often. */
function turnsOf(asking: readonly Asking[], processes: readonly WatchedProcess[]): readonly Turn[] {
  const turns = new Map<number, Turn>();
  for (const { group, intervalMs } of asking.toSorted((a, b) => a.intervalMs - b.intervalMs)) {
    const pids = watchedPids(group, processes);
    for (const process of processes)
      if (pids.has(process.pid) && !turns.has(process.pid)) turns.set(process.pid, { process, intervalMs });
  }
  return [...turns.values()];
}

/** Of what needs no word: the process has ended, or this watch. */
const ENDS: readonly ErrorCode[] = ['process_gone', 'process_changed', 'client_gone'];

/** Of what is told, and was to be expected. */
const UNREAD: readonly ErrorCode[] = ['not_permitted', 'no_data_for_pid', 'source_unavailable'];

/** Why regions were not kept; '' where something has ended. */
function reasonOf(error: unknown, onFailure: RegionWatchWorld['onFailure']): string {
  if (!(error instanceof MemoryInspectorError)) throw error;
  const { code, message, next = message } = error;
  if (ENDS.includes(code)) return '';
  if (!UNREAD.includes(code)) onFailure(error);
  return next;
}

function openKeeping({ analysis, records, onFailure }: RegionWatchWorld, signal: AbortSignal) {
  /** pid → epoch ms of its last moment. */
  const last = new Map<number, number>();
  return {
    last,
    /** @returns why it was not kept; `null`: it was */
    async keep({ pid }: WatchedProcess): Promise<string | null> {
      try {
        const { t, readSeconds } = await recordMoment(analysis, records, { pid, signal });
        last.set(pid, t);
        await pause((1000 * readSeconds) / COST_SHARE, signal);
        return null;
      } catch (error) {
        return reasonOf(error, onFailure);
      }
    },
  };
}

/** The longest without a moment first; those whose interval is not nearly over wait for the next round. */
function dueOf(turns: readonly Turn[], last: ReadonlyMap<number, number>, now: number): readonly Turn[] {
  const lastOf = ({ process }: Turn) => last.get(process.pid) ?? Number.NEGATIVE_INFINITY;
  return turns
    .filter((turn) => now - lastOf(turn) >= 0.9 * turn.intervalMs)
    .toSorted((a, b) => lastOf(a) - lastOf(b));
}

function keptOf(
  { group }: Asking,
  processes: readonly WatchedProcess[],
  last: ReadonlyMap<number, number>,
  reasons: ReadonlyMap<number, string>,
  roundSeconds: number,
): KeptRegions {
  const pids = watchedPids(group, processes);
  const members = processes.filter(({ pid }) => pids.has(pid));
  const times = members.map(({ pid }) => last.get(pid) ?? 0);
  const newest = Math.max(0, ...times);
  return {
    obstacle: null,
    processes: members.length,
    last: newest > 0 ? newest : null,
    roundSeconds,
    skipped: members.flatMap(({ pid, comm }) => {
      const text = reasons.get(pid) ?? '';
      return text === '' ? [] : [{ pid, comm, text }];
    }),
  };
}

/** One round over all that is due, ended early where the groups change. */
function openRounds(world: RegionWatchWorld, signal: AbortSignal) {
  const { last, keep } = openKeeping(world, signal);
  /** pid → why its regions could not be kept when its turn was last. */
  const reasons = new Map<number, string>();

  async function takeTurns(turns: readonly Turn[], groups: readonly WatchGroup[]): Promise<void> {
    for (const { process } of dueOf(turns, last, Date.now())) {
      if (signal.aborted || world.groups() !== groups) return;
      const reason = await keep(process);
      if (reason === null) reasons.delete(process.pid);
      else reasons.set(process.pid, reason);
    }
  }

  function forgetAllBut(turns: readonly Turn[]): void {
    const here = new Set(turns.map(({ process }) => process.pid));
    for (const map of [last, reasons]) for (const pid of map.keys()) if (!here.has(pid)) map.delete(pid);
  }

  return async (asking: readonly Asking[], groups: readonly WatchGroup[]) => {
    const began = performance.now();
    const processes = await world.processes();
    await pause((performance.now() - began) / COST_SHARE, signal);
    const turns = turnsOf(asking, processes);
    forgetAllBut(turns);
    await takeTurns(turns, groups);
    const seconds = (performance.now() - began) / 1000;
    return asking.map((one): [string, KeptRegions] => [
      one.group.name,
      keptOf(one, processes, last, reasons, seconds),
    ]);
  };
}

const NOTHING_KEPT = { processes: 0, last: null, roundSeconds: 0, skipped: [] } as const;

/** Goes on in the background until it is closed; it never throws. */
export function openRegionWatch(world: RegionWatchWorld): RegionWatch {
  const ending = new AbortController();
  const takeRound = openRounds(world, ending.signal);
  let kept = new Map<string, KeptRegions>();
  let seen: readonly WatchGroup[] = [];
  /** Monotonic ms of the next round. */
  let nextAt = 0;

  async function look(): Promise<void> {
    const groups = world.groups();
    const asking = askingOf(groups);
    if (groups !== seen) nextAt = 0;
    seen = groups;
    if (asking.length === 0) kept = new Map();
    if (asking.length === 0 || performance.now() < nextAt) return;
    const obstacle = await world.obstacle();
    if (obstacle === null) {
      nextAt = performance.now() + Math.min(...asking.map(({ intervalMs }) => intervalMs));
      kept = new Map(await takeRound(asking, groups));
    } else kept = new Map(asking.map(({ group }) => [group.name, { ...NOTHING_KEPT, obstacle }]));
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      await look().catch(world.onFailure);
      const waitMs = nextAt - performance.now();
      await pause(waitMs > 0 ? Math.min(waitMs, LOOK_EVERY_MS) : LOOK_EVERY_MS, ending.signal);
    }
  }

  const running = run();
  return {
    kept: (group) => kept.get(group) ?? null,
    async close() {
      ending.abort();
      await running;
    },
  };
}
