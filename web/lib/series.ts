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

/** Value between two neighbouring known points of one series. */
function valueBetween(points: Points, index: number, at: number): number | null {
  const left = points.values[index];
  const right = points.values[index + 1];
  if (left === null || right === null || left === undefined || right === undefined) return null;
  const share = (at - points.t[index]) / (points.t[index + 1] - points.t[index]);
  return left + (right - left) * share;
}

/** One series along a grid that holds all of its own known instants. */
function alongGrid(points: Points, grid: readonly number[]): (number | null)[] {
  let index = -1;
  return grid.map((at) => {
    while (index + 1 < points.t.length && points.t[index + 1] <= at) index++;
    if (index < 0) return null;
    return points.t[index] === at ? points.values[index] : valueBetween(points, index, at);
  });
}

/** All instants of the series that are known, or all that are not. */
function instantsOf(series: readonly Points[], isKnown: boolean): number[] {
  const told = series.flatMap(({ t, values }) => t.filter((_, at) => (values[at] !== null) === isKnown));
  return [...new Set(told)].sort((a, b) => a - b);
}

/** Instants at which no series is known, each as a gap of its own. */
function unknownSpans(series: readonly Points[]): Span[] {
  const instants = instantsOf(series, false);
  const lines = series.map((points) => alongGrid(points, instants));
  const isUnknown = (at: number) => lines.every((values) => values[at] === null);
  return instants.filter((_, at) => isUnknown(at)).map((t) => ({ from: t, to: t }));
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
 * Several series on one grid, to be stacked. Stacks cannot have holes, so at a gap, and where nothing is known, every
 * layer goes down to 0 and comes up again behind it: an area without a border is then invisible in between.
 */
export function buildStack(series: readonly Points[], gaps: readonly Span[]): Stack {
  const { t, isEdge } = gridWithEdges(instantsOf(series, true), [...gaps, ...unknownSpans(series)]);
  const layers = series.map((points) =>
    alongGrid(points, t).map((value, index) => (isEdge[index] ? 0 : (value ?? 0))),
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
export function extremesOf({ t, values }: Points): Extremes | null {
  let [low, high, last] = [-1, -1, -1];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (value < least) [low, least] = [index, value];
    if (value > most) [high, most] = [index, value];
    last = index;
  }
  const momentAt = (index: number): Moment => ({ t: t[index], value: values[index] ?? Number.NaN });
  return last < 0 ? null : { low: momentAt(low), high: momentAt(high), last: momentAt(last) };
}

/** The smallest and the largest sample of each step of a line of means. */
export interface Band {
  readonly least: Points;
  readonly most: Points;
}

/** Of a line that may be one of means: its extremes are those of the samples. */
export function sampleExtremes(line: Points, band: Band | null): Extremes | null {
  const own = extremesOf(line);
  const low = band && extremesOf(band.least)?.low;
  const high = band && extremesOf(band.most)?.high;
  if (!own || !low || !high) return own;
  return {
    last: own.last,
    low: low.value < own.low.value ? low : own.low,
    high: high.value > own.high.value ? high : own.high,
  };
}
