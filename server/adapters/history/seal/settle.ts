import { readManifests } from '../manifests.ts';
import type { SegmentManifest } from '../segment.ts';
import { emptySpace } from './day-space.ts';
import { openHostDay } from './host-day.ts';
import { contextMark, contextOf } from './neighbours.ts';
import { sealHost } from './seal-host.ts';
import type { SealControl, SealWorld } from './seal-world.ts';
import { commitSegments } from './write-segment.ts';

const ALL = {
  anew: new Set<string>(),
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
};

function byHost(manifests: readonly SegmentManifest[]): ReadonlyMap<string, SegmentManifest[]> {
  const hosts = new Map<string, SegmentManifest[]>();
  for (const manifest of manifests) hosts.set(manifest.host, [...(hosts.get(manifest.host) ?? []), manifest]);
  return hosts;
}

function isStale(segments: readonly SegmentManifest[], { context, from, to }: SegmentManifest): boolean {
  return context !== undefined && context !== contextMark(contextOf(segments, from, to));
}

async function sealAgain(world: SealWorld, segment: SegmentManifest): Promise<SegmentManifest | null> {
  const space = emptySpace(world.spare);
  const read = { day: openHostDay(segment.host, space), sources: [] };
  const sealed = await sealHost(world, segment.date, read, { ...ALL, segments: [segment] }, segment.part);
  if (sealed) await commitSegments(world, [sealed], [segment]);
  world.spare.push(space);
  return sealed;
}

async function settleHost(world: SealWorld, segments: readonly SegmentManifest[], control: SealControl) {
  const latest = [...segments];
  for (const [at, segment] of segments.entries()) {
    control.check();
    if (!isStale(latest, segment)) continue;
    latest[at] = (await sealAgain(world, segment)) ?? segment;
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
