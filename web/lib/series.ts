/** Values along time, cut where nothing was recorded. */

export interface Points {
  readonly t: readonly number[];
  readonly values: readonly (number | null)[];
}

/** One of several that are stacked. */
export interface LayerPoints extends Points {
  /** Where there is something, and nobody knows how much; elsewhere a `null` is a gap, or nothing there. */
  readonly isUnknown?: readonly boolean[];
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

/** The same stretches, those that touch as one, in order. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from <= last.to)
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
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
  /** Per series, at each `t`: bytes, 0 where it was not alive, `null` where it is unknown. */
  readonly layers: readonly (readonly (number | null)[])[];
  /** Where a layer is taken down to 0 at the edge of a gap or of what is unknown: drawn, but no measurement. */
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

/** Whether a series says at a point of its own what there is, or that it does not know. */
function isTold({ values, isUnknown }: LayerPoints, at: number): boolean {
  return values[at] !== null || isUnknown?.[at] === true;
}

function ascending(instants: readonly number[]): number[] {
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** All instants at which a series tells something, or all at which one does not. */
function instantsOf(series: readonly LayerPoints[], wanted: boolean): number[] {
  return ascending(series.flatMap((points) => points.t.filter((_, at) => isTold(points, at) === wanted)));
}

/** Instants at which no series tells anything, each as a gap of its own. */
function silentSpans(series: readonly LayerPoints[]): Span[] {
  const told = new Set(instantsOf(series, true));
  const instants = instantsOf(series, false).filter((t) => !told.has(t));
  const lines = series.map((points) => alongGrid(points, instants));
  return instants
    .filter((_, at) => lines.every((values) => values[at] === null))
    .map((t) => ({ from: t, to: t }));
}

/** A sample tells of half the way to its neighbours: where one is known and the next is not, the border lies between. */
function midway(points: LayerPoints, at: number): number {
  return Math.floor((points.t[at - 1] + points.t[at]) / 2);
}

/** Stretches in which a series is unknown. */
export function unknownSpans(points: LayerPoints): Span[] {
  const { t, values, isUnknown = [] } = points;
  const border = (at: number, end: number) =>
    (values[at - 1] ?? null) === null && (values[at] ?? null) === null ? end : midway(points, at);
  const spans: Span[] = [];
  for (let first = isUnknown.indexOf(true); first >= 0; ) {
    const end = isUnknown.indexOf(false, first);
    const last = (end < 0 ? t.length : end) - 1;
    spans.push({ from: border(first, t[first]), to: border(last + 1, t[last]) });
    first = isUnknown.indexOf(true, last + 1);
  }
  return spans;
}

type Point = readonly [t: number, value: number | null];

/** Where a layer goes down upright as it becomes unknown, or comes up as it is known again: between a point and the one before. */
function borderBefore(points: LayerPoints, at: number): readonly Point[] {
  const { values, isUnknown = [] } = points;
  const [before, value] = [values[at - 1] ?? null, values[at]];
  const t = midway(points, at);
  if (before !== null && isUnknown[at])
    return [
      [t, before],
      [t + 1, 0],
    ];
  if (value === null || !isUnknown[at - 1]) return [];
  return [
    [t, 0],
    [t + 1, value],
  ];
}

function bordersOf(points: LayerPoints): number[] {
  if (!points.isUnknown?.includes(true)) return [];
  return points.t.flatMap((_, at) => borderBefore(points, at).map(([t]) => t));
}

function withBorders(points: LayerPoints): Points {
  if (!points.isUnknown?.includes(true)) return points;
  const all = points.t.flatMap((t, at): Point[] => [...borderBefore(points, at), [t, points.values[at]]]);
  return { t: all.map(([t]) => t), values: all.map(([, value]) => value) };
}

/** Both edges of every gap that lies inside the grid. */
function edgesOf(grid: readonly number[], gaps: readonly Span[]): number[] {
  return grid.flatMap((at, index) =>
    index > 0 && isSeparated(gaps, grid[index - 1], at) ? [grid[index - 1] + 1, at - 1] : [],
  );
}

/**
 * Several series on one grid, to be stacked. Stacks cannot have holes, so at a gap, and where nothing is told, every
 * layer goes down to 0 and comes up again behind it: an area without a border is then invisible in between. So does a
 * single layer where it is unknown.
 */
export function buildStack(series: readonly LayerPoints[], gaps: readonly Span[]): Stack {
  const told = instantsOf(series, true);
  const holes = new Set(edgesOf(told, [...gaps, ...silentSpans(series)]));
  const measured = new Set(told);
  const t = ascending([...told, ...holes, ...series.flatMap(bordersOf)]);
  const layers = series.map((points) => {
    const unknown = new Set(points.t.filter((_, at) => points.isUnknown?.[at]));
    return alongGrid(withBorders(points), t).map((value, place) => {
      if (unknown.has(t[place])) return null;
      return holes.has(t[place]) ? 0 : (value ?? 0);
    });
  });
  return { t, layers, isEdge: t.map((at) => !measured.has(at)) };
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

/** Layers as lines of a chart, one upon the other; `ink` is how a line is drawn. */
export function stackLines<Ink extends object>(
  layers: readonly { id: string; name: string; points: LayerPoints; ink: Ink }[],
  gaps: readonly Span[],
) {
  const series = layers.map(({ points }) => points);
  const { t, layers: values, isEdge } = buildStack(series, gaps);
  return layers.map(({ id, name, points, ink }, at) => {
    return { id, name, t, values: values[at], isEdge, unknown: unknownSpans(points), isLayer: true, ...ink };
  });
}
