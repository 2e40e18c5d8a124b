/** Questions of the history that are about many lives at once. */

export interface LifeQuestion {
  /** Whether a text (dump notation) of a life is what is looked for. */
  readonly isWanted: (text: string) => boolean;
  /** A pid that is looked for: its lives come first. */
  readonly pid: number | null;
  /** Most lives to answer with. */
  readonly limit: number;
}

/** A life with what it was called when it was last seen, dump notation. */
export interface NamedLife {
  readonly key: string;
  readonly pid: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
  /** Largest RSS over the whole history, bytes. */
  readonly rssMax: number;
}

export interface FoundLives {
  /** Those of the pid, then the last seen, then the largest, then by pid. */
  readonly lives: readonly NamedLife[];
  readonly total: number;
}

export interface LifeReads {
  /**
   * Subtree RSS of lives (by key) along `instants`, which ascend; `NaN` where a life was not alive. Lives that the host
   * does not have are absent.
   */
  readSubtrees(
    host: string,
    keys: readonly string[],
    instants: readonly number[],
  ): Promise<ReadonlyMap<string, Float64Array>>;
  /** Looks among all lives, at what each was called when it was last seen. */
  findLives(host: string, question: LifeQuestion): Promise<FoundLives>;
}
