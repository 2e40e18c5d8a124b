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

type Values = (number | null)[];

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

export type OverviewSeries = { readonly t: number[] } & Record<FlatSeries, Values> & {
    readonly ledger: Record<`${LedgerPart}_bytes`, Values>;
  };

type BandId = 'used_bytes' | 'available_bytes' | 'swap_used_bytes' | 'process_rss_bytes' | PressureId;

/** Between which values the samples of each step are, at the instants of the series. */
export interface OverviewBands {
  readonly min: Readonly<Record<BandId, Values>>;
  readonly max: Readonly<Record<BandId, Values>>;
}

/** What is drawn is computed of these, point by point. */
const DRAWN_FIGURES = [
  ...LEDGER_FIGURES,
  ...(['mem_available_bytes', 'swap_total_bytes', 'swap_free_bytes', 'process_rss_bytes'] as const),
] satisfies readonly SystemSeriesId[];

export const OVERVIEW_FIGURES = [
  ...DRAWN_FIGURES,
  ...(['psi_some_avg10', 'psi_full_avg10', 'pgmajfault', 'pswpin', 'pswpout', 'oom_kill'] as const),
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

function knownOf(drawn: Float64Array): Values {
  const values: Values = [];
  for (let at = 0; at < drawn.length; at++) values.push(Number.isNaN(drawn[at]) ? null : drawn[at]);
  return values;
}

function ledgerOf(drawn: Drawn): OverviewSeries['ledger'] {
  const along = LEDGER_PARTS.map((): Values => []);
  const parts = new Float64Array(LEDGER_PARTS.length);
  for (let at = 0; at < drawn.mem_total_bytes.length; at++) {
    const isKnown = fillLedger(drawn, at, parts);
    for (let part = 0; part < parts.length; part++)
      along[part].push(isKnown && !Number.isNaN(parts[part]) ? parts[part] : null);
  }
  const named = LEDGER_PARTS.map(({ id }, part) => [`${id}_bytes`, along[part]]);
  return Object.fromEntries(named) as OverviewSeries['ledger'];
}

function memoryOf(drawn: Drawn) {
  const known = (id: keyof Drawn) => knownOf(drawn[id]);
  const [total, available, free] = [
    known('mem_total_bytes'),
    known('mem_available_bytes'),
    known('mem_free_bytes'),
  ];
  const [buffers, cached, sReclaimable] = [
    known('buffers_bytes'),
    known('cached_bytes'),
    known('s_reclaimable_bytes'),
  ];
  const [swapTotal, swapFree] = [known('swap_total_bytes'), known('swap_free_bytes')];
  return {
    mem_total_bytes: total,
    used_bytes: total.map((one, i) => usedBytes(one, available[i])),
    used_htop_bytes: total.map((one, i) =>
      usedHtopBytes({
        total: one,
        free: free[i],
        buffers: buffers[i],
        cached: cached[i],
        sReclaimable: sReclaimable[i],
      }),
    ),
    available_bytes: available,
    shmem_bytes: known('shmem_bytes'),
    swap_total_bytes: swapTotal,
    swap_used_bytes: swapTotal.map((one, i) => swapUsedBytes(one, swapFree[i])),
    process_rss_bytes: known('process_rss_bytes'),
  };
}

function pressureOf(telling: Telling, { pressure }: OverviewLines): Record<PressureId, Values> {
  const along = Object.entries(pressure).map(([id, line]) => [id, knownOf(drawLine(telling, line))]);
  return Object.fromEntries(along) as Record<PressureId, Values>;
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
    Object.fromEntries(samples.map(([id, values]) => [id, fold(values)])) as Record<BandId, Values>;
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
      ...pressureOf(telling, lines),
      ledger: ledgerOf(drawn),
    },
    bands: bandsOf(telling, values, lines),
    method,
  };
}
