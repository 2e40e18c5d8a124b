import type { LivePoint } from '../../server/domain/live-point.ts';
import type { LiveSeries } from './live-series.ts';
import type { GapSpan, Points, Span } from './series.ts';
import { isSeparated } from './series.ts';

/** One line of what was recorded and what is live: each instant once, and a gap only where neither knows anything. */

/** Figures by the id of the line that they belong to; unknown is `null`, and so is what is not told at all. */
export type Values = Readonly<Record<string, number | null>>;

/** What was recorded of the same figures, in its own resolution. */
export interface Recorded {
  readonly t: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
  readonly gaps: readonly GapSpan[];
  /** Usual distance of two points; `null` where there are too few to tell. */
  readonly stepMs: number | null;
}

/** One instant of the joined line. */
export interface Row {
  readonly t: number;
  readonly isLive: boolean;
  readonly values: Values;
}

export interface Joined {
  readonly rows: readonly Row[];
  readonly gaps: readonly GapSpan[];
  /** Of what was recorded of it. */
  readonly stepMs: number | null;
}

/** Neighbours that are further apart than this many usual distances have a gap between them, as in the recording. */
const GAP_SPACINGS = 3;

/** Stretches that the feed has seen without a gap. */
function stretchesOf({ points, gaps }: LiveSeries): readonly Span[] {
  const stretches: { from: number; to: number }[] = [];
  let last: number | null = null;
  for (const { t } of points) {
    const open = stretches.at(-1);
    if (!open || last === null || isSeparated(gaps, last, t)) stretches.push({ from: t, to: t });
    else open.to = t;
    last = t;
  }
  return stretches;
}

/** Where the feed has points, and within gaps, where answers have a `null` to cut their lines, nothing is taken. */
function recordedRows({ t, series, gaps }: Recorded, stretches: readonly Span[]): readonly Row[] {
  const isLeftOut = (at: number) =>
    stretches.some(({ from, to }) => from <= at && at <= to) ||
    gaps.some(({ from, to }) => from < at && at < to);
  return t.flatMap((at, index) => {
    if (isLeftOut(at)) return [];
    const values = Object.entries(series).map(([id, known]) => [id, known[index] ?? null]);
    return [{ t: at, isLive: false, values: Object.fromEntries(values) }];
  });
}

/** What is seen of the rows, and one beyond either edge: a line comes in and goes out there. */
function within(rows: readonly Row[], { from, to }: Span): readonly Row[] {
  const first = rows.findLastIndex(({ t }) => t <= from);
  const last = rows.findIndex(({ t }) => t >= to);
  return rows.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
}

/**
 * Without points of the feed that are beyond an edge and far from what was recorded within it: what lies between was not
 * asked for, and need not be missing.
 */
function withoutUnasked(rows: readonly Row[], { from, to }: Span, widest: number): readonly Row[] {
  const isUnasked = ({ t, isLive }: Row, inner: Row | undefined) =>
    isLive && (t < from || t > to) && inner?.isLive === false && Math.abs(inner.t - t) > widest;
  return rows.filter((row, index) => !isUnasked(row, rows[index === 0 ? 1 : index - 1]));
}

interface Neighbours {
  readonly recorded: Recorded | null;
  readonly live: LiveSeries;
  /** Of what is not of one source. */
  readonly widest: number;
}

/** Why nothing is known between two neighbours; `null`: nothing is missing. */
function gapBetween(a: Row, b: Row, { recorded, live, widest }: Neighbours): string | null {
  const reasonIn = (gaps: readonly GapSpan[]) =>
    gaps.find(({ from, to }) => a.t <= from && to <= b.t)?.reason ?? null;
  if (a.isLive && b.isLive) return reasonIn(live.gaps);
  if (!a.isLive && !b.isLive) return recorded && reasonIn(recorded.gaps);
  return b.t - a.t > widest ? (reasonIn(live.gaps) ?? 'stopped') : null;
}

/** @param read the figures of a live point, under the ids that the recorded ones have */
export function joinLines(
  recorded: Recorded | null,
  live: LiveSeries,
  read: (point: LivePoint) => Values,
  span: Span,
): Joined {
  const points = live.points.map((point) => ({ t: point.t, isLive: true, values: read(point) }));
  const before = recorded ? recordedRows(recorded, stretchesOf(live)) : [];
  const all: readonly Row[] = [...before, ...points].sort((a, b) => a.t - b.t);
  const widest = GAP_SPACINGS * Math.max(recorded?.stepMs ?? 0, live.intervalSeconds * 1000);
  const rows = withoutUnasked(within(all, span), span, widest);
  const gaps = rows.flatMap((row, index) => {
    const last = rows[index - 1];
    const reason = last ? gapBetween(last, row, { recorded, live, widest }) : null;
    return last && reason !== null ? [{ from: last.t, to: row.t, reason }] : [];
  });
  return { rows, gaps, stepMs: recorded?.stepMs ?? null };
}

/** The points of one line. */
export function lineAlong({ rows }: Joined, id: string): Points {
  return { t: rows.map(({ t }) => t), values: rows.map(({ values }) => values[id] ?? null) };
}
