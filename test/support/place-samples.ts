import { bootPrefix, firstWord, strongKey, weakKey } from '../../server/domain/process-key.ts';
import { openWeakLives } from '../../server/domain/process-lives.ts';
import type { ProcessTree } from '../../server/domain/process-tree.ts';
import { buildProcessTree } from '../../server/domain/process-tree.ts';
import type { ProcessTable, Sample } from '../../server/domain/sample.ts';
import { gapBefore } from '../../server/domain/timeline.ts';

/** Whose life each process of a sample is, and where it stands in the tree: what a segment holds beside the dump. */

export interface PlacedProcesses {
  readonly processes: ProcessTable;
  readonly tree: ProcessTree;
  readonly keys: readonly string[];
  /** Epoch ms in which a weakly identified life began; `NaN` for others. */
  readonly since: ArrayLike<number>;
}

export interface PlacedSample {
  readonly sample: Sample;
  readonly placed: PlacedProcesses | null;
}

function placeProcesses(sample: Sample, processes: ProcessTable, since: Float64Array): PlacedProcesses {
  const { host, bootId } = sample.system;
  const { pid, ppid, start_ticks: startTicks, rss_bytes: rss } = processes.numbers;
  const prefix = bootPrefix(host, bootId);
  return {
    processes,
    tree: buildProcessTree({ pid, ppid, startTicks, rss }),
    keys: Array.from(pid, (id, row) =>
      Number.isNaN(startTicks[row]) ? weakKey(host, id, since[row]) : strongKey(prefix, id, startTicks[row]),
    ),
    since,
  };
}

/** For each row the instant in which its weak life began. */
function followWeak(
  lives: ReturnType<typeof openWeakLives>,
  t: number,
  afterBreak: boolean,
  { numbers, texts, count }: ProcessTable,
): Float64Array {
  const rows = [...numbers.start_ticks.keys()].filter((row) => Number.isNaN(numbers.start_ticks[row]));
  const starts = lives.next({
    t,
    afterBreak,
    pid: rows.map((row) => numbers.pid[row]),
    ppid: rows.map((row) => numbers.ppid[row]),
    cmd: rows.map((row) => texts.cmd[row]),
  });
  const since = new Float64Array(count).fill(Number.NaN);
  for (const [at, row] of rows.entries()) since[row] = starts[at];
  return since;
}

/** All samples of one host, in order of time. */
export function placeSamples(samples: readonly Sample[]): PlacedSample[] {
  const lives = openWeakLives();
  const spine = {
    t: samples.map(({ system }) => system.t),
    uptimeSeconds: samples.map(({ system }) => system.uptimeSeconds ?? Number.NaN),
    intervalSeconds: samples.map(({ system }) => system.intervalSeconds ?? Number.NaN),
    bootId: samples.map(({ system }) => system.bootId),
  };
  let afterBreak = false;
  return samples.map((sample, index) => {
    afterBreak ||= gapBefore(spine, index) !== null;
    const { processes, system } = sample;
    if (!processes) return { sample, placed: null };
    const since = followWeak(lives, system.t, afterBreak, processes);
    afterBreak = false;
    return { sample, placed: placeProcesses(sample, processes, since) };
  });
}

export function survivorsOf(samples: readonly PlacedSample[]) {
  const last = samples.findLast(({ placed }) => placed !== null)?.placed;
  if (!last) return [];
  const { numbers, texts } = last.processes;
  return [...numbers.pid].flatMap((pid, row) =>
    Number.isNaN(last.since[row])
      ? []
      : [{ pid, ppid: numbers.ppid[row], firstWord: firstWord(texts.cmd[row]), since: last.since[row] }],
  );
}
