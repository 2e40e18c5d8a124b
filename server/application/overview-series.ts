import type { BrokenAxis } from '../domain/downsample.ts';
import { valuesAlong } from '../domain/downsample.ts';
import type { LedgerPart } from '../domain/ledger.ts';
import { fillLedger, LEDGER_FIGURES, LEDGER_PARTS } from '../domain/ledger.ts';
import { PAGE_BYTES, ratesOf } from '../domain/rates.ts';
import type { Gap } from '../domain/timeline.ts';
import { swapUsedBytes, usedBytes, usedHtopBytes } from '../domain/used-memory.ts';
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

export const OVERVIEW_FIGURES = [
  ...LEDGER_FIGURES,
  ...(['mem_available_bytes', 'swap_total_bytes', 'swap_free_bytes', 'process_rss_bytes'] as const),
  ...(['psi_some_avg10', 'psi_full_avg10', 'pgmajfault', 'pswpin', 'pswpout', 'oom_kill'] as const),
] satisfies readonly SystemSeriesId[];

export type OverviewFigures = SystemSeries<(typeof OVERVIEW_FIGURES)[number]>;

/** What chooses the samples that are drawn, for all of a range. Unknown is `NaN`, and stays so in a sum. */
function extremesOf({ t, values }: OverviewFigures): Float64Array[] {
  const used = new Float64Array(t.length);
  const swapUsed = new Float64Array(t.length);
  const rss = new Float64Array(t.length);
  for (let at = 0; at < t.length; at++) {
    used[at] = Math.max(0, values.mem_total_bytes[at] - values.mem_available_bytes[at]);
    swapUsed[at] = Math.max(0, values.swap_total_bytes[at] - values.swap_free_bytes[at]);
    rss[at] = values.process_rss_bytes[at];
  }
  return [used, swapUsed, rss];
}

function ledgerAlong(values: OverviewFigures['values'], axis: BrokenAxis): OverviewSeries['ledger'] {
  const along = LEDGER_PARTS.map((): Values => []);
  const parts = new Float64Array(LEDGER_PARTS.length);
  for (const at of axis.index) {
    const isKnown = at >= 0 && fillLedger(values, at, parts);
    for (let part = 0; part < parts.length; part++)
      along[part].push(isKnown && !Number.isNaN(parts[part]) ? parts[part] : null);
  }
  const named = LEDGER_PARTS.map(({ id }, part) => [`${id}_bytes`, along[part]]);
  return Object.fromEntries(named) as OverviewSeries['ledger'];
}

function memoryAlong(values: OverviewFigures['values'], axis: BrokenAxis) {
  const along = (id: keyof typeof values) => valuesAlong(axis, values[id]);
  const [total, available, free] = [
    along('mem_total_bytes'),
    along('mem_available_bytes'),
    along('mem_free_bytes'),
  ];
  const [buffers, cached, sReclaimable] = [
    along('buffers_bytes'),
    along('cached_bytes'),
    along('s_reclaimable_bytes'),
  ];
  const [swapTotal, swapFree] = [along('swap_total_bytes'), along('swap_free_bytes')];
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
    shmem_bytes: along('shmem_bytes'),
    swap_total_bytes: swapTotal,
    swap_used_bytes: swapTotal.map((one, i) => swapUsedBytes(one, swapFree[i])),
    process_rss_bytes: along('process_rss_bytes'),
  };
}

/** How much the host waited for memory. */
function pressureOf({ t, values }: OverviewFigures, gaps: readonly Gap[]) {
  const breaks = new Set(gaps.map(({ to }) => to));
  return {
    psi_some_avg10: values.psi_some_avg10,
    psi_full_avg10: values.psi_full_avg10,
    major_faults_per_second: ratesOf(t, values.pgmajfault, breaks),
    swap_in_bytes_per_second: ratesOf(t, values.pswpin, breaks, PAGE_BYTES),
    swap_out_bytes_per_second: ratesOf(t, values.pswpout, breaks, PAGE_BYTES),
  };
}

type PressureId = keyof ReturnType<typeof pressureOf>;

function seriesAlong(
  axis: BrokenAxis,
  values: OverviewFigures['values'],
  pressure: Readonly<Record<PressureId, ArrayLike<number>>>,
): OverviewSeries {
  const along = Object.entries(pressure).map(([id, rates]) => [id, valuesAlong(axis, rates)] as const);
  return {
    t: [...axis.t],
    ...memoryAlong(values, axis),
    ...(Object.fromEntries(along) as Record<PressureId, Values>),
    ledger: ledgerAlong(values, axis),
  };
}

export interface PlottedOverview {
  readonly series: OverviewSeries;
  /** `null` where the series are samples. */
  readonly bands: OverviewBands | null;
  readonly method: Telling['method'];
}

function bandsAlong(
  { band }: Telling,
  figures: OverviewFigures,
  pressure: ReturnType<typeof pressureOf>,
): OverviewBands | null {
  if (!band) return null;
  const [used_bytes, swap_used_bytes, process_rss_bytes] = extremesOf(figures);
  const available_bytes = figures.values.mem_available_bytes;
  const samples = { used_bytes, available_bytes, swap_used_bytes, process_rss_bytes, ...pressure };
  const along = (fold: typeof band.least) =>
    Object.fromEntries(Object.entries(samples).map(([id, values]) => [id, fold(values)])) as Record<
      BandId,
      Values
    >;
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
  const pressure = pressureOf(figures, gaps);
  const telling = tellSeries(figures.t, gaps, grain, extremesOf(figures), Object.values(pressure));
  const toldOf = <Id extends string>(columns: Readonly<Record<Id, ArrayLike<number>>>) =>
    Object.fromEntries(
      Object.entries<ArrayLike<number>>(columns).map(([id, samples]) => [id, telling.told(samples)]),
    ) as Record<Id, ArrayLike<number>>;
  return {
    series: seriesAlong(telling.axis, toldOf(figures.values), toldOf(pressure)),
    bands: bandsAlong(telling, figures, pressure),
    method: telling.method,
  };
}
