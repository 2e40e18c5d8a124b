import type {
  InitialData,
  LiveGap,
  LiveMessage,
  LivePlace,
  LivePoint,
} from '../../server/domain/live-point.ts';
import { LIVE } from '../../server/domain/live-point.ts';
import type { Span } from './series.ts';
import { isSeparated } from './series.ts';

/** What has come of the feed, over however many connections and servers: points in the order of time, and the gaps between. */
export interface LiveSeries {
  /** Of the server that told last; `null` before the first message. */
  readonly feed: string | null;
  /** Of the newest point, which may be of another server's feed. */
  readonly place: LivePlace | null;
  readonly intervalSeconds: number;
  /** The newest, as many as a server keeps: a page that stays shows what one that is opened now would. */
  readonly points: readonly LivePoint[];
  readonly gaps: readonly LiveGap[];
}

export const NO_SERIES: LiveSeries = {
  feed: null,
  place: null,
  intervalSeconds: LIVE.interval.default,
  points: [],
  gaps: [],
};

/** Forgets what is too old; a gap is of interest while there is a point before it. */
function trim(series: LiveSeries): LiveSeries {
  const points = series.points.slice(-LIVE.ring);
  const oldest = points[0]?.t ?? Number.POSITIVE_INFINITY;
  return { ...series, points, gaps: series.gaps.filter(({ to }) => to > oldest) };
}

/** Nothing is told twice. */
function addGaps(gaps: readonly LiveGap[], more: readonly LiveGap[]): readonly LiveGap[] {
  const isKnown = (gap: Span) => gaps.some(({ from, to }) => from === gap.from && to === gap.to);
  const fresh = more.filter((gap) => !isKnown(gap));
  return fresh.length === 0 ? gaps : [...gaps, ...fresh].sort((a, b) => a.from - b.from);
}

/** Why points are missing before this one; `null`: none are. */
function holeReason({ feed, place }: LiveSeries, { seq }: LivePoint): LiveGap['reason'] | null {
  if (!place) return null;
  if (place.feed !== feed) return 'restart';
  return seq === place.seq + 1 ? null : 'slow';
}

/** A hole before this point that the server did not tell of. */
function holesBefore(series: LiveSeries, next: LivePoint): readonly LiveGap[] {
  const reason = holeReason(series, next);
  const last = series.points.at(-1);
  if (!reason || !last || isSeparated(series.gaps, last.t, next.t)) return [];
  return [{ from: last.t, to: next.t, reason }];
}

function isNew({ feed, place }: LiveSeries, { seq }: LivePoint): boolean {
  return place?.feed !== feed || seq > (place?.seq ?? 0);
}

function placeOf(series: LiveSeries, { seq, t }: LivePoint): LivePlace | null {
  return series.feed === null ? null : { feed: series.feed, seq, t };
}

/** What a clock that was set back has made later than the next point is dropped: there is one point for an instant. */
function before(points: readonly LivePoint[], t: number): readonly LivePoint[] {
  return (points.at(-1)?.t ?? Number.NEGATIVE_INFINITY) < t ? points : points.filter((point) => point.t < t);
}

function append(series: LiveSeries, next: LivePoint): LiveSeries {
  if (!isNew(series, next)) return series;
  const kept = { ...series, points: before(series.points, next.t) };
  return trim({
    ...kept,
    points: [...kept.points, next],
    gaps: addGaps(kept.gaps, holesBefore(kept, next)),
    place: placeOf(series, next),
  });
}

/** A gap ends at the first point that came into it later; one that was of this page alone may be none then. */
function shrink(gap: LiveGap, points: readonly LivePoint[]): readonly LiveGap[] {
  const first = points.find(({ t }) => gap.from < t && t < gap.to);
  if (!first) return [gap];
  const last = points.find(({ t }) => t === gap.from);
  const isFilled = gap.reason === 'slow' && last?.seq === first.seq - 1;
  return isFilled ? [] : [{ ...gap, to: first.t }];
}

/** What was missed, and what is older than all that was known; a point that was told already is passed over. */
function receiveInitial(known: LiveSeries, message: InitialData): LiveSeries {
  const series = {
    ...known,
    feed: message.feed,
    intervalSeconds: message.interval_seconds,
    gaps: addGaps(known.gaps, message.gaps),
  };
  const next = message.history.find((point) => isNew(series, point));
  const last = message.history.at(-1);
  const instants = new Set(known.points.map(({ t }) => t));
  const fresh = message.history.filter(({ t }) => !instants.has(t));
  const points = fresh.length === 0 ? known.points : [...known.points, ...fresh].sort((a, b) => a.t - b.t);
  const gaps = next ? addGaps(series.gaps, holesBefore(series, next)) : series.gaps;
  return trim({
    ...series,
    points,
    gaps: fresh.length === 0 ? gaps : gaps.flatMap((gap) => shrink(gap, points)),
    place: next && last ? placeOf(series, last) : known.place,
  });
}

/** The series with one more message: each point once, whatever was sent again. */
export function receiveMessage(series: LiveSeries, message: LiveMessage): LiveSeries {
  if (message.type === 'initial_data') return receiveInitial(series, message);
  if (message.type === 'gap') return { ...series, gaps: addGaps(series.gaps, [message.gap]) };
  return { ...append(series, message.data), intervalSeconds: message.interval_seconds };
}

/** The part of a stretch in which points are missing, from the first hole to the last; `null` where none are. */
export function missingPart(span: Span, { points, gaps }: LiveSeries): Span | null {
  const oldest = points[0]?.t ?? Number.POSITIVE_INFINITY;
  const holes = [{ from: Number.NEGATIVE_INFINITY, to: oldest }, ...gaps]
    .map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .filter(({ from, to }) => from < to);
  const [first] = holes;
  return first ? { from: first.from, to: Math.max(...holes.map(({ to }) => to)) } : null;
}
