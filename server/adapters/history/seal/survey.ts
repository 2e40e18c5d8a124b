import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { FileDamage } from '../../../application/dump-damage.ts';
import type { DumpPair } from '../../../application/dump-ports.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { formatDay } from '../../../domain/stamp.ts';
import { readManifests } from '../manifests.ts';
import type { SegmentManifest, SegmentSource } from '../segment.ts';
import { readRefused } from './refused.ts';
import { isUnchanged, readSources } from './sources.ts';

/** Pairs by their place in what was asked about, ascending. */
export interface SurveyedDay {
  readonly date: string;
  readonly pairs: Int32Array;
  readonly unsealed: Int32Array;
  /** No host has several segments of that day, or those are of one set. */
  readonly isWhole: boolean;
  /** What could not be used of the others. */
  readonly damaged: readonly FileDamage[];
}

type Known = ReadonlyMap<string, SegmentSource>;

function byDay(pairs: readonly DumpPair[]): ReadonlyMap<number, number[]> {
  const days = new Map<number, number[]>();
  pairs.forEach(({ stampInstant }, place) => {
    const day = Math.floor(stampInstant / DAY_MS);
    const places = days.get(day);
    if (places) places.push(place);
    else days.set(day, [place]);
  });
  return days;
}

function isSame(root: string, file: string, known: Known): boolean {
  const source = known.get(file);
  if (!source) return false;
  const stats = lstatSync(join(root, file), { throwIfNoEntry: false });
  // One that has gone since it was listed needs nothing; what it gave is kept.
  return stats === undefined || isUnchanged(source, stats);
}

function isSealed(root: string, { processFile, systemFile }: DumpPair, known: Known): boolean {
  return [processFile, systemFile].every((file) => file === null || isSame(root, file, known));
}

function damageOf({ processFile, systemFile }: DumpPair, known: Known): readonly FileDamage[] {
  return [processFile, systemFile].flatMap((name) => {
    const source = known.get(name ?? '');
    return source?.damage ? [{ file: source.file, isRefused: source.t === null, ...source.damage }] : [];
  });
}

/** No host has several segments, but for sets of which each is for want of memory. */
function areWhole(segments: readonly SegmentManifest[]): boolean {
  const nameOf = ({ host, id, part }: SegmentManifest) => `${host}\n${part?.set ?? id}`;
  return new Set(segments.map(({ host }) => host)).size === new Set(segments.map(nameOf)).size;
}

/** Compares dumps with what segments were made of; the newest day first. */
export async function surveyDumps(
  index: string,
  root: string,
  pairs: readonly DumpPair[],
): Promise<readonly SurveyedDay[]> {
  const { manifests } = await readManifests(index);
  const days = [...byDay(pairs)].sort(([a], [b]) => b - a);
  return days.map(([day, places]) => {
    const date = formatDay(day * DAY_MS);
    const segments = manifests.filter((manifest) => manifest.date === date);
    const sources = [...segments.flatMap((one) => readSources(index, one)), ...readRefused(index, date)];
    const known: Known = new Map(sources.map((source) => [source.file, source]));
    const unsealed = places.filter((place) => !isSealed(root, pairs[place], known));
    const open = new Set(unsealed);
    const sealed = places.filter((place) => !open.has(place));
    return {
      date,
      pairs: Int32Array.from(places),
      unsealed: Int32Array.from(unsealed),
      isWhole: areWhole(segments),
      damaged: sealed.flatMap((place) => damageOf(pairs[place], known)),
    };
  });
}
