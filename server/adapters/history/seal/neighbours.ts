import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { SegmentManifest } from '../segment.ts';
import { sourcesPath } from '../segment-paths.ts';
import type { DaySample, HostDay } from './host-day.ts';
import type { SegmentSources } from './sources.ts';
import { parseSources } from './sources.ts';
import type { EdgeSample, WeakContext } from './weak-context.ts';
import { EDGE_SAMPLES, edgeOf } from './weak-context.ts';

/** What the segments before and after tell of the lives without start ticks in one. */

export interface SegmentEdges extends Omit<SegmentSources, 'version' | 'sources'> {
  readonly manifest: SegmentManifest;
}

const HEAD_BYTES = 65_536;
const SOURCES = ',"sources":[';

function readHead(path: string): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.toString('utf8', 0, readSync(fd, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** Of the sources file only its first line is read. */
export function readEdges(index: string, manifest: SegmentManifest): SegmentEdges {
  const head = readHead(sourcesPath(index, manifest)).split('\n', 1)[0];
  const { first, last, context } = parseSources(`${head.slice(0, head.lastIndexOf(SOURCES))}}`);
  return { manifest, first, last, context };
}

/** @param segments of one host in order of time, without the one in question, which is `from … to` */
export function contextOf(segments: readonly SegmentEdges[], from: number, to: number): WeakContext {
  const earlier = segments.filter(({ manifest }) => manifest.to < from);
  const later = segments.filter(({ manifest }) => manifest.from > to);
  return {
    survivors: earlier.at(-1)?.manifest.weak ?? [],
    before: earlier
      .slice(-EDGE_SAMPLES)
      .flatMap(({ last }) => last)
      .slice(-EDGE_SAMPLES),
    after: later
      .slice(0, EDGE_SAMPLES)
      .flatMap(({ first }) => first)
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
