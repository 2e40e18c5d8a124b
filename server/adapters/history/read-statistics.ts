import type { InstantRange, LifeStatistics } from '../../application/ports.ts';
import type { Reader } from './connections.ts';
import { readEnds } from './end-rows.ts';
import { readHalves } from './halves.ts';
import type { AskedLives } from './life-rows.ts';
import type { LoadedSegment } from './loaded-segment.ts';
import type { RangePlan } from './plan-range.ts';
import { hourOf, planRange, within } from './plan-range.ts';
import type { SegmentSource } from './row-source.ts';
import { ofLives } from './row-source.ts';
import type { SealedLives } from './sealed-lives.ts';
import type { SegmentRollup } from './segment-rollup.ts';

/**
 * Statistics over a range: of segments that it covers from their lives, of whole hours from their rollups, and only
 * of what is left from rows. Sums of bytes are whole numbers below 2^53, so that the order does not matter.
 */

interface Tally {
  samples: number;
  rssMin: number;
  rssMax: number;
  rssSum: number;
  subtreeMax: number;
  subtreeSum: number;
}

type Tallies = Map<number, Tally>;

function tallyOf(tallies: Tallies, id: number): Tally {
  const known = tallies.get(id);
  if (known) return known;
  const tally: Tally = {
    samples: 0,
    rssMin: Number.POSITIVE_INFINITY,
    rssMax: Number.NEGATIVE_INFINITY,
    rssSum: 0,
    subtreeMax: Number.NEGATIVE_INFINITY,
    subtreeSum: 0,
  };
  tallies.set(id, tally);
  return tally;
}

function add(tallies: Tallies, id: number, more: Tally): void {
  const tally = tallyOf(tallies, id);
  tally.samples += more.samples;
  tally.rssMin = Math.min(tally.rssMin, more.rssMin);
  tally.rssMax = Math.max(tally.rssMax, more.rssMax);
  tally.rssSum += more.rssSum;
  tally.subtreeMax = Math.max(tally.subtreeMax, more.subtreeMax);
  tally.subtreeSum += more.subtreeSum;
}

function addLife(tallies: Tallies, id: number, { lives }: LoadedSegment, row: number): void {
  const tally = tallyOf(tallies, id);
  tally.samples += lives.samples[row];
  tally.rssMin = Math.min(tally.rssMin, lives.rssMin.at(row));
  tally.rssMax = Math.max(tally.rssMax, lives.rssMax.at(row));
  tally.rssSum += lives.rssSum.at(row);
  tally.subtreeMax = Math.max(tally.subtreeMax, lives.subtreeMax.at(row));
  tally.subtreeSum += lives.subtreeSum.at(row);
}

function addHour(tally: Tally, { samples, rss, subtreeRss }: SegmentRollup, row: number): void {
  tally.samples += samples[row];
  tally.rssMin = Math.min(tally.rssMin, rss.min.at(row));
  tally.rssMax = Math.max(tally.rssMax, rss.max.at(row));
  tally.rssSum += rss.sum.at(row);
  tally.subtreeMax = Math.max(tally.subtreeMax, subtreeRss.max.at(row));
  tally.subtreeSum += subtreeRss.sum.at(row);
}

function addSample(tally: Tally, rss: number, subtreeRss: number): void {
  tally.samples++;
  tally.rssMin = Math.min(tally.rssMin, rss);
  tally.rssMax = Math.max(tally.rssMax, rss);
  tally.rssSum += rss;
  tally.subtreeMax = Math.max(tally.subtreeMax, subtreeRss);
  tally.subtreeSum += subtreeRss;
}

function addHours(
  tallies: Tallies,
  id: number,
  segment: LoadedSegment,
  row: number,
  { hours }: RangePlan,
): void {
  const { rollup } = segment;
  if (!rollup) throw new RangeError('the hours have not been read');
  for (let at = rollup.start[row]; at < rollup.start[row + 1]; at++) {
    const hour = hourOf(rollup.firstT.at(at));
    if (hours.from <= hour && hour < hours.to) addHour(tallyOf(tallies, id), rollup, at);
  }
}

const FIGURES = `count(*)::DOUBLE, min(rss_bytes)::DOUBLE, max(rss_bytes)::DOUBLE, sum(rss_bytes)::DOUBLE,
  max(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE, sum(coalesce(subtree_rss_bytes, rss_bytes))::DOUBLE`;

/** Rows of few lives are read themselves; those of many the engine sums up, and it is quicker to read all. */
const FEW = 48;

function fewOf(lives: readonly number[]): string {
  return lives.length > FEW ? '' : `AND ${ofLives(lives)}`;
}

