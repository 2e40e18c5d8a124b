import type { InstantRange } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { inHalves } from './halves.ts';
import type { EndRows, KeptEnds, LoadedSegment } from './loaded-segment.ts';
import { within } from './plan-range.ts';
import { readNumbers } from './read-chunks.ts';
import { ofLives } from './row-source.ts';

/**
 * Rows where a range ends, which whole hours do not tell. Whoever was ranked by them is then drawn, summed up and
 * described: those of the last range stay in memory.
 */

/** Lives, as their segment calls them. */
export interface AskedEnds {
  readonly segment: LoadedSegment;
  readonly relation: string;
  readonly lives: readonly number[];
  readonly ranges: readonly InstantRange[];
}

function keptOf({ segment: { ends }, ranges }: AskedEnds): KeptEnds {
  const instants = within(ranges);
  return ends?.instants === instants ? ends : { instants, lives: new Set(), rows: [] };
}

/** Those that were alive within the ranges and are not in memory. */
function missingOf({ lives }: KeptEnds, asked: AskedEnds): readonly number[] {
  const { firstT, lastT } = asked.segment.lives;
  return asked.lives.filter(
    (life) =>
      !lives.has(life) && asked.ranges.some(({ from, to }) => firstT[life] <= to && from <= lastT[life]),
  );
}

/** @returns rows of each, and of others that were asked for before */
export async function readEnds(
  reader: Reader,
  asked: readonly AskedEnds[],
): Promise<readonly (readonly EndRows[])[]> {
  const ends = asked.map(keptOf);
  const wanted = asked
    .map((one, at) => ({ ...one, at, missing: missingOf(ends[at], one) }))
    .filter(({ missing }) => missing.length > 0);
  await inHalves(reader, wanted, async (connection, half) => {
    for (const { at, relation, missing } of half) {
      const { instants, lives, rows } = ends[at];
      const sql = `SELECT life, parent, t::DOUBLE, rss_bytes::DOUBLE, coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE
        FROM ${relation} WHERE ${instants} AND ${ofLives(missing)}`;
      const [life, parent, t, rss, subtreeRss] = await readNumbers(connection, sql);
      const more = { life, parent, t, rss, subtreeRss };
      ends[at] = { instants, lives: new Set([...lives, ...missing]), rows: [...rows, more] };
    }
  });
  for (const [at, { segment }] of asked.entries()) segment.ends = ends[at];
  return ends.map(({ rows }) => rows);
}
