import type { HostSpine } from '../../application/ports.ts';
import type { WeakLives } from '../../domain/process-lives.ts';
import { openWeakLives } from '../../domain/process-lives.ts';
import { gapBefore, MEDIAN_REACH } from '../../domain/timeline.ts';

/**
 * Follows the processes without start ticks of one host while samples come in. Whether a spacing is a gap hangs on
 * the spacings around it, also those to come; so each decision is kept and looked at again later.
 */
export interface WeakTracker {
  /**
   * For each process of sample `index`, the instant in which its life began.
   * @param processes `null` for a system file alone, which tells of nobody that he is gone
   */
  track(index: number, processes: WeakProcesses | null): Float64Array;
  /** A sample came in out of order, or a spacing turned out to be a gap after all: lives must be told apart anew. */
  isStale(): boolean;
}

export interface WeakProcesses {
  readonly pid: ArrayLike<number>;
  readonly ppid: ArrayLike<number>;
  readonly cmd: readonly (string | null)[];
}

const NOBODY = new Float64Array();

export function openWeakTracker(spine: HostSpine): WeakTracker {
  const lives: WeakLives = openWeakLives();
  const breaks = new Map<number, boolean>();
  let newest = Number.NEGATIVE_INFINITY;
  let outOfOrder = false;
  let anyWeak = false;
  let unchecked = 1;
  /** A gap lies between the last sample with processes and now. */
  let afterBreak = false;

  function isBreak(index: number): boolean {
    return gapBefore(spine, index) !== null;
  }

  return {
    track(index, processes) {
      const t = spine.t[index];
      anyWeak ||= processes !== null && processes.pid.length > 0;
      outOfOrder ||= anyWeak && t < newest;
      newest = Math.max(newest, t);
      const breaksHere = anyWeak && isBreak(index);
      breaks.set(t, breaksHere);
      afterBreak ||= breaksHere;
      if (processes === null) return NOBODY;
      const starts = lives.next({ t, afterBreak, ...processes });
      afterBreak = false;
      return starts;
    },
    isStale() {
      if (!anyWeak) return false;
      if (outOfOrder) return true;
      const first = Math.max(1, unchecked - MEDIAN_REACH);
      unchecked = spine.t.length;
      for (let index = first; index < spine.t.length; index++) {
        const decided = breaks.get(spine.t[index]);
        if (decided !== undefined && decided !== isBreak(index)) return true;
      }
      return false;
    },
  };
}