async function addEnds(
  tallies: Tallies,
  reader: Reader,
  ends: readonly AskedLives<SegmentSource>[],
): Promise<void> {
  const read = await readEnds(reader, ends);
  for (const [at, tables] of read.entries()) {
    const { source, lives } = ends[at];
    const asked = new Set(lives);
    for (const { life, rss, subtreeRss } of tables)
      for (let row = 0; row < life.length; row++)
        if (asked.has(life[row]))
          addSample(tallyOf(tallies, source.idOf(life[row])), rss[row], subtreeRss[row]);
  }
}

async function addRows(tallies: Tallies, reader: Reader, requests: readonly AskedLives[]): Promise<void> {
  const selects = requests.map(
    ({ source, lives, ranges }, at) =>
      `SELECT ${at}, life, ${FIGURES} FROM ${source.relation}
       WHERE ${within(ranges)} ${fewOf(lives)} GROUP BY life`,
  );
  const asked = requests.map(({ lives }) => new Set(lives));
  for (const columns of await readHalves(reader, selects)) {
    const [at, life, samples, rssMin, rssMax, rssSum, subtreeMax, subtreeSum] = columns;
    for (let row = 0; row < at.length; row++) {
      if (!asked[at[row]].has(life[row])) continue;
      add(tallies, requests[at[row]].source.idOf(life[row]), {
        samples: samples[row],
        rssMin: rssMin[row],
        rssMax: rssMax[row],
        rssSum: rssSum[row],
        subtreeMax: subtreeMax[row],
        subtreeSum: subtreeSum[row],
      });
    }
  }
}

/** The segments whose hours a question about this range needs. */
export function partlyCovered(
  segments: readonly LoadedSegment[],
  range: InstantRange,
): readonly LoadedSegment[] {
  return segments.filter(({ manifest: { from, to } }) => {
    const touches = from <= range.to && range.from <= to;
    return touches && !(range.from <= from && to <= range.to);
  });
}

interface Sealed {
  readonly segments: readonly LoadedSegment[];
  readonly lives: SealedLives;
  readonly sources: readonly SegmentSource[];
}

/** Adds what memory holds of one life in one segment. @returns whether rows must be read for the rest */
function addOne(
  tallies: Tallies,
  life: { readonly id: number; readonly segment: LoadedSegment; readonly row: number },
  range: InstantRange,
  plan: RangePlan,
): boolean {
  const { id, segment, row } = life;
  const [first, last] = [segment.lives.firstT[row], segment.lives.lastT[row]];
  if (last < range.from || range.to < first) return false;
  if (range.from <= first && last <= range.to) {
    addLife(tallies, id, segment, row);
    return false;
  }
  addHours(tallies, id, segment, row, plan);
  return plan.raw.length > 0;
}

/** Adds up what memory holds. @returns what it does not: it is left to rows */
function addSealed(
  tallies: Tallies,
  { segments, lives, sources }: Sealed,
  ids: readonly number[],
  range: InstantRange,
): AskedLives<SegmentSource>[] {
  const plans = segments.map(({ manifest }) => planRange(manifest, range));
  const rest: number[][] = segments.map(() => []);
  for (const id of ids)
    lives.eachOf(id, (at, row) => {
      const plan = plans[at];
      if (plan && addOne(tallies, { id, segment: segments[at], row }, range, plan)) rest[at].push(row);
    });
  return rest.flatMap((rows, at) =>
    rows.length > 0 ? [{ source: sources[at], lives: rows, ranges: plans[at]?.raw ?? [] }] : [],
  );
}

function statisticsOf(tally: Tally): LifeStatistics {
  return {
    rssMin: tally.rssMin,
    rssMean: tally.rssSum / tally.samples,
    rssMax: tally.rssMax,
    subtreeRssMean: tally.subtreeSum / tally.samples,
    subtreeRssMax: tally.subtreeMax,
  };
}

/** The rollups of `partlyCovered` must be in memory. `tail`: `null` where none of the lives is in it. */
export async function readStatistics(
  reader: Reader,
  sealed: Sealed,
  tail: AskedLives | null,
  ids: readonly number[],
  range: InstantRange,
): Promise<ReadonlyMap<number, LifeStatistics>> {
  const tallies: Tallies = new Map();
  const rest = addSealed(tallies, sealed, [...new Set(ids)], range);
  const few = rest.filter(({ lives }) => lives.length <= FEW);
  await addEnds(tallies, reader, few);
  const many = rest.filter(({ lives }) => lives.length > FEW);
  await addRows(tallies, reader, tail ? [...many, tail] : many);
  return new Map([...tallies].map(([id, tally]) => [id, statisticsOf(tally)]));
}
