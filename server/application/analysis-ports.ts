import type {
  AnalysedProcess,
  CpuFigures,
  MemoryFigures,
  Missing,
  RegionReading,
  SystemContext,
} from '../domain/process-analysis.ts';

import type { RegionMoment } from '../domain/region-moments.ts';

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

/** Moments of one life, as they were recorded. */
export interface RecordedRegions {
  readonly pid: number;
  readonly key: string;
  /** In order of time. */
  readonly moments: readonly RegionMoment[];
}

export interface RegionRecords {
  /** @throws `cannot_write` */
  append(life: { readonly pid: number; readonly key: string }, moment: RegionMoment): Promise<void>;
  /** Lives of a pid, or the one of a key, the last seen first; none where nothing was recorded. */
  read(asked: {
    readonly pid?: number | undefined;
    readonly key?: string | undefined;
  }): Promise<readonly RecordedRegions[]>;
}
