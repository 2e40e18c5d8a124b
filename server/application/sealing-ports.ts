import type { FileDamage } from './dump-damage.ts';
import type { DumpPair, Reject } from './dump-ports.ts';

/** What the use cases need to make segments of dumps. */

/** The dumps of one UTC day, of all hosts, and what of them segments hold. */
export interface DayOfDumps {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** In order of time. */
  readonly pairs: readonly DumpPair[];
  /** Those that no segment was made of yet, or that have changed since. */
  readonly unsealed: readonly DumpPair[];
  /** One segment a host holds what is sealed of it, not parts of the day. */
  readonly isWhole: boolean;
}

export interface SurveyedDay extends DayOfDumps {
  /** What could not be used of the dumps that are sealed. */
  readonly damaged: readonly FileDamage[];
}

/** What is to become one segment of each host that it holds. */
export interface Stretch {
  readonly date: string;
  readonly pairs: readonly DumpPair[];
  /** The whole day: it takes the place of all segments of that date, and keeps samples whose dumps are gone. */
  readonly isWholeDay: boolean;
}

export interface SealResult {
  readonly samples: number;
  readonly rows: number;
  readonly rejects: readonly Reject[];
  /** The same by file. */
  readonly damaged: readonly FileDamage[];
}

/** Makes segments of dumps, in threads of its own. */
export interface Sealer {
  /** `null` where this process seals; else who does, for people. */
  readonly holder: string | null;
  /** Where another process has the lock: takes it, if that one has ended. */
  contend(): Promise<void>;
  /** Compares dumps with what segments were made of; the newest day first. */
  survey(pairs: readonly DumpPair[]): Promise<readonly SurveyedDay[]>;
  /**
   * Resolves when the segments are on disk. As many run at once as there are threads; the others wait.
   * @throws the signal's reason; MemoryInspectorError `cannot_write` where the index cannot be written
   */
  seal(
    stretch: Stretch,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (pairs: number, rows: number) => void },
  ): Promise<SealResult>;
  /** Stops what runs; what is unfinished leaves nothing behind. */
  close(): Promise<void>;
}
