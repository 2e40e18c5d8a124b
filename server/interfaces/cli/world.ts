import type { Alerts } from '../../application/alerts.ts';
import type { Analysis } from '../../application/analysis.ts';
import type { RegionRecords } from '../../application/analysis-ports.ts';
import type { DataFrames, RunningRecorder } from '../../application/command-ports.ts';
import type { Reject } from '../../application/dump-ports.ts';
import type { Ingest } from '../../application/ingest.ts';
import type { LiveSampler } from '../../application/live-ports.ts';
import type { ExportRequest, History } from '../../application/ports.ts';
import type { LiveCommand } from '../../application/preview-redaction.ts';
import type { VerifiedDumps } from '../../application/verify-dumps.ts';
import type { SessionSources } from '../../application/view-session.ts';
import type { AlertRuleConfig } from '../../domain/alert-rule.ts';
import type { DumpNaming } from '../../domain/dump-names.ts';
import type { RecorderStatus } from '../../domain/recorder-status.ts';
import type { PruneReport, RetentionLimits } from '../../domain/retention.ts';
import type { WatchedProcess, WatchGroup } from '../../domain/watch-group.ts';
import type { AskedToCollect, FoundServer } from './ask-server.ts';
import type { ServiceWorld } from './service-world.ts';

/** What the commands need of the world; the composition root fills it. */

/** A folder of dumps, and how it is read. */
export interface DumpSource {
  readonly dumps: string;
  readonly naming: DumpNaming;
  /** In which stamps and instants without a zone are read. */
  readonly zone: string;
  /** Folder of the segments; undefined chooses one. */
  readonly index: string | undefined;
}

export interface ServeOptions extends DumpSource {
  /** The configuration; undefined: that of the user. */
  readonly config: string | undefined;
  /** Before the newest sample; `null`: for ever. */
  readonly keepHistoryMs: number | null;
  readonly port: number;
  readonly host: string;
  readonly allowHosts: readonly string[];
  /** Where a proxy offers the server; `null`: nowhere. */
  readonly publicOrigin: string | null;
  readonly token: string | null;
  /** Whoever reaches the server may look into the processes of this host. */
  readonly allowsAnalysis: boolean;
  /** Between two readings for those who watch. */
  readonly liveIntervalMs: number;
  /** The server ends when nobody has asked for so long; `null`: it stays. */
  readonly idleExitMs: number | null;
}

export interface RunningServer {
  readonly url: string;
  readonly history: History;
  readonly ingest: Ingest;
  /** Resolves when nobody has asked for so long that it may end. */
  readonly isOver: Promise<void>;
  close(): Promise<void>;
}

export interface ReadFolder {
  readonly history: History;
  readonly rejects: readonly Reject[];
  close(): Promise<void>;
}

export interface IndexReport {
  readonly index: string;
  readonly days: number;
  readonly hosts: number;
  readonly samples: number;
  readonly rows: number;
  readonly bytes: number;
  /** What was read in this run. */
  readonly read: { readonly pairs: number; readonly rows: number };
  readonly seconds: number;
  readonly rejects: number;
  /** By a signal, before all was read. */
  readonly stopped: boolean;
}

export interface VerifyReport {
  readonly dumps: VerifiedDumps;
  readonly index: {
    readonly folder: string;
    readonly segments: number;
    readonly samples: number;
    /** One sentence each. */
    readonly faults: readonly string[];
    /** Files that segments were made of. */
    readonly gone: number;
    readonly changed: number;
  };
  /** Samples of damaged segments that no dump is left of. */
  readonly lost: number;
}

export interface EraseHistoryRequest extends DumpSource {
  /** All hosts where it is not given. */
  readonly host: string | undefined;
  /** Epoch ms, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly isDryRun: boolean;
}

export interface ErasedHistory {
  readonly index: string;
  readonly segments: number;
  /** `YYYY-MM-DD`, ascending. */
  readonly days: readonly string[];
  readonly samples: number;
  readonly bytes: number;
  readonly samplesWithoutDump: number;
}

export interface ExportFile {
  readonly host: string;
  readonly rows: number;
}

export interface PruneRequest {
  readonly dumps: string;
  readonly limits: RetentionLimits;
  readonly isDryRun: boolean;
}

export interface ReadConfig {
  readonly file: string;
  /** `null`: there is no such file. */
  readonly groups: readonly WatchGroup[] | null;
  /** `null`: it does not say. */
  readonly alertRules: readonly AlertRuleConfig[] | null;
  /** What else it holds. */
  readonly otherKeys: readonly string[];
}

