import type { RecorderStatus } from '../domain/recorder-status.ts';
import type { OwnProcess } from './collect-garbage.ts';
import type { SystemReading } from './system-reading.ts';

/** What the pages about this host tell of what lies around the history. */

export interface IndexSize {
  readonly segments: number;
  readonly bytes: number;
}

export interface ServerFacts {
  readonly pid: number;
  /** Epoch ms. */
  readonly now: number;
  readonly startedAt: number;
  readonly rssBytes: number;
  /** User and system time of its life. */
  readonly cpuSeconds: number;
  readonly node: string;
}

export interface Surroundings {
  /** The dump folder's name, without its path. */
  readonly folder: string;
  /** `null` where the dump folder cannot be read. */
  recorder(): Promise<RecorderStatus | null>;
  index(): Promise<IndexSize>;
  server(): ServerFacts;
  readonly own: OwnProcess;
  /** This host now. @throws MemoryInspectorError `source_unavailable` */
  system(): Promise<SystemReading>;
  /** Process rows of the sealed dumps of a UTC date, by process file. */
  sealedRows(date: string): Promise<ReadonlyMap<string, number>>;
}
