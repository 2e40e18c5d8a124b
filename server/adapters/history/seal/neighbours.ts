import { createHash } from 'node:crypto';
import type { EdgeSample, SegmentManifest } from '../segment.ts';
import type { DaySample, HostDay } from './host-day.ts';
import type { WeakContext } from './weak-context.ts';
import { EDGE_SAMPLES, edgeOf } from './weak-context.ts';

/** What the segments before and after tell of the lives without start ticks in one. */

/** @param segments of one host in order of time, without the one in question, which is `from … to` */
export function contextOf(segments: readonly SegmentManifest[], from: number, to: number): WeakContext {
  const earlier = segments.filter((segment) => segment.to < from);
  const later = segments.filter((segment) => segment.from > to);
  return {
    survivors: earlier.at(-1)?.weak ?? [],
    before: earlier
      .slice(-EDGE_SAMPLES)
      .flatMap(({ last }) => last ?? [])
      .slice(-EDGE_SAMPLES),
    after: later
      .slice(0, EDGE_SAMPLES)
      .flatMap(({ first }) => first ?? [])
      .slice(0, EDGE_SAMPLES),
  };
}

/** Tells whether lives were told apart by this or by something else. */
export function contextMark({ survivors, before, after }: WeakContext): string {
  const known = [...survivors].sort((a, b) => a.pid - b.pid);
  const text = JSON.stringify([
    known.map(({ pid, ppid, firstWord, since }) => [pid, ppid, firstWord, since]),
    ...[before, after].map((edges) =>
      edges.map(({ t, uptimeSeconds, intervalSeconds, bootId }) => [
        t,
        uptimeSeconds,
        intervalSeconds,
        bootId,
      ]),
    ),
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Whether what lies around says anything of this day: not where all its processes have start ticks. */
export function hangsOnContext(day: HostDay): boolean {
  return day.weakRows > 0 || !day.samples.some(({ hasProcesses }) => hasProcesses);
}

export function edgesOf(samples: readonly DaySample[]): {
  readonly first: readonly EdgeSample[];
  readonly last: readonly EdgeSample[];
} {
  return {
    first: samples.slice(0, EDGE_SAMPLES).map(edgeOf),
    last: samples.slice(-EDGE_SAMPLES).map(edgeOf),
  };
}
