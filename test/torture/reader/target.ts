/** What a run of the torture says of itself. */
export interface Outcome {
  /** What was counted, in words, for the report. */
  readonly figures: string;
  /** What should not have been; empty is good. */
  readonly faults: readonly string[];
}

export interface Target {
  /** `T6`, and what is asked, for the report. */
  readonly id: string;
  readonly asks: string;
  run(): Promise<Outcome>;
}

/** Milliseconds that this process has computed: others on a busy machine do not count. */
export function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** `12 345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}
