import type { DuckDBConnection } from '@duckdb/node-api';
import type { InstantRange } from '../../application/ports.ts';
import type { LifeRows, LoadedSegment } from './loaded-segment.ts';
import { within } from './plan-range.ts';
import { readNumbers } from './read-chunks.ts';
import type { RowSource, SegmentSource } from './row-source.ts';
import { ofLives } from './row-source.ts';

/** Rows of few lives: the engine unpacks of each row group every column that is asked for as a whole. */

/** Lives of a source, as it calls them, over ranges. */
export interface AskedLives<Source extends RowSource = RowSource> {
  readonly source: Source;
  readonly lives: readonly number[];
  readonly ranges: readonly InstantRange[];
}

export function areSealed<Asked extends { readonly source: RowSource }>(
  asked: Asked,
): asked is Asked & { readonly source: SegmentSource } {
  return asked.source.segment !== null;
}

/** Its subtree holds nothing else: it never holds less, so that equal sums are of equal samples. */
function isLeaf({ lives }: LoadedSegment, life: number): boolean {
  return (
    lives.subtreeMax.at(life) === lives.rssMax.at(life) && lives.subtreeSum.at(life) === lives.rssSum.at(life)
  );
}

/** Of a life that had one parent only; `null`: it had several, or the hours are not in memory. −1: it had none. */
function onlyParentOf({ rollup }: LoadedSegment, life: number): number | null {
  if (!rollup) return null;
  const [first, end] = [rollup.start[life], rollup.start[life + 1]];
  // They are in the order of parents.
  const isOne = first < end && rollup.parent[first] === rollup.parent[end - 1];
  return isOne ? rollup.parent[first] : null;
}

function parentsOf(segment: LoadedSegment, lives: readonly number[]): ReadonlyMap<number, number> | null {
  const parents = new Map<number, number>();
  for (const life of lives) {
    const parent = onlyParentOf(segment, life);
    if (parent === null) return null;
    parents.set(life, parent);
  }
  return parents;
}

function coversAll({ manifest }: LoadedSegment, ranges: readonly InstantRange[]): boolean {
  return ranges.some(({ from, to }) => from <= manifest.from && manifest.to <= to);
}

/** Columns that memory tells are not read. There is at least one life. */
export async function readLifeRows(
  connection: DuckDBConnection,
  { source: { segment, relation }, lives, ranges }: AskedLives,
): Promise<LifeRows> {
  const parents = segment && parentsOf(segment, lives);
  const areLeaves = segment !== null && lives.every((life) => isLeaf(segment, life));
  const columns = [
    ...['life', 't::DOUBLE', 'rss_bytes::DOUBLE'],
    ...(areLeaves ? [] : ['coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE']),
    ...(parents ? [] : ['coalesce(parent, -1)']),
  ];
  const when = segment && coversAll(segment, ranges) ? '' : `${within(ranges)} AND`;
  const sql = `SELECT ${columns.join(', ')} FROM ${relation} WHERE ${when} ${ofLives(lives)}`;
  const [life, t, rss, ...rest] = await readNumbers(connection, sql);
  return {
    ...{ life, t, rss, subtreeRss: areLeaves ? rss : rest[0] },
    parent: parents ? life.map((one) => parents.get(one) ?? -1) : rest[rest.length - 1],
  };
}
