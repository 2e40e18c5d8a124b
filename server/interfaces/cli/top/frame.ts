import type { LiveReading } from '../../../domain/live-reading.ts';
import { bootPrefix, strongKey } from '../../../domain/process-key.ts';
import { buildProcessTree, sortedDepthFirst } from '../../../domain/process-tree.ts';
import type { ProcessTable, SystemRow } from '../../../domain/sample.ts';
import { displayText } from '../../../domain/text-notation.ts';
import type { WatchGroup } from '../../../domain/watch-group.ts';
import { openWatchMatcher, watchedProcesses } from '../../../domain/watch-group.ts';

/** Readings of this host → what `pmi top` shows of each: processes as a tree, with what they held in the samples before. */

/** Bytes; `NaN` is unknown. */
export interface TopFigures {
  readonly subtree: number;
  readonly rss: number;
  readonly pss: number;
  readonly swap: number;
}

export type TopFigure = keyof TopFigures;
export const TOP_FIGURES: readonly TopFigure[] = ['subtree', 'rss', 'pss', 'swap'];

export interface TopProcess {
  /** One life: a pid is reused. */
  readonly key: string;
  readonly pid: number;
  /** These two are fit to be shown. */
  readonly user: string;
  readonly name: string;
  readonly depth: number;
  readonly descendants: number;
  /** Names of the watch groups that it belongs to. */
  readonly groups: readonly string[];
  readonly figures: TopFigures;
  /** The last few, the newest last. */
  readonly points: readonly TopFigures[];
  /** The most of each while `pmi top` watched; `NaN` is unknown. */
  readonly peak: TopFigures;
}

export interface TopFrame {
  readonly system: SystemRow;
  /** Depth first, siblings by subtree. */
  readonly processes: readonly TopProcess[];
  readonly processRss: number;
}

/** As many as a sparkline has cells. */
export const TOP_POINTS = 10;

interface Past {
  readonly points: readonly TopFigures[];
  readonly peak: TopFigures;
}

/** `Math.max` of what is known. */
export function larger(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}

function mapFigures(figureOf: (figure: TopFigure) => number): TopFigures {
  return {
    subtree: figureOf('subtree'),
    rss: figureOf('rss'),
    pss: figureOf('pss'),
    swap: figureOf('swap'),
  };
}

/** PSS and swap are read in turns: until it is theirs again, a process has what was read last. */
function withKnown(now: TopFigures, before: Past | undefined): TopFigures {
  const last = before?.points.at(-1);
  const kept = (figure: TopFigure) => (Number.isNaN(now[figure]) && last ? last[figure] : now[figure]);
  return mapFigures(kept);
}

function remembered(now: TopFigures, before: Past | undefined): Past {
  return {
    points: [...(before?.points ?? []), now].slice(-TOP_POINTS),
    peak: before ? mapFigures((figure) => larger(before.peak[figure], now[figure])) : now,
  };
}

function nameAt({ texts }: ProcessTable, row: number): string {
  const cmd = displayText(texts.cmd[row]);
  return cmd.trim() === '' ? `[${displayText(texts.comm[row])}]` : cmd;
}

function treeOf({ numbers }: ProcessTable) {
  const { pid, ppid, start_ticks: startTicks, rss_bytes: rss } = numbers;
  return buildProcessTree({ pid, ppid, startTicks, rss });
}

type GroupsOf = (row: number) => readonly string[];

/** Which of these groups each process of a reading is in. */
function openGrouping(groups: readonly WatchGroup[]): (table: ProcessTable) => GroupsOf {
  const matchers = groups.map((group) => ({ name: group.name, match: openWatchMatcher(group) }));
  return (processes) => {
    const watched = matchers.length > 0 ? watchedProcesses(processes) : [];
    const found = matchers.map(({ name, match }) => ({ name, ...match(watched) }));
    return (row) => found.flatMap(({ name, memberOf }) => (memberOf[row] >= 0 ? [name] : []));
  };
}

/** Keeps the past of the processes that live; that of the others goes with them. */
export function openTopFrames(
  groups: readonly WatchGroup[] = [],
): (reading: Pick<LiveReading, 'system' | 'processes'>) => TopFrame {
  const grouping = openGrouping(groups);
  let past = new Map<string, Past>();
  return ({ system, processes: table }) => {
    const groupsOf = grouping(table);
    const { numbers, texts } = table;
    const tree = treeOf(table);
    const order = sortedDepthFirst(
      tree.parent,
      (a, b) => tree.subtreeRss[b] - tree.subtreeRss[a] || numbers.pid[a] - numbers.pid[b],
    );
    const prefix = bootPrefix(system.host, system.bootId);
    const next = new Map<string, Past>();
    const processAt = (row: number): TopProcess => {
      const key = strongKey(prefix, numbers.pid[row], numbers.start_ticks[row]);
      const read = {
        subtree: tree.subtreeRss[row],
        rss: numbers.rss_bytes[row],
        pss: numbers.pss_bytes[row],
        swap: numbers.swap_bytes[row],
      };
      const before = past.get(key);
      const now = remembered(withKnown(read, before), before);
      next.set(key, now);
      return {
        key,
        pid: numbers.pid[row],
        user: displayText(texts.user[row]),
        name: nameAt(table, row),
        depth: tree.level[row],
        descendants: tree.subtreeProcesses[row] - 1,
        groups: groupsOf(row),
        figures: now.points[now.points.length - 1],
        ...now,
      };
    };
    const processes = order.map(processAt);
    past = next;
    return { system, processes, processRss: numbers.rss_bytes.reduce((sum, bytes) => sum + bytes, 0) };
  };
}
