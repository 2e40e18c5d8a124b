import type { BasicFigure, RegionClass, RegionSort } from '../domain/memory-regions.ts';
import { formatAddress } from '../domain/memory-regions.ts';
import type { Missing, Reading, RegionReading } from '../domain/process-analysis.ts';
import type { RegionTable } from '../domain/region-table.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { Analysis, AnalysisAsk } from './analysis.ts';
import { describeMemory } from './describe-memory.ts';

/** One process of this host, looked into: what /api/v1/analyze/… and `pmi analyze` answer. */

/** Of mapped files: a process of more has them by generated names. */
const MOST_FILES = 1000;

export interface RegionsRequest {
  readonly class?: RegionClass | undefined;
  readonly sort: RegionSort;
  readonly limit: number;
}

/** What every answer begins with. Where it holds several readings: of the oldest, and the cost of all. */
function headOf(...readings: readonly [Reading<unknown>, ...Reading<unknown>[]]) {
  const measuredAt = Math.min(...readings.map((reading) => reading.measuredAt));
  const { process } = readings[0];
  const missing = new Map<string, Missing>(
    readings.flatMap((reading) => reading.missing).map((one) => [one.text, one]),
  );
  return {
    process: { ...process, started: formatInstant(process.started) },
    measured_at: formatInstant(measuredAt),
    age_seconds: Math.max(0, Date.now() - measuredAt) / 1000,
    read_seconds: readings.reduce((sum, { readSeconds }) => sum + readSeconds, 0),
    missing: [...missing.values()],
  };
}

const FIGURES_OF = {
  size: ['size_bytes'],
  rss: ['rss_bytes'],
  pss: ['pss_bytes'],
  private: ['private_clean_bytes', 'private_dirty_bytes'],
  swap: ['swap_bytes'],
} as const satisfies Readonly<Record<Exclude<RegionSort, 'address'>, readonly BasicFigure[]>>;

/** Which regions, and in which order. */
function chosenRegions(table: RegionTable, request: RegionsRequest): readonly number[] {
  const all = Array.from({ length: table.length }, (_, index) => index);
  const { class: wanted, sort } = request;
  const chosen = wanted === undefined ? all : all.filter((index) => table.classAt(index) === wanted);
  if (sort === 'address') return chosen;
  const sizes = Float64Array.from(all, (index) =>
    FIGURES_OF[sort].reduce((sum, figure) => sum + table.figureAt(index, figure), 0),
  );
  return chosen.sort((a, b) => sizes[b] - sizes[a] || a - b);
}

/** Addresses as the kernel writes them. */
function withAddresses<Range extends { readonly start: number; readonly end: number }>(
  range: Range,
): Omit<Range, 'start' | 'end'> & { readonly start: string; readonly end: string } {
  return { ...range, start: formatAddress(range.start), end: formatAddress(range.end) };
}

function summaryOf(reading: RegionReading | null) {
  const { totals = null, classes = [], files = [], map = [] } = reading ?? {};
  return {
    totals,
    classes,
    files: files.slice(0, MOST_FILES),
    files_total: files.length,
    map: map.map(withAddresses),
  };
}

export async function viewAnalysedMemory(analysis: Analysis, ask: AnalysisAsk) {
  const reading = await analysis.memory(ask);
  return { ...headOf(reading), memory: reading.figures };
}

export async function viewAnalysedRegions(analysis: Analysis, ask: AnalysisAsk, request: RegionsRequest) {
  const reading = await analysis.regions(ask);
  const table = reading.figures?.regions;
  const chosen = table ? chosenRegions(table, request) : [];
  const rows = chosen
    .slice(0, request.limit)
    .flatMap((index) => (table ? [withAddresses(table.at(index))] : []));
  return {
    ...headOf(reading),
    ...summaryOf(reading.figures),
    rows,
    matched: chosen.length,
    shown: rows.length,
  };
}

export async function viewAnalysedCpu(analysis: Analysis, ask: AnalysisAsk) {
  const reading = await analysis.cpu(ask);
  return { ...headOf(reading), cpu: reading.figures };
}

export async function viewAnalysedLayout(analysis: Analysis, ask: AnalysisAsk) {
  const reading = await analysis.regions(ask);
  return { ...headOf(reading), layout: reading.figures?.layout ?? null };
}

export async function viewAnalysedSystem(analysis: Analysis, ask: AnalysisAsk) {
  const reading = await analysis.system(ask);
  return { ...headOf(reading), system: reading.figures };
}

export async function viewAnalysisSummary(analysis: Analysis, ask: AnalysisAsk) {
  const memory = await analysis.memory(ask);
  const regions = await analysis.regions(ask);
  const classes = regions.figures?.classes ?? [];
  return {
    ...headOf(memory, regions),
    memory: memory.figures,
    totals: regions.figures?.totals ?? null,
    classes,
    text: describeMemory(memory.process, memory.figures, classes),
  };
}

export async function viewWholeAnalysis(analysis: Analysis, ask: AnalysisAsk) {
  const memory = await analysis.memory(ask);
  const regions = await analysis.regions(ask);
  const cpu = await analysis.cpu(ask);
  const system = await analysis.system(ask);
  return {
    ...headOf(memory, regions, cpu, system),
    memory: memory.figures,
    ...summaryOf(regions.figures),
    layout: regions.figures?.layout ?? null,
    cpu: cpu.figures,
    system: system.figures,
  };
}

export type MemoryView = Awaited<ReturnType<typeof viewAnalysedMemory>>;
export type RegionsView = Awaited<ReturnType<typeof viewAnalysedRegions>>;
export type CpuView = Awaited<ReturnType<typeof viewAnalysedCpu>>;
export type LayoutView = Awaited<ReturnType<typeof viewAnalysedLayout>>;
export type SystemView = Awaited<ReturnType<typeof viewAnalysedSystem>>;
export type WholeView = Awaited<ReturnType<typeof viewWholeAnalysis>>;
export type SummaryView = Awaited<ReturnType<typeof viewAnalysisSummary>>;
