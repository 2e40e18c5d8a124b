import { openProcessProbe } from './adapters/procfs/process-probe.ts';
import type { AnalysisAsk } from './application/analysis.ts';
import { openAnalysis } from './application/analysis.ts';
import type {
  CpuView,
  LayoutView,
  MemoryView,
  RegionsView,
  SystemView,
  WholeView,
} from './application/view-analysis.ts';
import {
  viewAnalysedCpu,
  viewAnalysedLayout,
  viewAnalysedMemory,
  viewAnalysedRegions,
  viewAnalysedSystem,
  viewAnalysisSummary,
  viewWholeAnalysis,
} from './application/view-analysis.ts';
import type { SizeStyle } from './domain/units.ts';
import { formatMemorySize as format } from './domain/units.ts';

/**
 * `pid-memory-inspector/analysis`: processes of this host for programs, under the predecessor's names. Answers are those
 * of /api/v1/analyze/…: sizes in bytes, times in seconds, unknown is `null` and `missing` says why. They are kept for
 * 5 s for each process.
 */

export interface AnalysisOptions {
  /** Read anew, not from the last 5 s. */
  readonly refresh?: boolean;
  /** Gives the reading up. */
  readonly signal?: AbortSignal;
}

const analysis = openAnalysis(openProcessProbe());
const NEVER = new AbortController().signal;
const ALL_ROWS = { sort: 'address', limit: Number.POSITIVE_INFINITY } as const;

function askOf(pid: number, { refresh = false, signal = NEVER }: AnalysisOptions): AnalysisAsk {
  return { pid, refresh, signal };
}

/** RSS, PSS, USS, shared, swap, peaks, text, data and stack of a process. Throws `process_gone`, `process_changed`. */
export function getDetailedMemoryInfo(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<MemoryView> {
  return viewAnalysedMemory(analysis, askOf(pid, options));
}

/** All regions of its address space with address, access, class, file and sizes; and sums by class and by file. */
export function analyzeMemoryRegions(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<RegionsView> {
  return viewAnalysedRegions(analysis, askOf(pid, options), ALL_ROWS);
}

/** CPU of the process and its threads over one second, how it is scheduled, what its control group allows. */
export function analyzeCpuBehavior(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<CpuView> {
  return viewAnalysedCpu(analysis, askOf(pid, options));
}

/** Bytes of pages that are virtual, resident, shared, private, readable, writable, executable; and by page size. */
export function getMemoryLayoutAnalysis(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<LayoutView> {
  return viewAnalysedLayout(analysis, askOf(pid, options));
}

/** The host: memory and swap, every line of /proc/meminfo, load, pressure, limits. */
export async function getSystemMemoryContext(): Promise<SystemView['system']> {
  return (await viewAnalysedSystem(analysis, askOf(process.pid, {}))).system;
}

/** All of it, but for the single regions. */
export function getComprehensiveAnalysis(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<WholeView> {
  return viewWholeAnalysis(analysis, askOf(pid, options));
}

/** What its memory is made of, in sentences. */
export async function getProcessMemorySummary(
  pid: number = process.pid,
  options: AnalysisOptions = {},
): Promise<string> {
  return (await viewAnalysisSummary(analysis, askOf(pid, options))).text;
}

/** Bytes → two decimals and a unit: `45.20 MiB`; `decimal` MB of 1000², `seed` MB of 1024². Unknown is an en dash. */
export function formatMemorySize(bytes: number | null, style: SizeStyle = 'binary'): string {
  return format(bytes, style);
}
