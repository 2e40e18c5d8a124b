import type { BrokenAxis, ThinningMethod } from '../domain/downsample.ts';
import { breakAtGaps, thin } from '../domain/downsample.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Gap } from '../domain/timeline.ts';
import type { InstantRange } from './ports.ts';

/** What is alike in every chart: thinning to its width, breaks at gaps, and how to say what was done. */

export interface PlottedAxis extends BrokenAxis {
  readonly method: ThinningMethod;
}

export interface GapView {
  readonly from: string;
  readonly to: string;
  readonly reason: Gap['reason'];
}

/** Thins to `px` columns so that no extreme of a driver is lost, and breaks at gaps. */
export function plotAxis(
  t: ArrayLike<number>,
  drivers: readonly ArrayLike<number>[],
  gaps: readonly Gap[],
  px: number,
): PlottedAxis {
  const { indices, method } = thin(t, drivers, px);
  return { ...breakAtGaps(t, indices, gaps), method };
}

/** Time between two drawn points: the usual spacing, or the width of a column where the series was thinned. */
export function stepOf(t: readonly number[], range: InstantRange, method: ThinningMethod, px: number) {
  if (method === 'm4') return Math.round((range.to - range.from) / px);
  if (t.length < 2) return null;
  const spacings = t.slice(1).map((instant, at) => instant - t[at]);
  spacings.sort((a, b) => a - b);
  return spacings[spacings.length >> 1];
}

export function gapViews(gaps: readonly Gap[]): GapView[] {
  return gaps.map(({ from, to, reason }) => ({ from: formatInstant(from), to: formatInstant(to), reason }));
}
