import type { ComparablePlot } from './contract.ts';
import type { OracleGap } from './gaps.ts';
import type {
  OracleAbsence,
  OracleHistory,
  OracleInstant,
  OracleLife,
  OracleRow,
  Range,
} from './oracle-history.ts';
import { firstSeen, historyOf, instantAt, noInstant, rowsWithin, sameLife } from './oracle-history.ts';
import { childRows } from './oracle-pid.ts';
import { answerRow, iso, largest } from './rows.ts';

/** `px` is wide enough that nothing is thinned: the oracle draws every sample. */
export interface PlotQuestion {
  readonly pid: number;
  /** Asks for one life, as a key does: first_seen, epoch ms. */
  readonly since?: number;
  /** Picks the life. Default: the range's end. */
  readonly ts?: number;
  readonly from?: number;
  readonly to?: number;
}

/** A direct child, over the samples in which it was one. */
interface Child {
  readonly life: OracleLife;
  readonly rows: readonly OracleRow[];
}

interface Point {
  readonly t: number;
  readonly index: number;
  readonly rss: number;
  readonly subtreeRss: number;
}

interface Line {
  readonly t: number[];
  readonly rss_bytes: (number | null)[];
  readonly subtree_rss_bytes: (number | null)[];
}

const DRAWN_CHILDREN = 12;

/** One life along time, alone, with its subtree and with its direct children. */
export function oraclePlot(folder: string, query: PlotQuestion): ComparablePlot | OracleAbsence {
  const history = historyOf(folder);
  const range = rangeOf(history, query);
  const instant = instantAt(history, query.ts ?? range.to);
  if (!instant && query.ts !== undefined) return noInstant(history);
  const life = lifeOf(history, query, instant);
  const rows = life ? rowsWithin(life, range) : [];
  if (rows.length === 0) return 'no_data_for_pid';
  const gaps = history.gaps.filter(({ from, to }) => range.from <= from && to <= range.to);
  const line = ownLine(rows, gaps);
  const children = childrenOf(rows);
  return {
    process: answerRow(rows.find((row) => row.instant === instant) ?? rows[rows.length - 1], range),
    peak: peakOf(rows),
    own: { t: line.t, rss_bytes: line.rss_bytes },
    subtree: { t: line.t, rss_bytes: line.subtree_rss_bytes },
    children: children.slice(0, DRAWN_CHILDREN).map((child) => drawnChild(child, gaps)),
    children_summary: children.map((child) => answerRow(child.rows[child.rows.length - 1], range)),
    others: othersOf(children.slice(DRAWN_CHILDREN), gaps),
    gaps: gaps.map(({ from, to, reason }) => ({ from: iso(from), to: iso(to), reason })),
    method: 'raw',
    raw_points: rows.length,
  };
}

function rangeOf(history: OracleHistory, { from, to }: PlotQuestion): Range {
  const { samples } = history;
  return { from: from ?? samples[0]?.t ?? 0, to: to ?? samples.at(-1)?.t ?? 0 };
}

/** The life that began at `since`, else the one that is alive at the instant. */
function lifeOf(
  history: OracleHistory,
  { pid, since }: PlotQuestion,
  instant: OracleInstant | undefined,
): OracleLife | undefined {
  if (since === undefined) return instant?.rows.get(pid)?.life;
  return history.lives.find((life) => sameLife(life, pid, since));
}

function pointOf({ instant, process, place }: OracleRow): Point {
  return { t: instant.t, index: instant.index, rss: process.rss_bytes, subtreeRss: place.subtreeRss };
}

function peakOf(rows: readonly OracleRow[]): ComparablePlot['peak'] {
  const most = largest(rows.map(({ process }) => process.rss_bytes));
  const first = rows.find(({ process }) => process.rss_bytes === most) ?? rows[0];
  return { t: first.instant.t, rss_bytes: most };
}

/** Two points with a gap between them have one point without value there, in the middle of the (first) gap. */
function ownLine(rows: readonly OracleRow[], gaps: readonly OracleGap[]): Line {
  return drawLine(rows.map(pointOf), (a, b) => {
    const gap = gaps.find(({ from, to }) => a.t <= from && to <= b.t);
    return gap ? Math.round((gap.from + gap.to) / 2) : null;
  });
}

/** A child's line also breaks around samples in which it was no child, in the middle between its two points. */
function childLine(points: readonly Point[], gaps: readonly OracleGap[]): Line {
  return drawLine(points, (a, b) => {
    const isBroken = b.index > a.index + 1 || gaps.some(({ from, to }) => a.t <= from && to <= b.t);
    return isBroken ? Math.round((a.t + b.t) / 2) : null;
  });
}

function drawLine(points: readonly Point[], breakBetween: (a: Point, b: Point) => number | null): Line {
  const line: Line = { t: [], rss_bytes: [], subtree_rss_bytes: [] };
  const push = (t: number, rss: number | null, subtreeRss: number | null) => {
    line.t.push(t);
    line.rss_bytes.push(rss);
    line.subtree_rss_bytes.push(subtreeRss);
  };
  for (const [at, point] of points.entries()) {
    const middle = at > 0 ? breakBetween(points[at - 1], point) : null;
    if (middle !== null) push(middle, null, null);
    push(point.t, point.rss, point.subtreeRss);
  }
  return line;
}

/** Every life that was a direct child in some sample; the largest subtree first. */
function childrenOf(rows: readonly OracleRow[]): Child[] {
  const children = new Map<OracleLife, OracleRow[]>();
  for (const child of rows.flatMap(childRows)) {
    const known = children.get(child.life);
    if (known) known.push(child);
    else children.set(child.life, [child]);
  }
  const peak = (child: Child) => largest(child.rows.map(({ place }) => place.subtreeRss));
  return [...children]
    .map(([life, childRowsOfLife]) => ({ life, rows: childRowsOfLife }))
    .sort((a, b) => peak(b) - peak(a) || a.life.pid - b.life.pid || firstSeen(a.life) - firstSeen(b.life));
}

/** Called as it was when it was last a child in the range: so its row is, too. */
function drawnChild({ life, rows }: Child, gaps: readonly OracleGap[]): ComparablePlot['children'][number] {
  const { cmd } = rows[rows.length - 1].process;
  return { pid: life.pid, cmd, ...childLine(rows.map(pointOf), gaps) };
}

/** The children that have no line of their own, added up per sample. */
function othersOf(children: readonly Child[], gaps: readonly OracleGap[]): ComparablePlot['others'] {
  if (children.length === 0) return null;
  const sums = new Map<number, Point>();
  for (const { rss, subtreeRss, t, index } of children.flatMap(({ rows }) => rows.map(pointOf))) {
    const sum = sums.get(t) ?? { t, index, rss: 0, subtreeRss: 0 };
    sums.set(t, { ...sum, rss: sum.rss + rss, subtreeRss: sum.subtreeRss + subtreeRss });
  }
  const points = [...sums.values()].sort((a, b) => a.t - b.t);
  return { processes: children.length, ...childLine(points, gaps) };
}
