import type { OracleGap } from './gaps.ts';
import type { RecordedProcess, RecordedSample } from './read-dumps.ts';

/** Tells which rows are of one life: equal marks, one life. */
export type LifeMarks = readonly ReadonlyMap<number, string>[];

type ByPid = ReadonlyMap<number, RecordedProcess>;

/**
 * For each sample pid → mark of its life. With start ticks a life is (boot id, pid, start ticks); without, each
 * process is compared with the one of its pid in the sample with processes before, unless a gap lies between.
 */
export function markLives(samples: readonly RecordedSample[], gaps: readonly OracleGap[]): LifeMarks {
  const marks: Map<number, string>[] = [];
  let previous = -1;
  for (const [index, sample] of samples.entries()) {
    const goesOn = continuation(samples[previous], sample, gaps);
    const oldMarks = marks[previous];
    const markOf = ({ pid, start_ticks }: RecordedProcess): string => {
      if (!sample.weak) return `${sample.bootId} ${pid} ${start_ticks}`;
      return (goesOn(pid) && oldMarks?.get(pid)) || `weak ${pid} ${sample.t}`;
    };
    marks.push(new Map((sample.processes ?? []).map((process) => [process.pid, markOf(process)])));
    if (sample.processes) previous = index;
  }
  return marks;
}

/**
 * Does the process of a pid go on from one sample to the next, by what a dump without start ticks tells? With the
 * same parent it does; with a new one it does if the old parent does not. Where old parents form a loop, that
 * question comes back to where it began, and the one there is taken to go on.
 */
function continuation(
  earlier: RecordedSample | undefined,
  later: RecordedSample,
  gaps: readonly OracleGap[],
): (pid: number) => boolean {
  if (!earlier || gaps.some((gap) => gap.from >= earlier.t && gap.to <= later.t)) return () => false;
  const before = byPid(earlier);
  const now = byPid(later);

  const keepsCommand = (pid: number): boolean => {
    const old = before.get(pid);
    const current = now.get(pid);
    return old !== undefined && current !== undefined && firstWord(old) === firstWord(current);
  };
  const goesOn = (pid: number, asked: readonly number[]): boolean => {
    const old = before.get(pid);
    if (!old || !keepsCommand(pid)) return false;
    if (old.ppid === now.get(pid)?.ppid || asked.includes(pid)) return true;
    return !goesOn(old.ppid, [...asked, pid]);
  };
  return (pid) => goesOn(pid, []);
}

function byPid(sample: RecordedSample): ByPid {
  return new Map((sample.processes ?? []).map((process) => [process.pid, process]));
}

function firstWord({ cmd }: RecordedProcess): string {
  return (cmd ?? '').split(' ')[0];
}
