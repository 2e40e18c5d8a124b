import type { Points, Span } from './series.ts';

/** A line with its area in a picture of 100 × 100, for many of them side by side on one scale. */

export interface SmallFrame {
  readonly range: Span;
  /** What the upper edge stands for. */
  readonly top: number;
}

export interface SmallPlot {
  readonly line: string;
  readonly area: string;
}

export function placeAcross({ range }: SmallFrame, t: number): number {
  const share = (t - range.from) / (range.to - range.from);
  return Math.min(100, Math.max(0, share * 100));
}

export function placeUp({ top }: SmallFrame, value: number): number {
  return 100 - (Math.min(value, top) / top) * 100;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Stretches of known values; a `null` ends one. */
function stretchesOf({ t, values }: Points, frame: SmallFrame): Point[][] {
  const stretches: Point[][] = [[]];
  t.forEach((at, index) => {
    const value = values[index];
    if (value === null) stretches.push([]);
    else stretches.at(-1)?.push({ x: placeAcross(frame, at), y: placeUp(frame, value) });
  });
  return stretches.filter((stretch) => stretch.length > 0);
}

const rounded = (value: number) => Number(value.toFixed(2));
const pointText = ({ x, y }: Point) => `${rounded(x)} ${rounded(y)}`;

/** One sample alone is drawn as a dot, by a line of no length. */
function lineOf(stretch: readonly Point[]): string {
  return `M${stretch.map(pointText).join('L')}${stretch.length === 1 ? 'h0' : ''}`;
}

function areaOf(stretch: readonly Point[]): string {
  const [first, last] = [stretch[0], stretch[stretch.length - 1]];
  return `M${rounded(first.x)} 100L${stretch.map(pointText).join('L')}L${rounded(last.x)} 100Z`;
}

/** @param points with a `null` at every gap, as `breakLine` makes them */
export function drawSmall(points: Points, frame: SmallFrame): SmallPlot {
  const stretches = stretchesOf(points, frame);
  return { line: stretches.map(lineOf).join(''), area: stretches.map(areaOf).join('') };
}
