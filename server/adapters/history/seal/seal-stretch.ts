import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { FileDamage } from '../../../application/dump-damage.ts';
import { ALREADY_THERE } from '../../../application/dump-damage.ts';
import type { DumpFolder, DumpPair, Reject } from '../../../application/ports.ts';
import type { SealResult, Stretch } from '../../../application/sealing-ports.ts';
import type { Sample } from '../../../domain/sample.ts';
import { withHost } from '../../../domain/sample.ts';
import { formatDay } from '../../../domain/stamp.ts';
import { readAllManifests } from '../manifests.ts';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import type { DayRows } from './day-rows.ts';
import { openDayRows } from './day-rows.ts';
import { outcomeOf } from './dump-outcome.ts';
import { collectSample, openHostDay } from './host-day.ts';
import { writeRefused } from './refused.ts';
import type { ReadHost } from './seal-host.ts';
import { sealHost } from './seal-host.ts';
import { readSources } from './sources.ts';
import type { SegmentWriter } from './write-segment.ts';

export interface SealWorld extends SegmentWriter {
  /** The dump folder. */
  readonly root: string;
  readonly folder: Pick<DumpFolder, 'read'>;
  /** Columns of earlier days, to be filled again. */
  readonly spare: DayRows[];
}

export interface SealControl {
  /** @throws what the sealing is to end with */
  readonly check: () => void;
  readonly onProgress: (pairs: number, rows: number) => void;
}

/** All that a stretch has given so far. */
interface Reading {
  /** How many samples there may be of each host. */
  readonly expected: number;
  readonly date: string;
  readonly hosts: Map<string, ReadHost>;
  readonly files: Set<string>;
  readonly refused: SegmentSource[];
  readonly rejects: Reject[];
  readonly damaged: FileDamage[];
}

const PAIRS_PER_REPORT = 60;

function filesOf({ processFile, systemFile }: DumpPair): readonly string[] {
  return [processFile, systemFile].filter((file) => file !== null);
}

/** Looked at before it is read, so that a change meanwhile shows the next time. */
function lookAt(root: string, file: string): SegmentSource[] {
  try {
    const { size, mtimeMs } = lstatSync(join(root, file));
    return [{ file, size, mtimeMs, t: null }];
  } catch {
    return [];
  }
}

function hostOf(world: SealWorld, { hosts, expected }: Reading, host: string): ReadHost {
  const known = hosts.get(host);
  if (known) return known;
  const rows = world.spare.pop() ?? openDayRows();
  rows.count = 0;
  const read: ReadHost = { day: openHostDay(host, rows, expected), sources: [] };
  hosts.set(host, read);
  return read;
}

/** @returns the host's reading, or why it is refused */
function place(world: SealWorld, reading: Reading, sample: Sample): ReadHost | string {
  const { t, host } = sample.system;
  if (formatDay(t) !== reading.date)
    return `its instant is on ${formatDay(t)}, its name says ${reading.date}`;
  const read = hostOf(world, reading, host);
  return collectSample(read.day, sample) ? read : ALREADY_THERE;
}

async function takeIn(world: SealWorld, reading: Reading, pair: DumpPair): Promise<void> {
  const files = filesOf(pair);
  const sources = files.flatMap((file) => lookAt(world.root, file));
  for (const file of files) reading.files.add(file);
  const read = await world.folder.read(pair);
  for (const reject of read.rejects) reading.rejects.push(reject);
  const placed = read.sample ? place(world, reading, withHost(read.sample)) : '';
  const refusal = typeof placed === 'string' ? placed : null;
  const outcome = outcomeOf(pair, read, sources, refusal);
  reading.damaged.push(...outcome.damaged);
  const list = typeof placed === 'string' ? reading.refused : placed.sources;
  list.push(...outcome.sources);
  if (refusal) reading.rejects.push({ file: files[0], line: null, column: null, reason: refusal });
}

function rowsOf({ hosts }: Reading): number {
  let rows = 0;
  for (const { day } of hosts.values()) rows += day.rows.count;
  return rows;
}

async function readPairs(world: SealWorld, stretch: Stretch, reading: Reading, control: SealControl) {
  for (const [at, pair] of stretch.pairs.entries()) {
    control.check();
    await takeIn(world, reading, pair);
    if (at % PAIRS_PER_REPORT === PAIRS_PER_REPORT - 1) control.onProgress(at + 1, rowsOf(reading));
  }
  control.onProgress(stretch.pairs.length, rowsOf(reading));
}

function overlaps({ day }: ReadHost, { from, to }: SegmentManifest): boolean {
  return day.samples.some(({ system }) => system.t >= from && system.t <= to) || spans(day.samples, from);
}

function spans(samples: readonly { readonly system: { readonly t: number } }[], t: number): boolean {
  return samples.some(({ system }) => system.t < t) && samples.some(({ system }) => system.t > t);
}

/** The segments whose place is taken: all of the day, or those that the stretch says something new of. */
function replacedBy(
  world: SealWorld,
  stretch: Stretch,
  read: ReadHost,
  segments: readonly SegmentManifest[],
  files: ReadonlySet<string>,
): readonly SegmentManifest[] {
  const isTouched = (segment: SegmentManifest) =>
    readSources(world.index, segment).some(({ file }) => files.has(file));
  if (!stretch.isWholeDay) return segments.filter((one) => overlaps(read, one) || isTouched(one));
  const isSettled = read.day.samples.length === 0 && segments.length === 1 && !isTouched(segments[0]);
  return isSettled ? [] : segments;
}

async function sealHosts(world: SealWorld, stretch: Stretch, reading: Reading, control: SealControl) {
  const { manifests } = await readAllManifests(world.index);
  const ofDate = manifests.filter(({ date }) => date === stretch.date);
  for (const { host } of ofDate) hostOf(world, reading, host);
  const result = { samples: 0, rows: 0, rejects: reading.rejects, damaged: reading.damaged };
  for (const [host, read] of reading.hosts) {
    control.check();
    const segments = ofDate.filter((segment) => segment.host === host);
    const replaces = replacedBy(world, stretch, read, segments, reading.files);
    if (read.day.samples.length === 0 && replaces.length === 0) continue;
    const sealed = await sealHost(world, stretch.date, read, replaces, reading.files);
    result.samples += sealed?.samples ?? 0;
    result.rows += sealed?.rows ?? 0;
    world.spare.push(read.day.rows);
  }
  return result;
}

/**
 * Seals a stretch: one segment a host.
 * @throws MemoryInspectorError `cannot_write`, or what `control.check` throws; then the segments of hosts that are not
 * done are as they were
 */
export async function sealStretch(
  world: SealWorld,
  stretch: Stretch,
  control: SealControl,
): Promise<SealResult> {
  const reading: Reading = {
    date: stretch.date,
    expected: stretch.pairs.length,
    hosts: new Map(),
    files: new Set(),
    refused: [],
    rejects: [],
    damaged: [],
  };
  await readPairs(world, stretch, reading, control);
  const result = await sealHosts(world, stretch, reading, control);
  await writeRefused(world, stretch, reading.files, reading.refused);
  return result;
}
