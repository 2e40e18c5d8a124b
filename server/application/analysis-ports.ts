import type {
  AnalysedProcess,
  CpuFigures,
  MemoryFigures,
  Missing,
  RegionReading,
  SystemContext,
} from '../domain/process-analysis.ts';

/** What the analysis of a process needs of this host. */

export interface Outcome<Figures> {
  readonly figures: Figures;
  readonly missing: readonly Missing[];
}

export interface ProcessProbe {
  /** The life that has this pid now. @throws `process_gone` */
  identify(pid: number, signal: AbortSignal): Promise<AnalysedProcess>;
  readMemory(process: AnalysedProcess, signal: AbortSignal): Promise<Outcome<MemoryFigures>>;
  /** `null` where the regions cannot be had. */
  readRegions(process: AnalysedProcess, signal: AbortSignal): Promise<Outcome<RegionReading | null>>;
  /** Takes a second: two samples. */
  readCpu(process: AnalysedProcess, signal: AbortSignal): Promise<Outcome<CpuFigures | null>>;
  readSystem(): SystemContext;
}
