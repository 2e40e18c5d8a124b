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

function addTo(kept: KeptEnds, lives: readonly number[], rows: LifeRows): KeptEnds {
  const { instants } = kept;
  return { instants, lives: new Set([...kept.lives, ...lives]), rows: [...kept.rows, rows] };
}

/** Of rows of these lives over more than the ranges, what lies in them is kept for whoever asks next. */
export function keepEnds(asked: AskedLives, { life, parent, t, rss, subtreeRss }: LifeRows): void {
  const ends = keptOf(asked);
  const missing = new Set(missingOf(ends, asked));
  if (missing.size === 0) return;
  const isEnd = (at: number) => asked.ranges.some(({ from, to }) => from <= t[at] && t[at] <= to);
  const rows = [...t.keys()].filter((row) => missing.has(life[row]) && isEnd(row));
  const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  const more = { life: of(life), parent: of(parent), t: of(t), rss: of(rss), subtreeRss: of(subtreeRss) };
  asked.segment.ends = addTo(ends, [...missing], more);
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
    ends[at] = addTo(ends[at], missing, await readLifeRows(connection, { ...one, lives: missing }));
  });
  for (const [at, { segment }] of asked.entries()) segment.ends = ends[at];
  return ends.map(({ rows }) => rows);
}