/** Who records a session in this process is told. */
export interface SessionWatch {
  /** A sample is on disk. @param t its instant */
  readonly onSample: (t: number) => void;
  /** The recorder said something, one line: what went wrong, or is only good to know. */
  readonly onWord: (line: string) => void;
}

export interface World extends ServiceWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Width of the terminal; `null` in a pipe, where lines are whole. */
  readonly columns: number | null;
  readonly version: string;
  /** Text for the person or pipe that asked. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** Resolves at the first SIGINT or SIGTERM since it was first called; the next one ends the process at once. */
  stopSignal(): Promise<void>;
  readSecret(file: string): string;
  serve(options: ServeOptions): Promise<RunningServer>;
  /** Who answers at a port of this host; never throws. */
  askServer(port: number): Promise<FoundServer>;
  /** Has the server at a port of this host collect its garbage; never throws. */
  collectServerGarbage(port: number): Promise<AskedToCollect>;
  /** Starts a server that outlives this command. @returns path of its log @throws `cannot_write`, `port_in_use` */
  startServer(request: { readonly port: number; readonly dumps: string }): Promise<string>;
  /** Reads all dumps of a folder once. */
  readFolder(source: DumpSource): Promise<ReadFolder>;
  /** Brings the index of a folder up to date, or makes it anew; a signal stops it. @throws `cannot_write` */
  buildIndex(source: DumpSource, rebuild: boolean): Promise<IndexReport>;
  /** Reads all dumps and segments of a folder. @returns `null` where a signal stopped it */
  verify(source: DumpSource): Promise<VerifyReport | null>;
  /** `pmi collect`: the recorder's own command line. */
  collect(argv: readonly string[]): Promise<number>;
  /** Records beside serving; takes the recorder's flags. */
  openRecorder(argv: readonly string[]): Promise<RunningRecorder>;
  /** Writes the demo recording. */
  generateDemo(dumps: string): Promise<void>;
  /** Commands of the processes of this host that this user may read. */
  liveCommands(): Promise<readonly LiveCommand[]>;
  /** Reads this host for a command that watches it itself. @param pssBudgetMs how long one read may spend on PSS, ms */
  openLiveSampler(pssBudgetMs: number): Promise<LiveSampler>;
  /** Of processes of this host. */
  openAnalysis(): Promise<Analysis>;
  /** Regions over time, in a folder of dumps. */
  openRegionRecords(dumps: string): Promise<RegionRecords>;
  /** Lines of the standard input. */
  inputLines(): AsyncIterable<string>;
  /** @throws MemoryInspectorError `cannot_write` where another process keeps the index */
  eraseHistory(request: EraseHistoryRequest): Promise<ErasedHistory>;
  /** Rows of a folder into a file, or standard output; under its name only when it is whole. */
  exportRows(
    source: DumpSource,
    request: {
      readonly host: string | undefined;
      readonly from: string | undefined;
      readonly to: string | undefined;
      readonly format: ExportRequest['format'];
      readonly isRaw: boolean;
      /** `null`: standard output. */
      readonly file: string | null;
    },
  ): Promise<ExportFile>;
  /** Sessions beside a dump folder. @param watch of those that this process records */
  openSessions(dumps: string, groups: readonly WatchGroup[], watch: SessionWatch): Promise<SessionSources>;
  prune(request: PruneRequest): Promise<PruneReport>;
  /** Of the configuration in `file`, else that of the user; none where there is no file. @throws `cannot_read`, `bad_file` */
  watchGroups(file: string | undefined): Promise<readonly WatchGroup[]>;
  /** A configuration, read whole; `null` groups: there is no such file. @throws as `watchGroups` */
  readConfig(file: string | undefined): Promise<ReadConfig>;
  /** Alerts of a folder that was read, by the rules of a configuration. @throws as `watchGroups` */
  openAlerts(history: History, source: DumpSource, config: string | undefined): Promise<Alerts>;
  /** The processes of this host now. @throws `source_unavailable` */
  liveProcesses(): Promise<readonly WatchedProcess[]>;
  /** Style sheet of reports. */
  reportStyles(): string;
  /** A picture as PNG, two dots for each of its pixels. */
  pngOf(svg: string): Promise<Uint8Array>;
  recorderStatus(dumps: string): Promise<RecorderStatus>;
  openDataFrames(): Promise<DataFrames>;
  folderExists(path: string): boolean;
}

/** A command: flags in, exit code out. Expected failures are thrown as MemoryInspectorError. */
export type Command = (world: World, argv: readonly string[]) => Promise<number>;
