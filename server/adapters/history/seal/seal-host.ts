import { readManifests } from '../manifests.ts';
import type { SegmentManifest, SegmentPart, SegmentSource } from '../segment.ts';
import { readSamples } from './carry-over.ts';
import type { HostDay } from './host-day.ts';
import { collectSample } from './host-day.ts';
import { contextMark, contextOf, edgesOf, hangsOnContext } from './neighbours.ts';
import { samplesInTime, sortDay } from './sort-day.ts';
import { readSources } from './sources.ts';
import { NO_CONTEXT, placeWeakLives } from './weak-context.ts';
import type { SegmentWriter } from './write-segment.ts';
import { writeSegment } from './write-segment.ts';

/** What was read anew of one host. */
export interface ReadHost {
  readonly day: HostDay;
  readonly sources: SegmentSource[];
}

/** What a new segment takes over from those that it takes the place of. */
export interface Inheritance {
  readonly segments: readonly SegmentManifest[];
  /** Files that are looked at anew: what a segment had of them does not count any more. */
  readonly anew: ReadonlySet<string>;
  /** Only samples from then, and until before then. */
  readonly from: number;
  readonly to: number;
}

/** Takes over what the segment holds of dumps that are not read anew, and of which nobody has the instant. */
async function carryOver(
  writer: SegmentWriter,
  { day, sources }: ReadHost,
  segment: SegmentManifest,
  { anew, from, to }: Inheritance,
): Promise<void> {
  const old = readSources(writer.index, segment);
  const stale = new Set(old.filter(({ file }) => anew.has(file)).map(({ t }) => t));
  const isWanted = (t: number) => t >= from && t < to && !stale.has(t) && !day.instants.has(t);
  const kept = new Set<number | null>();
  for await (const sample of readSamples(writer.connection, writer.index, segment, isWanted))
    if (collectSample(day, sample)) kept.add(sample.system.t);
  sources.push(...old.filter(({ file, t }) => !anew.has(file) && (t === null || kept.has(t))));
}

/**
 * Writes what was read of one host, and what other segments of the host and date hold.
 * @returns the segment, which is to be committed; `null` where there is nothing
 */
export async function sealHost(
  writer: SegmentWriter,
  date: string,
  read: ReadHost,
  inheritance: Inheritance,
  part?: SegmentPart,
): Promise<SegmentManifest | null> {
  for (const segment of inheritance.segments) await carryOver(writer, read, segment, inheritance);
  const { day, sources } = read;
  const samples = samplesInTime(day);
  if (samples.length === 0) return null;
  const hangs = hangsOnContext(day);
  const context = hangs ? await readContext(writer.index, day, inheritance.segments) : NO_CONTEXT;
  const weak = placeWeakLives(day, samples, context);
  return writeSegment(writer, {
    date,
    sorted: sortDay(day, samples),
    sources,
    weak,
    around: {
      ...edgesOf(samples),
      ...(hangs ? { context: contextMark(context) } : {}),
      ...(part ? { part } : {}),
    },
  });
}

async function readContext(index: string, day: HostDay, replaces: readonly SegmentManifest[]) {
  const { manifests } = await readManifests(index);
  const gone = new Set(replaces.map(({ id }) => id));
  const others = manifests.filter(({ host, id }) => host === day.host && !gone.has(id));
  const instants = day.samples.map(({ system }) => system.t).sort((a, b) => a - b);
  return contextOf(others, instants[0], instants[instants.length - 1]);
}
