import type { Reader } from './connections.ts';
import { partByPart } from './halves.ts';
import type { AskedLives } from './life-rows.ts';
import { readLifeRows } from './life-rows.ts';
import type { KeptEnds, LifeRows } from './loaded-segment.ts';
import { within } from './plan-range.ts';
import type { SegmentSource } from './row-source.ts';

/**
 * Rows where a range ends, which whole hours do not tell. Whoever was ranked by them is then drawn, summed up and
 * described: those of the last range stay in memory.
 */

type AskedEnds = AskedLives<SegmentSource>;

function keptOf({ source, ranges }: AskedEnds): KeptEnds {
  const { ends } = source.segment;
  const instants = within(ranges);
  return ends?.instants === instants ? ends : { instants, lives: new Set(), rows: [] };
}

/** Those that were alive within the ranges and are not in memory. */
function missingOf({ lives }: KeptEnds, asked: AskedEnds): readonly number[] {
  const { firstT, lastT } = asked.source.segment.lives;
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
export function keepEnds(asked: AskedEnds, { life, parent, t, rss, subtreeRss }: LifeRows): void {
  const ends = keptOf(asked);
  const missing = new Set(missingOf(ends, asked));
  if (missing.size === 0) return;
  const isEnd = (at: number) => asked.ranges.some(({ from, to }) => from <= t[at] && t[at] <= to);
  const rows = [...t.keys()].filter((row) => missing.has(life[row]) && isEnd(row));
  const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  const more = { life: of(life), parent: of(parent), t: of(t), rss: of(rss), subtreeRss: of(subtreeRss) };
  asked.source.segment.ends = addTo(ends, [...missing], more);
}

/** @returns rows of each, and of others that were asked for before */
export async function readEnds(
  reader: Reader,
  asked: readonly AskedEnds[],
): Promise<readonly (readonly LifeRows[])[]> {
  const ends = asked.map(keptOf);
  const wanted = asked
    .map((one, at) => ({ one, at, missing: missingOf(ends[at], one) }))
    .filter(({ missing }) => missing.length > 0);
  await partByPart(reader, wanted, async (connection, { one, at, missing }) => {
    ends[at] = addTo(ends[at], missing, await readLifeRows(connection, { ...one, lives: missing }));
  });
  for (const [at, { source }] of asked.entries()) source.segment.ends = ends[at];
  return ends.map(({ rows }) => rows);
}
