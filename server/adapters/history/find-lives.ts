import type { FoundLives, LifeQuestion, NamedLife } from '../../application/life-ports.ts';
import type { HostSources } from './answers.ts';
import type { Best } from './best.ts';
import { openBest } from './best.ts';
import { readColumns } from './read-chunks.ts';
import type { SegmentNames } from './segment-names.ts';
import { eachSegmentsNames } from './segment-names.ts';
import { spanOf } from './store.ts';

/** The search among all lives of a host: by what each was called when it was last seen. */

type Names = Pick<NamedLife, 'cmd' | 'comm' | 'user'>;

interface Candidate extends Names {
  readonly id: number;
  readonly pid: number;
  readonly lastSeen: number;
  readonly rssMax: number;
}

interface TailLife {
  readonly comm: string | null;
  readonly user: string | null;
  readonly rssMax: number;
}

interface Search {
  readonly sources: HostSources;
  readonly question: LifeQuestion;
  readonly pidOf: (id: number) => number;
  readonly tail: ReadonlyMap<number, TailLife>;
  /** By id: 1 where a life was looked at. */
  readonly seen: Uint8Array;
  readonly best: Best<Candidate>;
}

const OF_TAIL = `SELECT life, arg_max_null(comm, t), arg_max_null("user", t), max(rss_bytes)::DOUBLE`;

async function readTail({ host, tail, connection }: HostSources): Promise<ReadonlyMap<number, TailLife>> {
  if (host.samples.tailInstants().length === 0) return new Map();
  const sql = `${OF_TAIL} FROM ${tail.relation} GROUP BY life`;
  const [life, comm, user, rssMax] = await readColumns(connection, sql);
  return new Map(
    life.map((one, row) => [
      one ?? 0,
      { comm: tail.textOf(comm[row]), user: tail.textOf(user[row]), rssMax: rssMax[row] ?? 0 },
    ]),
  );
}

/** The first that is larger in this order is shown first. */
function compareCandidates(pid: number | null): (a: Candidate, b: Candidate) => number {
  return (a, b) =>
    Number(b.pid === pid) - Number(a.pid === pid) ||
    b.lastSeen - a.lastSeen ||
    b.rssMax - a.rssMax ||
    a.pid - b.pid;
}

function rssMaxOf({ sources, tail }: Search, id: number): number {
  const { segments, lives } = sources.host.sealed;
  let most = tail.get(id)?.rssMax ?? 0;
  lives.eachOf(id, (at, row) => {
    most = Math.max(most, segments[at].lives.rssMax.at(row));
  });
  return most;
}

/** Nearly all of very many are told by their last sample that they are not among the first few. */
function add(search: Search, id: number, lastSeen: number, namesOf: () => Names): void {
  const { best, question, pidOf } = search;
  const last = best.last();
  const isBehind = last !== null && lastSeen < last.lastSeen;
  if (isBehind && (question.pid === null || pidOf(id) !== question.pid)) best.pass();
  else best.add({ ...namesOf(), id, lastSeen, pid: pidOf(id), rssMax: rssMaxOf(search, id) });
}

/** One more than the largest id. */
function idBound({ host }: HostSources): number {
  let bound = 0;
  for (const { lives } of host.sealed.segments) for (const id of lives.id) bound = Math.max(bound, id + 1);
  for (const { id } of host.lives.all()) bound = Math.max(bound, id + 1);
  return bound;
}

/** Lives that the tail saw last. */
function searchTail(search: Search): void {
  const { sources, question, tail, seen } = search;
  const { sealed, lives } = sources.host;
  for (const life of lives.all()) {
    const last = sealed.lives.lastOf(life.id);
    if (last && sealed.segments[last[0]].lives.lastT[last[1]] >= life.lastSeen) continue;
    seen[life.id] = 1;
    const names = {
      cmd: life.cmd,
      comm: tail.get(life.id)?.comm ?? null,
      user: tail.get(life.id)?.user ?? null,
    };
    const isWanted = Object.values(names).some((text) => text !== null && question.isWanted(text));
    if (isWanted || life.pid === question.pid) add(search, life.id, life.lastSeen, () => names);
  }
}

/** Lives of a segment that nothing newer has seen. Each text is looked at once. */
function searchSegment(search: Search, at: number, { texts, cmd, comm, user }: SegmentNames): void {
  const { sources, question, seen, pidOf } = search;
  const { id: ids, lastT } = sources.host.sealed.segments[at].lives;
  const wanted = Uint8Array.from(texts, (text) => Number(question.isWanted(text)));
  const textOf = (place: number) => (place < 0 ? null : texts[place]);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row];
    if (seen[id] === 1) continue;
    seen[id] = 1;
    const isWanted = wanted[cmd[row]] || wanted[comm[row]] || wanted[user[row]];
    if (!(isWanted || pidOf(id) === question.pid)) continue;
    add(search, id, lastT[row], () => ({
      ...{ cmd: textOf(cmd[row]), comm: textOf(comm[row]), user: textOf(user[row]) },
    }));
  }
}

function namedLife({ host }: HostSources, { id, cmd, comm, user, rssMax }: Candidate): NamedLife {
  const { key, pid, firstSeen, lastSeen } = spanOf(host, id);
  return { key, pid, firstSeen, lastSeen, cmd, comm, user, rssMax };
}

export async function findLives(
  sources: HostSources,
  pidOf: (id: number) => number,
  question: LifeQuestion,
): Promise<FoundLives> {
  const best = openBest(question.limit, compareCandidates(question.pid));
  const search: Search = {
    ...{ sources, question, pidOf, best, seen: new Uint8Array(idBound(sources)) },
    tail: await readTail(sources),
  };
  searchTail(search);
  const { segments } = sources.host.sealed;
  await eachSegmentsNames(sources.connection, segments, (at, names) => searchSegment(search, at, names));
  return { lives: best.inOrder().map((one) => namedLife(sources, one)), total: best.count() };
}
