import type { InstantRange } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import type { ParentIn } from './family-ends.ts';
import { readFamilyEnds } from './family-ends.ts';
import { readHalves } from './halves.ts';
import type { LifeRows, LoadedSegment } from './loaded-segment.ts';
import { planRange, within } from './plan-range.ts';
import type { RankedChild, Ranking } from './ranking.ts';
import { openRanking } from './ranking.ts';
import { isWholeHour } from './read-timelines.ts';

/** Direct children over a range, from the hours in memory and the rows of what is left. */

/** `rows`: the hours of one child. */
function sumHours(id: number, segment: LoadedSegment, rows: readonly number[]): RankedChild {
  const { rollup } = segment;
  let [largest, lastT, samples] = [0, 0, 0];
  if (rollup)
    for (const row of rows) {
      largest = Math.max(largest, rollup.subtreeRss.max.at(row));
      lastT = Math.max(lastT, rollup.lastT.at(row));
      samples += rollup.samples[row];
    }
  return { id, largest, lastT, samples };
}

function noteHours(
  ranking: Ranking,
  { source, parent }: ParentIn,
  segment: LoadedSegment,
  hours: InstantRange,
  isAlone: (id: number) => boolean,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  const all = rollup.rowsOfChildren(parent);
  let rows: number[] = [];
  for (const [at, row] of all.entries()) {
    if (isWholeHour(segment, row, hours)) rows.push(row);
    if (rows.length === 0 || rollup.life[all[at + 1]] === rollup.life[row]) continue;
    const id = source.idOf(rollup.life[row]);
    ranking.note(sumHours(id, segment, rows), isAlone(id));
    rows = [];
  }
}

/** What must be read from rows; hours are noted at once. */
function noteKept(
  ranking: Ranking,
  one: ParentIn,
  range: InstantRange,
  isAlone: (id: number) => boolean,
): readonly InstantRange[] {
  const { segment } = one.source;
  if (!segment) return [range];
  const plan = planRange(segment.manifest, range);
  if (!plan) return [];
  // Rows of the hours that are left may tell of anybody.
  noteHours(ranking, one, segment, plan.hours, (id) => plan.raw.length === 0 && isAlone(id));
  return plan.raw;
}

function noteRows(ranking: Ranking, { source, parent }: ParentIn, rows: LifeRows): void {
  for (let row = 0; row < rows.t.length; row++) {
    if (rows.parent[row] !== parent) continue;
    const id = source.idOf(rows.life[row]);
    ranking.note({ id, largest: rows.subtreeRss[row], lastT: rows.t[row], samples: 1 }, false);
  }
}

/**
 * Every direct child. The rollups must be in memory.
 * @param isAlone whether a life is in one source only
 */
export async function rankChildren(
  reader: Reader,
  parents: readonly ParentIn[],
  range: InstantRange,
  isAlone: (id: number) => boolean,
): Promise<Ranking> {
  const ranking = openRanking();
  const rest = parents.map((one) => ({ ...one, ranges: noteKept(ranking, one, range, isAlone) }));
  const { told, untold } = await readFamilyEnds(
    reader,
    rest.filter(({ ranges }) => ranges.length > 0),
  );
  for (const { of, rows } of told) noteRows(ranking, of, rows);
  const selects = untold.map(
    ({ source, parent, ranges }, at) =>
      `SELECT ${at}, life, max(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE, max(t)::DOUBLE, count(*)::DOUBLE
      FROM ${source.relation} WHERE ${within(ranges)} AND parent = ${parent} GROUP BY life`,
  );
  for (const [at, life, largest, lastT, samples] of await readHalves(reader, selects))
    for (let row = 0; row < at.length; row++) {
      const id = untold[at[row]].source.idOf(life[row]);
      ranking.note({ id, largest: largest[row], lastT: lastT[row], samples: samples[row] }, false);
    }
  return ranking;
}
