import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { FileDamage } from '../../../application/dump-damage.ts';
import { ALREADY_THERE } from '../../../application/dump-damage.ts';
import type { DumpPair, FileState, Reject } from '../../../application/dump-ports.ts';
import type { Stretch } from '../../../application/sealing-ports.ts';
import { DAY_MS, HOUR_MS } from '../../../domain/durations.ts';
import type { Sample } from '../../../domain/sample.ts';
import { withHost } from '../../../domain/sample.ts';
import { formatDay } from '../../../domain/stamp.ts';
import type { SegmentSource } from '../segment.ts';
import { emptySpace } from './day-space.ts';
import { outcomeOf } from './dump-outcome.ts';
import { collectSample, openHostDay } from './host-day.ts';
import type { ReadHost } from './seal-host.ts';
import type { SealControl, SealWorld } from './seal-world.ts';

/** Reads the dumps of a stretch, as many at a time as there is memory for. */

/** What a stretch has given so far. */
export interface Reading {
  readonly stretch: Stretch;
  /** How many pairs have been read. */
  pairs: number;
  /** Rows of pieces that are sealed. */
  sealedRows: number;
  readonly refused: SegmentSource[];
  readonly rejects: Reject[];
  readonly damaged: FileDamage[];
}

/** What is held of it: consecutive pairs. */
export interface Piece {
  /** Samples from then on, epoch ms. */
  readonly from: number;
  /** And until before then. */
  to: number;
  readonly hosts: Map<string, ReadHost>;
}

/** How many rows other segments add from one instant to another. */
export type CarriedRows = (from: number, to: number) => number;

const PAIRS_PER_REPORT = 60;

export function filesOf({ processFile, systemFile }: DumpPair): readonly string[] {
  return [processFile, systemFile].filter((file) => file !== null);
}

/** How a file is that could not be opened; `null` where it is not there. */
function lookAt(root: string, file: string): FileState | null {
  const stats = lstatSync(join(root, file), { throwIfNoEntry: false });
  return stats ? { file, size: stats.size, mtimeMs: stats.mtimeMs } : null;
}

/** The files of a pair as they were when they were read: a change since then shows the next time. */
function sourcesOf(root: string, files: readonly string[], opened: readonly FileState[]): FileState[] {
  const sources = [...opened];
  for (const file of files) {
    const other = opened.some((one) => one.file === file) ? null : lookAt(root, file);
    if (other) sources.push(other);
  }
  return sources;
}

export function hostOf(world: SealWorld, { stretch }: Reading, { hosts }: Piece, host: string): ReadHost {
  const known = hosts.get(host);
  if (known) return known;
  const space = emptySpace(world.spare);
  const expected = { samples: stretch.pairs.length, rows: world.mostRows };
  const read: ReadHost = { day: openHostDay(host, space, expected), sources: [] };
  hosts.set(host, read);
  return read;
}

/** @returns the host's reading, or why it is refused */
function place(world: SealWorld, reading: Reading, piece: Piece, sample: Sample): ReadHost | string {
  const { t, host } = sample.system;
  const { date } = reading.stretch;
  const since = t - Date.parse(date);
  if (!(since >= 0 && since < DAY_MS)) return `its instant is on ${formatDay(t)}, its name says ${date}`;
  if (t < piece.from) return 'its instant is before those of dumps that came earlier, too many to be sorted';
  const read = hostOf(world, reading, piece, host);
  if (!collectSample(read.day, sample)) return ALREADY_THERE;
  piece.to = Math.max(piece.to, t + 1);
  return read;
}

async function takeIn(world: SealWorld, reading: Reading, piece: Piece, pair: DumpPair): Promise<void> {
  const files = filesOf(pair);
  const read = await world.folder.read(pair);
  const sources = sourcesOf(world.root, files, read.opened);
  for (const reject of read.rejects) reading.rejects.push(reject);
  const placed = read.sample ? place(world, reading, piece, withHost(read.sample)) : '';
  const refusal = typeof placed === 'string' ? placed : null;
  const outcome = outcomeOf(pair, read, sources, refusal);
  reading.damaged.push(...outcome.damaged);
  const list = typeof placed === 'string' ? reading.refused : placed.sources;
  list.push(...outcome.sources);
  if (refusal) reading.rejects.push({ file: files[0], line: null, column: null, reason: refusal });
}

function rowsOf({ hosts }: Piece): number {
  let rows = 0;
  for (const { day } of hosts.values()) rows += day.rows.count;
  return rows;
}

/** Where a piece may end: before a pair of another stamp, and at whole hours, which segments fill that are taken over. */
function nextBorder({ stretch: { date, pairs }, pairs: done }: Reading, from: number): number {
  const stamp = pairs[done]?.stampInstant ?? Number.POSITIVE_INFINITY;
  const begin = Math.max(from, Date.parse(date));
  const hour = (Math.floor(begin / HOUR_MS) + 1) * HOUR_MS;
  return formatDay(hour) === date ? Math.min(stamp, hour) : stamp;
}

async function readUpTo(
  world: SealWorld,
  reading: Reading,
  piece: Piece,
  border: number,
  control: SealControl,
): Promise<void> {
  const { pairs } = reading.stretch;
  while (reading.pairs < pairs.length && pairs[reading.pairs].stampInstant <= border) {
    control.check();
    await takeIn(world, reading, piece, pairs[reading.pairs++]);
    if (reading.pairs % PAIRS_PER_REPORT === 0) report(reading, piece, control);
  }
}

function report(reading: Reading, piece: Piece, control: SealControl): void {
  control.onProgress(reading.pairs, reading.sealedRows + rowsOf(piece));
}

/** Whether it may not go on at `at`, where it could end. */
function isFull(world: SealWorld, piece: Piece, carried: CarriedRows, at: number): boolean {
  return at >= piece.to && rowsOf(piece) + carried(piece.from, at) >= world.mostRows;
}

/** Reads on until there is nothing more, or no room. */
export async function readPiece(
  world: SealWorld,
  reading: Reading,
  from: number,
  carried: CarriedRows,
  control: SealControl,
): Promise<Piece> {
  const piece: Piece = { from, to: from, hosts: new Map() };
  let border = nextBorder(reading, from);
  while (Number.isFinite(border) && !isFull(world, piece, carried, border)) {
    await readUpTo(world, reading, piece, border, control);
    border = nextBorder(reading, border);
  }
  piece.to = border;
  report(reading, piece, control);
  return piece;
}
