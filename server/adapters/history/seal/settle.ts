import { readManifests } from '../manifests.ts';
import type { SegmentManifest } from '../segment.ts';
import { openDayRows } from './day-rows.ts';
import { openHostDay } from './host-day.ts';
import type { SegmentEdges } from './neighbours.ts';
import { contextMark, contextOf, readEdges } from './neighbours.ts';
import { sealHost } from './seal-host.ts';
import type { SealControl, SealWorld } from './seal-stretch.ts';

const NO_FILES: ReadonlySet<string> = new Set();

function byHost(manifests: readonly SegmentManifest[]): ReadonlyMap<string, SegmentManifest[]> {
  const hosts = new Map<string, SegmentManifest[]>();
  for (const manifest of manifests) hosts.set(manifest.host, [...(hosts.get(manifest.host) ?? []), manifest]);
  return hosts;
}

function isStale(segments: readonly SegmentEdges[], at: number): boolean {
  const { context, manifest } = segments[at];
  return context !== '' && context !== contextMark(contextOf(segments, manifest.from, manifest.to));
}

async function sealAgain(world: SealWorld, segment: SegmentManifest): Promise<SegmentManifest | null> {
  const rows = world.spare.pop() ?? openDayRows();
  rows.count = 0;
  const read = { day: openHostDay(segment.host, rows), sources: [] };
  const sealed = await sealHost(world, segment.date, read, [segment], NO_FILES);
  world.spare.push(rows);
  return sealed;
}

async function settleHost(world: SealWorld, segments: readonly SegmentManifest[], control: SealControl) {
  const edges = segments.map((segment) => readEdges(world.index, segment));
  for (let at = 0; at < edges.length; at++) {
    control.check();
    if (!isStale(edges, at)) continue;
    const sealed = await sealAgain(world, edges[at].manifest);
    if (sealed) edges[at] = readEdges(world.index, sealed);
  }
}

/**
 * Seals again, from what they hold, the segments in which lives without start ticks were told apart by other
 * neighbours than they have now: a day hangs on how the one before ended. The oldest first, so that each is done once.
 */
export async function settleSegments(world: SealWorld, control: SealControl): Promise<void> {
  const { manifests } = await readManifests(world.index);
  for (const segments of byHost(manifests).values()) await settleHost(world, segments, control);
}
