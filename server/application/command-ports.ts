/** What commands need of the world besides dumps and history. */

/** A running recorder, for commands that record beside serving. */
export interface RunningRecorder {
  /** Resolves when the recorder has stopped by itself or by `stop`, with its exit code. */
  readonly done: Promise<number>;
  /** Finishes or abandons the sample in hand. */
  stop(): void;
}

/** The DataFrame face (Danfo.js); loaded only where it is asked for. */
export interface DataFrames {
  /** A table of the numeric columns' statistics, as text for a terminal. */
  describe(rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): Promise<string>;
}
