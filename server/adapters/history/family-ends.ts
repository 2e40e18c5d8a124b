import type { InstantRange } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { readEnds } from './end-rows.ts';
import type { AskedLives } from './life-rows.ts';
import { areSealed } from './life-rows.ts';
import type { LifeRows } from './loaded-segment.ts';
import type { RowSource, SegmentSource } from './row-source.ts';

/** A parent and its children where a range ends. */

/** A source in which the parent lives, and what the source calls it. */
export interface ParentIn {
  readonly source: RowSource;
  readonly parent: number;
}

/** What of a range the hours of a source do not tell. */
export interface Rest extends ParentIn {
  readonly ranges: readonly InstantRange[];
}

/** More rows than this are not brought into memory. */
const MOST_ROWS = 100_000;

/** The hours that touch the ends tell who is a child there. `null`: the tail, or very many rows. */
function endsOf(rest: Rest): (Rest & AskedLives<SegmentSource>) | null {
  if (!areSealed(rest)) return null;
  const { source, parent, ranges } = rest;
  const { rollup } = source.segment;
  if (!rollup) return null;
  const lives = new Set([parent]);
  let rows = 0;
  for (const row of rollup.rowsOfChildren(parent)) {
    const [first, last] = [rollup.firstT.at(row), rollup.lastT.at(row)];
    if (!ranges.some(({ from, to }) => first <= to && from <= last)) continue;
    lives.add(rollup.life[row]);
    rows += rollup.samples[row];
  }
  return rows > MOST_ROWS ? null : { ...rest, lives: [...lives] };
}

export interface FamilyEnds {
  /** Among rows of others. */
  readonly told: readonly { readonly of: ParentIn; readonly rows: LifeRows }[];
  /** What must be asked for by the parent. */
  readonly untold: readonly Rest[];
}

export async function readFamilyEnds(reader: Reader, rest: readonly Rest[]): Promise<FamilyEnds> {
  const ends = rest.flatMap((one) => endsOf(one) ?? []);
  const sources = new Set<RowSource>(ends.map(({ source }) => source));
  const families = ends.filter(({ lives }) => lives.length > 1);
  const read = await readEnds(reader, families);
  return {
    told: read.flatMap((tables, at) => tables.map((rows) => ({ of: families[at], rows }))),
    untold: rest.filter(({ source }) => !sources.has(source)),
  };
}
