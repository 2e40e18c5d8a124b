import type { Family, FamilyDetail, InstantRange } from '../../application/ports.ts';
import type { HostSources } from './answers.ts';
import { detailOf, loadRollups, NO_SAMPLES, namedLives, placesOf } from './answers.ts';
import type { ParentIn } from './rank-children.ts';
import { rankChildren } from './rank-children.ts';
import type { RankedChild } from './ranking.ts';
import type { SourceLives } from './read-timelines.ts';
import { readTimelines } from './read-timelines.ts';
import { spanOf } from './store.ts';
import { sumChildren } from './sum-children.ts';

/** Rows of all children of which the sum is told by samples: a day of a hundred, a week of twenty. */
const MOST_SUMMED = 200_000;

/** A process and children of it, as each source calls them. */
function familyIn(parents: readonly ParentIn[], ids: readonly number[]): readonly SourceLives[] {
  return parents.map(({ source, parent }) => {
    const children = ids.map((id) => source.lifeOf(id)).filter((life) => life >= 0);
    return { source, lives: [{ life: parent, parent: null }, ...children.map((life) => ({ life, parent }))] };
  });
}

/**
 * A month of pid 1 has hundreds of thousands of children: they are ranked by the hours in memory, and rows are read
 * only of the process and those that are drawn, at once, and, where every sample is asked for, for the sum of the others.
 */
export async function readFamily(
  sources: HostSources,
  id: number,
  range: InstantRange,
  asked: FamilyDetail,
): Promise<Family> {
  const { host, connection } = sources;
  const parents = placesOf(sources, id, range).map(
    ({ source, life }): ParentIn => ({ source, parent: life }),
  );
  await loadRollups(
    connection,
    parents.flatMap(({ source }) => source.segment ?? []),
  );
  const { sealed, lives } = host;
  const isAlone = (child: number) => sealed.lives.isOfOneSegment(child) && !lives.has(child);
  const ranking = await rankChildren(connection, parents, range, isAlone);
  const age = ({ id: child }: RankedChild) => spanOf(host, child);
  const detail = detailOf(host, range, asked);
  const most = asked.moments[detail];
  const first = ranking.first(Math.max(asked.drawn, most), (a, b) => {
    const [one, other] = [age(a), age(b)];
    return b.largest - a.largest || one.pid - other.pid || one.firstSeen - other.firstSeen;
  });
  const drawn = first.slice(0, asked.drawn).map((child) => child.id);
  const timelines = await readTimelines(connection, familyIn(parents, drawn), range, detail);
  const named = await namedLives(sources, drawn);
  const ofOthers = ranking.samples() > MOST_SUMMED && sealed.segments.length > 0 ? 'hours' : detail;
  const others =
    ranking.count() > drawn.length
      ? await sumChildren(connection, parents, { range, detail: ofOthers }, new Set(drawn))
      : null;
  return {
    own: timelines.get(id) ?? NO_SAMPLES,
    drawn: named.map((life) => ({ life, timeline: timelines.get(life.id) ?? NO_SAMPLES })),
    others,
    moments: first.slice(0, most).map(({ id: life, lastT: t }) => ({ life, t })),
    count: ranking.count(),
  };
}
