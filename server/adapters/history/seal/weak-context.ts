import { TEXT_COLUMNS } from '../../../domain/metrics.ts';
import type { WeakProcess } from '../../../domain/process-lives.ts';
import { openWeakLives } from '../../../domain/process-lives.ts';
import type { SampleSpine } from '../../../domain/timeline.ts';
import { gapBefore, MEDIAN_REACH } from '../../../domain/timeline.ts';
import type { EdgeSample } from '../segment.ts';
import { weakLife } from './day-lives.ts';
import { numbersAt, ROW_NUMBERS, TEXTS, WORDS } from './day-rows.ts';
import type { DaySample, HostDay } from './host-day.ts';
import { textOf } from './row-texts.ts';

/** What lies around a stretch, on which it hangs where lives without start ticks begin and end. */
export interface WeakContext {
  readonly survivors: readonly WeakProcess[];
  /** The samples right before, at most `EDGE_SAMPLES`, in order of time. */
  readonly before: readonly EdgeSample[];
  /** The samples right after, at most `EDGE_SAMPLES`. */
  readonly after: readonly EdgeSample[];
}

/** As far as the usual spacing is looked for. */
export const EDGE_SAMPLES = MEDIAN_REACH + 1;
export const NO_CONTEXT: WeakContext = { survivors: [], before: [], after: [] };

const CMD = TEXT_COLUMNS.indexOf('cmd');
const PPID = ROW_NUMBERS.indexOf('ppid');

function spineOf(samples: readonly EdgeSample[]): SampleSpine {
  return {
    t: samples.map(({ t }) => t),
    uptimeSeconds: samples.map(({ uptimeSeconds }) => uptimeSeconds ?? Number.NaN),
    intervalSeconds: samples.map(({ intervalSeconds }) => intervalSeconds ?? Number.NaN),
    bootId: samples.map(({ bootId }) => bootId),
  };
}

export function edgeOf({ system }: DaySample): EdgeSample {
  const { t, uptimeSeconds, intervalSeconds, bootId } = system;
  return { t, uptimeSeconds, intervalSeconds, bootId };
}

interface WeakRows {
  readonly row: number[];
  readonly slot: number[];
  readonly pid: number[];
  readonly ppid: number[];
  readonly cmd: (string | null)[];
}

/** The rows of a sample that have no life yet. */
function weakRowsOf({ rows, texts, pids }: HostDay, { first, count }: DaySample): WeakRows {
  const weak: WeakRows = { row: [], slot: [], pid: [], ppid: [], cmd: [] };
  const ppid = numbersAt(rows, PPID);
  for (let row = first; row < first + count; row++) {
    const life = rows.life[row];
    if (life >= 0) continue;
    const slot = ~life;
    weak.row.push(row);
    weak.slot.push(slot);
    weak.pid.push(pids.pidOf(slot));
    weak.ppid.push(ppid.values[row * ppid.stride + ppid.first]);
    weak.cmd.push(textOf(texts, rows.ints[row * WORDS + TEXTS], CMD));
  }
  return weak;
}

/**
 * Gives every row without start ticks its life, by what the samples around tell.
 * @param samples of the day in order of time
 * @returns who lives on after the last of them
 */
export function placeWeakLives(
  day: HostDay,
  samples: readonly DaySample[],
  { survivors, before, after }: WeakContext,
): readonly WeakProcess[] {
  if (day.weakRows === 0 && survivors.length === 0) return [];
  const spine = spineOf([...before, ...samples.map(edgeOf), ...after]);
  const tracker = openWeakLives(survivors);
  let afterBreak = false;
  samples.forEach((sample, index) => {
    afterBreak ||= gapBefore(spine, before.length + index) !== null;
    if (!sample.hasProcesses) return;
    const weak = weakRowsOf(day, sample);
    const since = tracker.next({ t: sample.system.t, afterBreak, ...weak });
    afterBreak = false;
    weak.row.forEach((row, at) => {
      day.rows.life[row] = weakLife(day.lives, weak.slot[at], weak.pid[at], since[at]);
    });
  });
  return afterBreak ? [] : tracker.survivors();
}
