import type { BrokenAxis, ThinningMethod } from '../domain/downsample.ts';
import { breakAtGaps, thin } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Gap } from '../domain/timeline.ts';
import type { InstantRange, LifeTimeline } from './ports.ts';

const HOUR_MS = 3_600_000;

/** What is alike in every chart: thinning to its width, breaks at gaps, and how to say what was done. */

/** `rollup`: of each hour the smallest and the largest sample. */
export type PlotMethod = ThinningMethod | 'rollup';

export interface PlottedAxis extends BrokenAxis {
  readonly method: ThinningMethod;
}

export interface GapView {
  readonly from: string;
  readonly to: string;
  readonly reason: Gap['reason'];
}

/** Thins to `px` columns so that no extreme of a driver and no peak of `peaked` is lost, and breaks at gaps. */
export function plotAxis(
  t: ArrayLike<number>,
  drivers: readonly ArrayLike<number>[],
  gaps: readonly Gap[],
  px: number,
  peaked: readonly ArrayLike<number>[] = [],
): PlottedAxis {
  const { indices, method } = thin(t, drivers, px, peaked);
  return { ...breakAtGaps(t, indices, gaps), method };
}

/** Time between two drawn points: the usual spacing, or the width of a column where the series was thinned. */
export function stepOf(t: ArrayLike<number>, range: InstantRange, method: PlotMethod, px: number) {
  const column = Math.round((range.to - range.from) / px);
  if (method === 'rollup') return Math.max(HOUR_MS, column);
  if (method === 'm4') return column;
  if (t.length < 2) return null;
  const spacings = Float64Array.from({ length: t.length - 1 }, (_, at) => t[at + 1] - t[at]).sort();
  return spacings[spacings.length >> 1];
}

/** More samples than this a pixel are told by hours: of a sample a minute, an hour is then at most 8 pixels wide. */
const SAMPLES_A_PIXEL = 8;

export function detailFor(px: number) {
  return { samples: px * SAMPLES_A_PIXEL };
}

/** How a timeline was thinned on its way to the screen. */
export function methodOf({ detail }: LifeTimeline, axis: PlottedAxis): PlotMethod {
  return detail === 'hours' ? 'rollup' : axis.method;
}

export function gapViews(gaps: readonly Gap[]): GapView[] {
  return gaps.map(({ from, to, reason }) => ({ from: formatInstant(from), to: formatInstant(to), reason }));
}
