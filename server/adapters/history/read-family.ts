import type {
  ChildrenDetail,
  Family,
  FamilyDetail,
  InstantRange,
  LifeSpan,
  RankedChildren,
} from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { detailOf, loadHours, NO_SAMPLES, placesOf } from './answers.ts';
import type { ParentIn } from './family-ends.ts';
import { rankChildren } from './rank-children.ts';
import type { RankedChild } from './ranking.ts';
import type { FamilyIn } from './read-timelines.ts';
import { readTimelines } from './read-timelines.ts';
import { spanOf } from './store.ts';
import { sumChildren } from './sum-children.ts';

/** Rows of all children of which the sum is told by samples: a day of a hundred, a week of twenty. */
const MOST_SUMMED = 200_000;

/** @param ids of children */
function familyIn(parents: readonly ParentIn[], ids: readonly number[]): readonly FamilyIn[] {
  return parents.map(({ source, parent }) => {
    const children = ids.map((id) => source.lifeOf(id)).filter((life) => life >= 0);
    return { source, parent, children };
  });
}

/** Where the process lives in a range. */
function parentsOf(sources: HostSources, id: number, range: InstantRange): readonly ParentIn[] {
  return placesOf(sources, id, range).map(({ source, life }) => ({ source, parent: life }));
}

function comesBefore(one: LifeSpan, other: LifeSpan): number {
  return one.pid - other.pid || one.firstSeen - other.firstSeen;
}

/** A month of pid 1 has hundreds of thousands of children: they are ranked by the hours in memory. */
export async function readRankedChildren(
  sources: HostSources,
  id: number,
  range: InstantRange,
  asked: ChildrenDetail,
): Promise<RankedChildren> {
  const { host } = sources;
  const parents = parentsOf(sources, id, range);
  await loadHours(sources, parents);
  const isAlone = (child: number) => host.sealed.lives.isOfOneSegment(child) && !host.lives.has(child);
  const ranking = await rankChildren(sources, parents, range, isAlone);
  const age = ({ id: child }: RankedChild) => spanOf(host, child);
  const first = ranking.first(asked.first, (a, b) => b.largest - a.largest || comesBefore(age(a), age(b)));
  return {
    detail: detailOf(host, range, asked),
    first: first.map(({ id: life, lastT: t }) => ({ life, t })),
    count: ranking.count(),
    samples: ranking.samples(),
  };
}

/** Rows are read only of the process and those that are drawn, and, where every sample is told, for the sum of the others. */
export async function readFamily(
  sources: HostSources,
  id: number,
  range: InstantRange,
  { ranked, drawn: most }: FamilyDetail,
): Promise<Family> {
  const { host, beside } = sources;
  const { detail } = ranked;
  const parents = parentsOf(sources, id, range);
  await loadHours(sources, parents);
  const drawn = ranked.first.slice(0, most).map(({ life }) => life);
  const ofOthers = ranked.samples > MOST_SUMMED && host.sealed.segments.length > 0 ? 'hours' : detail;
  const [timelines, others] = await Promise.all([
    readTimelines(sources, familyIn(parents, drawn), range, detail),
    ranked.count > drawn.length
      ? beside((connection) =>
          sumChildren({ connection, beside }, parents, { range, detail: ofOthers }, new Set(drawn)),
        )
      : null,
  ]);
  return {
    own: timelines.get(id) ?? NO_SAMPLES,
    drawn: drawn.map((one) => ({ life: spanOf(host, one), timeline: timelines.get(one) ?? NO_SAMPLES })),
    others,
    count: ranked.count,
  };
}
