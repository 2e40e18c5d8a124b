import type { TypedColumn } from '../domain/cell-type.ts';
import type { ProcessTable, Sample } from '../domain/sample.ts';
import type { SystemMetricId } from '../domain/system-metrics.ts';
import type { SampleSpine } from '../domain/timeline.ts';
import type { LifeReads } from './life-ports.ts';
import type { RangeReads } from './range-reads.ts';

/** What the use cases need of what is recorded. Adapters make ports as object literals from `open…` factories. */

/** Inclusive, epoch ms. */
export interface InstantRange {
  readonly from: number;
  readonly to: number;
}

/** One life of a process, over the whole history. */
export interface LifeSpan {
  readonly id: number;
  readonly key: string;
  readonly pid: number;
  readonly weak: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Epoch ms: first sample less the lifetime there. */
  readonly started: number;
}

export interface Life extends LifeSpan {
  /** Command as last seen, dump notation. */
  readonly cmd: string | null;
}

/** Processes with their tree figures; row `i` is of `lives[i]` at instant `t[i]`. */
export interface RowTable {
  readonly t: ArrayLike<number>;
  readonly processes: ProcessTable;
  readonly lives: readonly LifeSpan[];
  readonly level: ArrayLike<number>;
  readonly subtreeProcesses: ArrayLike<number>;
  readonly subtreeRss: ArrayLike<number>;
}

/** A life (by id) at an instant in which it was alive. */
export interface Moment {
  readonly life: number;
  readonly t: number;
}

/** Over the samples of a window in which the process was alive. Bytes. */
export interface LifeStatistics {
  readonly rssMin: number;
  readonly rssMean: number;
  readonly rssMax: number;
  readonly subtreeRssMean: number;
  readonly subtreeRssMax: number;
}

/** Parallel arrays, `t` ascending epoch ms. */
export interface Series {
  readonly t: readonly number[];
  readonly bytes: readonly number[];
}

/** One process along time. */
export interface LifeTimeline {
  /** `hours`: of each hour the smallest and the largest value, at the instants where they were first seen. */
  readonly detail: 'samples' | 'hours';
  /** How many samples it stands for; 0: not alive in the range. */
  readonly samples: number;
  /** The last of them. */
  readonly lastT: number;
  readonly rss: Series;
  /** With the instants of `rss` where the detail is `samples`. */
  readonly subtreeRss: Series;
}

/** How much of a timeline is worth reading. */
export interface Detail {
  /** A range of more samples than this is told by hours, where hours are kept. */
  readonly samples: number;
}

/** A process along time with its direct children, each over the samples in which it was one: largest subtree first. */
export interface Family {
  readonly own: LifeTimeline;
  /** The first few. */
  readonly drawn: readonly { readonly life: LifeSpan; readonly timeline: LifeTimeline }[];
  /** The sum of those that are not drawn: of each sample, or the mean of each hour. `null`: all are drawn. */
  readonly others: LifeTimeline | null;
  readonly count: number;
}

/** Everybody who was a direct child of a process over a range: largest subtree first. */
export interface RankedChildren {
  /** What the range is told by. */
  readonly detail: LifeTimeline['detail'];
  /** The first few, each at its last sample as a child. */
  readonly first: readonly Moment[];
  readonly count: number;
  /** Of all of them together. */
  readonly samples: number;
}

/** What of a process's children is worth reading. */
export interface ChildrenDetail extends Detail {
  /** How many are told by name. */
  readonly first: number;
}

export interface FamilyDetail {
  readonly ranked: RankedChildren;
  /** How many of the first have a timeline of their own. */
  readonly drawn: number;
}

export type SystemSeriesId = SystemMetricId | 'process_rss_bytes';

/**
 * System figures along time; unknown is `NaN`. Parts of the history's own columns, at the same place in each: not to be
 * written to. A value that is told stays as it is in its buffer, so what is found out about it may be kept beside that.
 */
