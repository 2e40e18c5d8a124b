import type { HostSources } from './answers.ts';
import { sourceAt } from './answers.ts';
import { integers, readNumbers } from './read-chunks.ts';
import type { RowSource } from './row-source.ts';
import { ofLives } from './row-source.ts';

/** Subtree sums of many lives at many instants, in one query. */

function instantsBySource(sources: HostSources, instants: readonly number[]): Map<RowSource, number[]> {
  const bySource = new Map<RowSource, number[]>();
  for (const t of instants) {
    const source = sourceAt(sources, t);
    if (source) bySource.set(source, [...(bySource.get(source) ?? []), t]);
  }
  return bySource;
}

/** The plain bounds are what a file can be searched by. */
function selectOf(
  at: number,
  { relation }: RowSource,
  lives: readonly number[],
  instants: readonly number[],
): string {
  return `SELECT ${at}, life, t::DOUBLE, coalesce(subtree_rss_bytes, rss_bytes)::DOUBLE FROM ${relation}
    WHERE t BETWEEN ${integers([instants[0]])} AND ${integers([instants[instants.length - 1]])}
      AND t IN (${integers(instants)}) AND ${ofLives(lives)}`;
}

/** By life's id, along `instants` (which ascend); `NaN` where it was not alive. */
export async function readSubtrees(
  sources: HostSources,
  ids: readonly number[],
  instants: readonly number[],
): Promise<ReadonlyMap<number, Float64Array>> {
  const series = new Map(ids.map((id) => [id, new Float64Array(instants.length).fill(Number.NaN)]));
  const asked = [...instantsBySource(sources, instants)].flatMap(([source, at]) => {
    const lives = ids.map((id) => source.lifeOf(id)).filter((life) => life >= 0);
    return lives.length > 0 ? [{ source, lives, at }] : [];
  });
  if (asked.length === 0) return series;
  const selects = asked.map(({ source, lives, at }, place) => selectOf(place, source, lives, at));
  const columns = await readNumbers(sources.connection, selects.join(' UNION ALL '));
  const [place, life, t, bytes] = columns;
  const indexOf = new Map(instants.map((instant, at) => [instant, at]));
  for (let row = 0; row < t.length; row++) {
    const line = series.get(asked[place[row]].source.idOf(life[row]));
    if (line) line[indexOf.get(t[row]) ?? 0] = bytes[row];
  }
  return series;
}
