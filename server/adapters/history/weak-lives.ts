import type { HostSpine } from '../../application/ports.ts';
import type { WeakLives, WeakProcess } from '../../domain/process-lives.ts';
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
  /** Goes on from what a segment's last sample shows. */
  goOnFrom(survivors: readonly WeakProcess[]): void;
  /** Lives must be told apart anew, if there are any. */
  spoil(): void;
  /** A sample came in out of order, or a spacing turned out to be a gap after all: lives must be told apart anew. */
  isStale(): boolean;
}

export interface WeakProcesses {
  readonly pid: ArrayLike<number>;
  readonly ppid: ArrayLike<number>;
  readonly cmd: readonly (string | null)[];
}

const NOBODY = new Float64Array();

/** @param sealed the end of what segments hold: its instant, and who lived on there */
export function openWeakTracker(
  spine: HostSpine,
  sealed: { readonly to: number; readonly weak: readonly WeakProcess[] } | null = null,
): WeakTracker {
  const survivors = sealed?.weak ?? [];
  let lives: WeakLives = openWeakLives(survivors);
  const breaks = new Map<number, boolean>();
  let newest = sealed?.to ?? Number.NEGATIVE_INFINITY;
  let spoilt = false;
  let anyWeak = survivors.length > 0;
  let unchecked = 1;

  function isBreak(index: number): boolean {
    const broken = gapBefore(spine, index) !== null;
    breaks.set(spine.t[index], broken);
    return broken;
  }

  /** A gap lies between the last sample with processes and this one. */
  function isAfterBreak(index: number): boolean {
    let broken = isBreak(index);
    for (let at = index - 1; at >= 0 && spine.hasProcesses[at] === 0; at--) broken = isBreak(at) || broken;
    return broken;
  }

  return {
    track(index, processes) {
      const t = spine.t[index];
      anyWeak ||= processes !== null && processes.pid.length > 0;
      spoilt ||= t < newest;
      newest = Math.max(newest, t);
      if (processes === null) return NOBODY;
      return lives.next({ t, afterBreak: anyWeak && isAfterBreak(index), ...processes });
    },
    goOnFrom(others) {
      anyWeak ||= others.length > 0;
      lives = openWeakLives(others);
    },
    spoil() {
      spoilt = true;
    },
    isStale() {
      if (!anyWeak) return false;
      if (spoilt) return true;
      const first = Math.max(1, unchecked - MEDIAN_REACH);
      unchecked = spine.t.length;
      for (let index = first; index < spine.t.length; index++) {
        const decided = breaks.get(spine.t[index]);
        if (decided !== undefined && decided !== (gapBefore(spine, index) !== null)) return true;
      }
      return false;
    },
  };
}
