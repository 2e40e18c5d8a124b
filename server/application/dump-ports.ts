import type { FilePosition } from '../domain/errors.ts';
import type { Sample } from '../domain/sample.ts';

/** What the use cases need of a folder of dumps. */

/** The two files of one instant, or the system file alone. Names are relative to the dump folder. */
export interface DumpPair {
  /** What the stamp of the names says, epoch ms; orders the pairs before they are read. */
  readonly stampInstant: number;
  readonly processFile: string | null;
  readonly systemFile: string | null;
  /** The sub-folder that names a host where dumps carry no HOST; '' at the top. */
  readonly folder: string;
}

/** A line, or where `line` is null a whole file, that could not be taken in. */
export interface Reject extends FilePosition {
  readonly reason: string;
}

/** accepted + rejected + blank = lines of the process file, its header not counted. */
export interface LineCount {
  readonly accepted: number;
  readonly rejected: number;
  readonly blank: number;
}

/** A file as it was when it was opened: if it is another later, it has changed. */
export interface FileState {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ReadDump {
  /** `null` where nothing of the pair could be used. */
  readonly sample: Sample | null;
  readonly rejects: readonly Reject[];
  readonly lines: LineCount;
  /** Those that could be opened. */
  readonly opened: readonly FileState[];
}

/** Pairs that are ready to be read, in order of time, and files that never will be. */
export interface DumpListing {
  readonly pairs: readonly DumpPair[];
  readonly rejects: readonly Reject[];
}

export interface DumpFolder {
  /** Lists what is ready and was not listed before. @throws MemoryInspectorError `cannot_read` */
  list(): Promise<DumpListing>;
  /** Never throws for what a file holds: that is a reject. */
  read(pair: DumpPair): Promise<ReadDump>;
  /** Calls back, at most a few times a second, when the folder may hold something new. */
  watch(onChange: () => void): { close(): void };
}
