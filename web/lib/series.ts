/** Values along time, cut where nothing was recorded. */

export interface Points {
  readonly t: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface GapSpan extends Span {
  readonly reason: string;
}

export function gapSpans(gaps: readonly { from: string; to: string; reason: string }[]): readonly GapSpan[] {
  return gaps.map(({ from, to, reason }) => ({ from: Date.parse(from), to: Date.parse(to), reason }));
}

/** Whether one of the gaps lies between two neighbours. */
export function isSeparated(gaps: readonly Span[], from: number, to: number): boolean {
  return gaps.some((gap) => from <= gap.from && gap.to <= to);
}

/** A line of these points: a `null` stands wherever a gap lies between two neighbours, so none is crossed. */
export function breakLine(points: Points, gaps: readonly Span[]): Points {
  const t: number[] = [];
  const values: (number | null)[] = [];
  points.t.forEach((at, index) => {
    const before = points.t[index - 1];
    if (index > 0 && isSeparated(gaps, before, at)) {
      t.push((before + at) / 2);
      values.push(null);
    }
    t.push(at);
    values.push(points.values[index]);
  });
  return { t, values };
}

export interface Stack {
  readonly t: readonly number[];
  /** Per series, at each `t`: bytes, 0 where it was not alive. */
  readonly layers: readonly (readonly number[])[];
  /** Where the stack is taken down to 0 at the edge of a gap: drawn, but no measurement. */
  readonly isEdge: readonly boolean[];
}

/** Value between two neighbouring known points of one series; 0 where it was not there. */
function valueBetween(points: Points, index: number, at: number): number {
  const left = points.values[index];
  const right = points.values[index + 1];
  if (left === null || right === null || left === undefined || right === undefined) return 0;
  const share = (at - points.t[index]) / (points.t[index + 1] - points.t[index]);
  return left + (right - left) * share;
}

/** One series along a grid that holds all of its own instants. */
function alongGrid(points: Points, grid: readonly number[]): number[] {
  let index = -1;
  return grid.map((at) => {
    while (index + 1 < points.t.length && points.t[index + 1] <= at) index++;
    if (index < 0) return 0;
    return points.t[index] === at ? (points.values[index] ?? 0) : valueBetween(points, index, at);
  });
}

function gridOf(series: readonly Points[]): number[] {
  const known = series.flatMap(({ t, values }) => t.filter((_, index) => values[index] !== null));
  return [...new Set(known)].sort((a, b) => a - b);
}

/** Grid with both edges of every gap that lies inside it. */
function gridWithEdges(grid: readonly number[], gaps: readonly Span[]): { t: number[]; isEdge: boolean[] } {
  const t: number[] = [];
  const isEdge: boolean[] = [];
  grid.forEach((at, index) => {
    if (index > 0 && isSeparated(gaps, grid[index - 1], at)) {
      t.push(grid[index - 1] + 1, at - 1);
      isEdge.push(true, true);
    }
    t.push(at);
    isEdge.push(false);
  });
  return { t, isEdge };
}

/**
 * Several series on one grid, to be stacked. Stacks cannot have holes, so at a gap every layer goes
 * down to 0 and comes up again behind it: an area without a border is then invisible in between.
 */
export function buildStack(series: readonly Points[], gaps: readonly Span[]): Stack {
  const { t, isEdge } = gridWithEdges(gridOf(series), gaps);
  const layers = series.map((points) =>
    alongGrid(points, t).map((value, index) => (isEdge[index] ? 0 : value)),
  );
  return { t, layers, isEdge };
}

export interface Moment {
  readonly t: number;
  readonly value: number;
}

export interface Extremes {
  readonly low: Moment;
  readonly high: Moment;
  readonly last: Moment;
}

/** Smallest, largest and newest known point; the first of equals. `null` where nothing is known. */
export function extremesOf(points: Points): Extremes | null {
  let found: Extremes | null = null;
  points.t.forEach((t, index) => {
    const value = points.values[index];
    if (value === null) return;
    const here = { t, value };
    found = {
      low: found && found.low.value <= value ? found.low : here,
      high: found && found.high.value >= value ? found.high : here,
      last: here,
    };
  });
  return found;
}
