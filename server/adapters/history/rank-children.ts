import type { DuckDBConnection } from '@duckdb/node-api';
import type { InstantRange } from '../../application/ports.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import { planRange, within } from './plan-range.ts';
import { readColumns } from './read-chunks.ts';
import { isWholeHour } from './read-timelines.ts';
import type { RowSource } from './row-source.ts';

/** Direct children over a range: the largest subtree of each and when it was last a child. */

export interface RankedChild {
  readonly id: number;
  largest: number;
  lastT: number;
}

/** A source in which the parent lives, and what the source calls it. */
export interface ParentIn {
  readonly source: RowSource;
  readonly parent: number;
}

type Ranks = Map<number, RankedChild>;

function note(ranks: Ranks, id: number, largest: number, lastT: number): void {
  const rank = ranks.get(id);
  if (!rank) ranks.set(id, { id, largest, lastT });
  else {
    rank.largest = Math.max(rank.largest, largest);
    rank.lastT = Math.max(rank.lastT, lastT);
  }
}

function noteHours(
  ranks: Ranks,
  { source, parent }: ParentIn,
  segment: LoadedSegment,
  hours: InstantRange,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  for (let row = 0; row < rollup.parent.length; row++) {
    if (rollup.parent[row] !== parent || !isWholeHour(segment, row, hours)) continue;
    note(ranks, source.idOf(rollup.life[row]), rollup.subtreeRss.max.at(row), rollup.lastT.at(row));
  }
}

/** The ranges whose rows must be read; hours are noted at once. */
function restOf(ranks: Ranks, one: ParentIn, range: InstantRange): readonly InstantRange[] {
  const { segment } = one.source;
  if (!segment) return [range];
  const plan = planRange(segment.manifest, range);
  if (!plan) return [];
  noteHours(ranks, one, segment, plan.hours);
  return plan.raw;
}

/** Every direct child, in no order. The rollups must be in memory. */
export async function rankChildren(
  connection: DuckDBConnection,
  parents: readonly ParentIn[],
  range: InstantRange,
): Promise<readonly RankedChild[]> {
  const ranks: Ranks = new Map();
  const selects = parents.flatMap((one, at) => {
    const rest = restOf(ranks, one, range);
    if (rest.length === 0) return [];
    return `SELECT ${at}, life, max(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE, max(t)::DOUBLE
      FROM ${one.source.relation} WHERE ${within(rest)} AND parent = ${one.parent} GROUP BY life`;
  });
  if (selects.length > 0) {
    const [at, life, largest, lastT] = await readColumns(connection, selects.join(' UNION ALL '));
    for (let row = 0; row < at.length; row++)
      note(ranks, parents[at[row] ?? 0].source.idOf(life[row] ?? 0), largest[row] ?? 0, lastT[row] ?? 0);
  }
  return [...ranks.values()];
}

/** The first `count` of an order in which larger comes first; `compare` is asked of few only. */
export function largestOf(
  children: readonly RankedChild[],
  count: number,
  compare: (a: RankedChild, b: RankedChild) => number,
): readonly RankedChild[] {
  if (children.length <= count) return [...children].sort(compare);
  const values = Float64Array.from(children, ({ largest }) => largest).sort();
  const least = values[values.length - count];
  return children
    .filter(({ largest }) => largest >= least)
    .sort(compare)
    .slice(0, count);
}
