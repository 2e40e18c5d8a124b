import type { BrokenAxis } from '../domain/downsample.ts';
import type { LedgerPart } from '../domain/ledger.ts';
import { fillLedger, LEDGER_FIGURES, LEDGER_PARTS } from '../domain/ledger.ts';
import type { Gap } from '../domain/timeline.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../domain/used-memory.ts';
import type { Line, OverviewLines, PressureId } from './overview-lines.ts';
import { driversOf, overviewLines, valuesOf } from './overview-lines.ts';
import type { SystemSeries, SystemSeriesId } from './ports.ts';
import type { Grain, Telling } from './time-series.ts';
import { tellSeries } from './time-series.ts';

/** The overview's figures along the samples that are drawn. */

type FlatSeries =
  | 'mem_total_bytes'
  | 'used_bytes'
  | 'used_htop_bytes'
  | 'available_bytes'
  | 'shmem_bytes'
  | 'swap_total_bytes'
  | 'swap_used_bytes'
  | 'process_rss_bytes'
  | 'psi_some_avg10'
  | 'psi_full_avg10'
  | 'major_faults_per_second'
  | 'swap_in_bytes_per_second'
  | 'swap_out_bytes_per_second';

/** Unknown, and in gaps, `NaN`. */
export type OverviewSeries = { readonly t: number[] } & Record<FlatSeries, Float64Array> & {
    readonly ledger: Record<`${LedgerPart}_bytes`, Float64Array>;
  };

type BandId = 'used_bytes' | 'available_bytes' | 'swap_used_bytes' | 'process_rss_bytes' | PressureId;

type Band = Readonly<Record<BandId, (number | null)[]>>;

/** Between which values the samples of each step are, at the instants of the series. */
export interface OverviewBands {
  readonly min: Band;
  readonly max: Band;
}

/** What is drawn is computed of these, point by point. */
const DRAWN_FIGURES = [
  ...LEDGER_FIGURES,
  ...(['mem_available_bytes', 'swap_total_bytes', 'swap_free_bytes', 'process_rss_bytes'] as const),
  ...(['psi_some_avg10', 'psi_full_avg10'] as const),
] satisfies readonly SystemSeriesId[];

export const OVERVIEW_FIGURES = [
  ...DRAWN_FIGURES,
  ...(['pgmajfault', 'pswpin', 'pswpout', 'oom_kill'] as const),
] satisfies readonly SystemSeriesId[];

export type OverviewFigures = SystemSeries<(typeof OVERVIEW_FIGURES)[number]>;

/** Figures at the points that are drawn; unknown, and in gaps, `NaN`. */
type Drawn = Readonly<Record<(typeof DRAWN_FIGURES)[number], Float64Array>>;

function drawAlong({ index }: BrokenAxis, values: ArrayLike<number>): Float64Array {
  const drawn = new Float64Array(index.length);
  for (let at = 0; at < drawn.length; at++) drawn[at] = index[at] < 0 ? Number.NaN : values[index[at]];
  return drawn;
}

/** Where samples are drawn, the line is computed of them only. */
function drawLine({ axis, told, band }: Telling, line: Line): Float64Array {
  if (band) return drawAlong(axis, told(valuesOf(line)));
  const drawn = new Float64Array(axis.index.length).fill(Number.NaN);
  const one = new Float64Array(1);
  for (let at = 0; at < drawn.length; at++) {
    const index = axis.index[at];
    if (index < 0) continue;
    line.fill(one, index, index + 1);
    drawn[at] = one[0];
  }
  return drawn;
}

function ledgerOf(drawn: Drawn): OverviewSeries['ledger'] {
  const along = LEDGER_PARTS.map(() => new Float64Array(drawn.mem_total_bytes.length));
  const parts = new Float64Array(LEDGER_PARTS.length);
  for (let at = 0; at < drawn.mem_total_bytes.length; at++) {
    const isKnown = fillLedger(drawn, at, parts);
    for (let part = 0; part < parts.length; part++) along[part][at] = isKnown ? parts[part] : Number.NaN;
  }
  const named = LEDGER_PARTS.map(({ id }, part) => [`${id}_bytes`, along[part]]);
  return Object.fromEntries(named) as OverviewSeries['ledger'];
}

/** One object for all points: with one each it took a tenth of the answer's time. */
function usedHtopOf(drawn: Drawn): Float64Array {
  const parts = { total: 0, free: 0, buffers: 0, cached: 0, sReclaimable: 0 };
  return drawn.mem_total_bytes.map((total, at) => {
    parts.total = total;
    parts.free = drawn.mem_free_bytes[at];
    parts.buffers = drawn.buffers_bytes[at];
    parts.cached = drawn.cached_bytes[at];
    parts.sReclaimable = drawn.s_reclaimable_bytes[at];
    return usedHtopBytes(parts);
  });
}

function memoryOf(drawn: Drawn) {
  const { mem_total_bytes, mem_available_bytes, swap_total_bytes, swap_free_bytes } = drawn;
  return {
    mem_total_bytes,
    used_bytes: mem_total_bytes.map((total, at) => usedBytes(total, mem_available_bytes[at])),
    used_htop_bytes: usedHtopOf(drawn),
    available_bytes: mem_available_bytes,
    shmem_bytes: drawn.shmem_bytes,
    swap_total_bytes,
    swap_used_bytes: swap_total_bytes.map((total, at) => swapUsedBytes(total, swap_free_bytes[at])),
    process_rss_bytes: drawn.process_rss_bytes,
    psi_some_avg10: drawn.psi_some_avg10,
    psi_full_avg10: drawn.psi_full_avg10,
  };
}

export interface PlottedOverview {
  readonly series: OverviewSeries;
  /** `null` where the series are samples. */
  readonly bands: OverviewBands | null;
  readonly method: Telling['method'];
}

function bandsOf(
  { band }: Telling,
  { mem_available_bytes }: OverviewFigures['values'],
  { memory, pressure }: OverviewLines,
): OverviewBands | null {
  if (!band) return null;
  const lines = Object.entries({ ...memory, ...pressure });
  const samples = lines.map(([id, line]): [string, Float64Array] => [id, valuesOf(line)]);
  samples.push(['available_bytes', mem_available_bytes]);
  const along = (fold: typeof band.least) =>
    Object.fromEntries(samples.map(([id, values]) => [id, fold(values)])) as Band;
  return { min: along(band.least), max: along(band.most) };
}

/**
 * Where it is thinned, no extreme of the memory and no peak of the pressure is lost. Where it is told in steps, what is
 * computed of several columns is so of their means.
 */
export function plotOverview(
  figures: OverviewFigures,
  gaps: readonly Gap[],
  grain: Pick<Grain, 'px' | 'stepMs'>,
): PlottedOverview {
  const { t, values } = figures;
  const lines = overviewLines(figures, gaps);
  const telling = tellSeries(t, gaps, grain, driversOf(lines));
  const { axis, told, method } = telling;
  const along = DRAWN_FIGURES.map((id) => [id, drawAlong(axis, told(values[id]))]);
  const drawn = Object.fromEntries(along) as Drawn;
  return {
    series: {
      t: [...axis.t],
      ...memoryOf(drawn),
      major_faults_per_second: drawLine(telling, lines.pressure.major_faults_per_second),
      swap_in_bytes_per_second: drawLine(telling, lines.pressure.swap_in_bytes_per_second),
      swap_out_bytes_per_second: drawLine(telling, lines.pressure.swap_out_bytes_per_second),
      ledger: ledgerOf(drawn),
    },
    bands: bandsOf(telling, values, lines),
    method,
  };
}
