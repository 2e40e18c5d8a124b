import type { SealResult, Stretch } from '../../../application/sealing-ports.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { readAllManifests } from '../manifests.ts';
import type { SegmentManifest } from '../segment.ts';
import type { CarriedRows, Piece, Reading } from './read-piece.ts';
import { filesOf, hostOf, readPiece } from './read-piece.ts';
import { writeRefused } from './refused.ts';
import type { ReadHost } from './seal-host.ts';
import { sealHost } from './seal-host.ts';
import type { SealControl, SealWorld } from './seal-world.ts';
import { readSources } from './sources.ts';
import { commitSegments, removeSegments } from './write-segment.ts';

/** What was written of a host, and what it takes the place of. */
interface Written {
  readonly segments: SegmentManifest[];
  readonly replaces: Set<SegmentManifest>;
}

interface Job {
  readonly world: SealWorld;
  readonly reading: Reading;
  /** All that are looked at. */
  readonly files: ReadonlySet<string>;
  /** What there is of the date. */
  readonly segments: readonly SegmentManifest[];
  readonly written: Map<string, Written>;
}

function isTouched({ world, files }: Job, segment: SegmentManifest): boolean {
  return readSources(world.index, segment).some(({ file }) => files.has(file));
}

function isPiece({ from, to }: Piece): boolean {
  return from > Number.NEGATIVE_INFINITY || to < Number.POSITIVE_INFINITY;
}

/** Whether samples lie within the segment or on both sides of it. */
function overlaps({ day }: ReadHost, { from, to }: SegmentManifest): boolean {
  const instants = day.samples.map(({ system }) => system.t);
  const isWithin = instants.some((t) => t >= from && t <= to);
  return isWithin || (instants.some((t) => t < from) && instants.some((t) => t > from));
}

/** As `overlaps`, by the hours that the stretch fills. */
function sharesHours({ pairs }: Stretch, { from, to }: SegmentManifest): boolean {
  const hourOf = (t: number) => Math.floor(t / HOUR_MS);
  const [first, last] = [pairs[0], pairs[pairs.length - 1]].map(({ stampInstant }) => hourOf(stampInstant));
  return hourOf(from) <= last && first <= hourOf(to);
}

/** The segments whose place is taken: all of the day, or those that the stretch says something new of. */
function replacedBy(job: Job, piece: Piece, read: ReadHost): readonly SegmentManifest[] {
  const { stretch } = job.reading;
  const segments = job.segments.filter(({ host }) => host === read.day.host);
  if (!stretch.isWholeDay)
    return segments.filter(
      (one) => isTouched(job, one) || (isPiece(piece) ? sharesHours(stretch, one) : overlaps(read, one)),
    );
  const isAlone = read.day.samples.length === 0 && segments.length === 1 && !isPiece(piece);
  return isAlone && !isTouched(job, segments[0]) ? [] : segments;
}

async function sealPiece(job: Job, piece: Piece, control: SealControl): Promise<void> {
  const { world, reading, files, written } = job;
  for (const { host } of job.segments) hostOf(world, reading, piece, host);
  for (const [host, read] of piece.hosts) {
    control.check();
    const segments = replacedBy(job, piece, read);
    const { from, to } = piece;
    const sealed = await sealHost(world, reading.stretch.date, read, { segments, anew: files, from, to });
    const own = written.get(host) ?? { segments: [], replaces: new Set() };
    written.set(host, own);
    if (sealed) own.segments.push(sealed);
    for (const segment of segments) own.replaces.add(segment);
    reading.sealedRows += sealed?.rows ?? 0;
    world.spare.push(read.day.space);
  }
}

/** About how many rows come from what is there already, whose dumps are not looked at. */
function carriedRows({ world, files, segments }: Job): CarriedRows {
  const parts = segments.map((segment) => {
    const instants = new Set(
      readSources(world.index, segment).map(({ file, t }) => (files.has(file) ? t : null)),
    );
    const read = instants.size - (instants.has(null) ? 1 : 0);
    return { ...segment, rows: segment.rows * Math.max(0, 1 - read / segment.samples) };
  });
  return (from, to) =>
    parts.reduce((sum, one) => {
      const shared = Math.min(to, one.to + 1) - Math.max(from, one.from);
      return sum + one.rows * Math.max(0, shared / (one.to + 1 - one.from));
    }, 0);
}

async function sealPieces(job: Job, control: SealControl): Promise<void> {
  const { world, reading } = job;
  const carried = carriedRows(job);
  let from = Number.NEGATIVE_INFINITY;
  while (from < Number.POSITIVE_INFINITY) {
    const piece = await readPiece(world, reading, from, carried, control);
    await sealPiece(job, piece, control);
    from = piece.to;
  }
}

async function commit({ world, reading, written }: Job): Promise<SealResult> {
  const result = { samples: 0, rows: 0, rejects: reading.rejects, damaged: reading.damaged };
  for (const [host, { segments, replaces }] of written) {
    await commitSegments(world, segments, [...replaces]);
    written.delete(host);
    for (const { samples, rows } of segments) {
      result.samples += samples;
      result.rows += rows;
    }
  }
  return result;
}

/**
 * Seals a stretch: one segment a host, or several of which none counts without the others.
 * @throws MemoryInspectorError `cannot_write`, or what `control.check` throws; then the segments of hosts that are not
 * done are as they were
 */
export async function sealStretch(
  world: SealWorld,
  stretch: Stretch,
  control: SealControl,
): Promise<SealResult> {
  const { manifests } = await readAllManifests(world.index);
  const job: Job = {
    world,
    reading: { stretch, pairs: 0, sealedRows: 0, refused: [], rejects: [], damaged: [] },
    files: new Set(stretch.pairs.flatMap(filesOf)),
    segments: manifests.filter(({ date }) => date === stretch.date),
    written: new Map(),
  };
  try {
    await sealPieces(job, control);
    const result = await commit(job);
    await writeRefused(world, stretch, job.files, job.reading.refused);
    return result;
  } catch (error) {
    for (const { segments } of job.written.values()) removeSegments(world, segments);
    throw error;
  }
}
