import type { Reader } from './connections.ts';
import { inTurns } from './halves.ts';
import type { AskedLives } from './life-rows.ts';
import { readLifeRows } from './life-rows.ts';
import type { KeptEnds, LifeRows } from './loaded-segment.ts';
import { within } from './plan-range.ts';

/**
 * Rows where a range ends, which whole hours do not tell. Whoever was ranked by them is then drawn, summed up and
 * described: those of the last range stay in memory.
 */

function keptOf({ segment: { ends }, ranges }: AskedLives): KeptEnds {
  const instants = within(ranges);
  return ends?.instants === instants ? ends : { instants, lives: new Set(), rows: [] };
}

/** Those that were alive within the ranges and are not in memory. */
function missingOf({ lives }: KeptEnds, asked: AskedLives): readonly number[] {
  const { firstT, lastT } = asked.segment.lives;
  return asked.lives.filter(
    (life) =>
      !lives.has(life) && asked.ranges.some(({ from, to }) => firstT[life] <= to && from <= lastT[life]),
  );
}

/** @returns rows of each, and of others that were asked for before */
export async function readEnds(
  reader: Reader,
  asked: readonly AskedLives[],
): Promise<readonly (readonly LifeRows[])[]> {
  const ends = asked.map(keptOf);
  const wanted = asked
    .map((one, at) => ({ one, at, missing: missingOf(ends[at], one) }))
    .filter(({ missing }) => missing.length > 0);
  await inTurns(reader, wanted, async (connection, { one, at, missing }) => {
    const more = await readLifeRows(connection, { ...one, lives: missing });
    const { instants, lives, rows } = ends[at];
    ends[at] = { instants, lives: new Set([...lives, ...missing]), rows: [...rows, more] };
  });
  for (const [at, { segment }] of asked.entries()) segment.ends = ends[at];
  return ends.map(({ rows }) => rows);
}
