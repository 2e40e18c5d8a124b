import type { Resolution } from '../domain/buckets.ts';
import { bucketsOf, leastOf, meansOf, mostOf, RESOLUTIONS, stepMsOf } from '../domain/buckets.ts';
import type { BrokenAxis, Driver, ThinningMethod } from '../domain/downsample.ts';
import { breakAtGaps, thin, valuesAlong } from '../domain/downsample.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Gap } from '../domain/timeline.ts';
import type { InstantRange, LifeTimeline } from './ports.ts';

/** What is alike in every chart: thinning to its width, breaks at gaps, and how to say what was done. */

/** `buckets`: of each step the mean; `rollup`: of each hour the smallest and the largest sample. */
export type PlotMethod = ThinningMethod | 'buckets' | 'rollup';

export interface PlottedAxis extends BrokenAxis {
  readonly method: ThinningMethod;
}

export interface GapView {
  readonly from: string;
  readonly to: string;
  readonly reason: Gap['reason'];
}

/** How finely series are told. */
export interface Grain {
  readonly resolution: Resolution;
  /** Columns to thin to; infinite where nothing is thinned. */
  readonly px: number;
  /** `null`: samples are told as they are. */
  readonly stepMs: number | null;
}

/** More points than this fit no answer and no screen: a week in minutes. */
const MOST_POINTS = 12_000;

interface Wish {
  readonly resolution?: Resolution | undefined;
  readonly px: number;
}

/**
 * The resolution that was asked for, or the next coarser one that is not too many points; `auto` always fits.
 * @param samples how many the range has
 * @param most how many samples may be read one by one
 */
export function chooseGrain(
  { resolution = 'auto', px }: Wish,
  range: InstantRange,
  samples: number,
  most = Number.POSITIVE_INFINITY,
): Grain {
  const pointsOf = (one: Resolution) => Math.min(samples, (range.to - range.from) / (stepMsOf(one) ?? 1));
  const coarser =
    resolution === 'auto' || samples > most ? [] : RESOLUTIONS.slice(RESOLUTIONS.indexOf(resolution));
  const chosen = coarser.find((one) => pointsOf(one) <= MOST_POINTS) ?? 'auto';
  const stepMs = stepMsOf(chosen);
  return { resolution: chosen, stepMs, px: chosen === 'auto' ? px : Number.POSITIVE_INFINITY };
}

/** Thins to `px` columns so that no extreme of a driver is lost, and breaks at gaps. */
export function plotAxis(
  t: ArrayLike<number>,
  drivers: readonly Driver[],
  gaps: readonly Gap[],
  px: number,
): PlottedAxis {
  const { indices, method } = thin(t, drivers, px);
  return { ...breakAtGaps(t, indices, gaps), method };
}

/** What tells series of the same instants in one grain. */
export interface Telling {
  /** Where the points are, with a place for a `null` in each gap. */
  readonly axis: BrokenAxis;
  readonly method: Exclude<PlotMethod, 'rollup'>;
  /** The values that `axis` is of: the samples themselves, or the mean of each step. */
  readonly told: (samples: ArrayLike<number>) => ArrayLike<number>;
  /** The smallest and the largest sample of each step, along `axis`; `null` where samples are told. */
  readonly band: Readonly<Record<'least' | 'most', (samples: ArrayLike<number>) => (number | null)[]>> | null;
}

/** @param drivers what of the samples must survive where they are thinned */
export function tellSeries(
  t: ArrayLike<number>,
  gaps: readonly Gap[],
  { px, stepMs }: Pick<Grain, 'px' | 'stepMs'>,
  drivers: readonly Driver[],
): Telling {
  if (stepMs === null) {
    const { method, ...axis } = plotAxis(t, drivers, gaps, px);
    return { axis, method, told: (samples) => samples, band: null };
  }
  const buckets = bucketsOf(t, gaps, stepMs);
  const axis = breakAtGaps(buckets.t, [...buckets.t.keys()], gaps);
  return {
    axis,
    method: 'buckets',
    told: (samples) => meansOf(buckets, samples),
    band: {
      least: (samples) => valuesAlong(axis, leastOf(buckets, samples)),
      most: (samples) => valuesAlong(axis, mostOf(buckets, samples)),
    },
  };
}

/** Time between two drawn points: the usual spacing, or the width of a column where the series was thinned. */
export function stepOf(
  t: ArrayLike<number>,
  range: InstantRange,
  method: PlotMethod,
  { px, stepMs }: Pick<Grain, 'px'> & Partial<Grain>,
) {
  if (method === 'buckets') return stepMs ?? null;
  const column = Math.round((range.to - range.from) / px);
  if (method === 'rollup') return Math.max(HOUR_MS, column);
  if (method === 'm4') return column;
  if (t.length < 2) return null;
  const spacings = Float64Array.from({ length: t.length - 1 }, (_, at) => t[at + 1] - t[at]).sort();
  return spacings[spacings.length >> 1];
}

/** More samples than this a pixel are told by hours: of a sample a minute, an hour is then at most 12 pixels wide. */
const SAMPLES_A_PIXEL = 5;

export function detailFor(px: number) {
  return { samples: px * SAMPLES_A_PIXEL };
}

/** Hours are not told in steps: of each only the extremes are known. */
export function grainFor({ detail }: LifeTimeline, grain: Grain): Grain {
  return detail === 'hours' ? { ...grain, stepMs: null } : grain;
}

export function gapViews(gaps: readonly Gap[]): GapView[] {
  return gaps.map(({ from, to, reason }) => ({ from: formatInstant(from), to: formatInstant(to), reason }));
}