export interface SystemSeries<Id extends SystemSeriesId = SystemSeriesId> {
  readonly t: ArrayLike<number>;
  readonly values: Readonly<Record<Id, Float64Array>>;
}

/** The instants of one host; arrays of equal length in order of time. */
export interface HostSpine extends SampleSpine {
  /** CLK_TCK of the sample; `NaN` is unknown. */
  readonly clockTicks: readonly number[];
  /** 1 where the sample has processes, 0 where only the system file exists. */
  readonly hasProcesses: readonly number[];
  /** 1 where the pair was not as its commit record says. */
  readonly incomplete: readonly number[];
  /** The recording's label, where it has one. */
  readonly label: readonly (string | null)[];
}

/** All rows of a stretch of time, as a file. */
export interface ExportRequest {
  readonly range: InstantRange;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** Where to; it is replaced if it is there. */
  readonly file: string;
  /** CSV only: texts exactly as they are, those included that a spreadsheet would run. */
  readonly isRaw: boolean;
}

/** Where samples go that are not sealed. */
export interface Intake {
  /** Takes in one sample. Samples may come in any order; one of an instant that is already there is refused. */
  append(sample: Sample): Promise<'added' | 'duplicate'>;
  /** Brings what was appended into its final form; queries do it by themselves. */
  flush(): Promise<void>;
  /** Newest sample first. */
  hosts(): readonly string[];
  /**
   * Looks at the index anew: takes over segments that were sealed since, and lets go of what they replace, in the tail
   * too. Queries see either the state before or the one after.
   */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Everything recorded, queryable: sealed segments and the live tail. All reads are of one host. */
export interface History extends Intake, LifeReads, RangeReads {
  /** Empty arrays for a host without samples. */
  spine(host: string): HostSpine;
  readSystem<Id extends SystemSeriesId>(
    host: string,
    ids: readonly Id[],
    range: InstantRange,
  ): Promise<SystemSeries<Id>>;
  /** One sample in depth-first order, siblings by pid: a subtree is the next `subtreeProcesses` rows. @returns `null` where `t` is not the exact instant of a sample with processes */
  readSnapshot(host: string, t: number): Promise<RowTable | null>;
  /** Whether the sample at `t` shows a life (by id). */
  isSeen(host: string, moment: Moment): Promise<boolean>;
  /** One row a moment, in the order given; each life must be alive at its instant. */
  readMoments(host: string, moments: readonly Moment[]): Promise<RowTable>;
  /** Statistics over `range` of the given lives (by id); lives without a sample in it are absent. */
  readStatistics(
    host: string,
    lives: readonly number[],
    range: InstantRange,
  ): Promise<ReadonlyMap<number, LifeStatistics>>;
  /** Every life of a pid, in order of time: memory holds them. */
  spansOfPid(host: string, pid: number): Promise<readonly LifeSpan[]>;
  /** Lives with their commands, which files hold, in the order given; unknown where a file has gone meanwhile. */
  withCommands(host: string, spans: readonly LifeSpan[]): Promise<readonly Life[]>;
  lifeOfKey(host: string, key: string): Promise<Life | null>;
  readTimeline(host: string, life: number, range: InstantRange, detail: Detail): Promise<LifeTimeline>;
  /** From what memory holds, mostly. */
  rankChildren(
    host: string,
    life: number,
    range: InstantRange,
    detail: ChildrenDetail,
  ): Promise<RankedChildren>;
  readFamily(host: string, life: number, range: InstantRange, detail: FamilyDetail): Promise<Family>;
  /** What is asked within `ask`, however deep, is given up (`client_gone`) when the signal says so. */
  whileWanted<T>(signal: AbortSignal, ask: () => T): T;
  /** Writes the processes' rows in order of time and tree. @returns how many */
  exportRows(host: string, request: ExportRequest): Promise<number>;
  /** Any table as a Parquet file: at least one column, all of one length. */
  encodeParquet(columns: readonly TypedColumn[]): Promise<Uint8Array>;
}
