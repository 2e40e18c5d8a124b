import type { NumberColumnId, TextColumnId } from './metrics.ts';
import type { SystemMetricId } from './system-metrics.ts';

/**
 * The processes of one sample as columns. Numbers are bytes, seconds, counts; `NaN` is unknown.
 * Texts are in dump notation (see text-notation.ts); `null` is unknown.
 */
export interface ProcessTable {
  readonly count: number;
  readonly numbers: Readonly<Record<NumberColumnId, Float64Array>>;
  readonly texts: Readonly<Record<TextColumnId, readonly (string | null)[]>>;
}

/** Dumps of the predecessor do not say which host they are of. */
export const UNKNOWN_HOST = 'unknown';

/** The system's row of one sample. `t` is epoch milliseconds UTC; `null` is unknown. */
export interface SystemRow {
  readonly t: number;
  readonly host: string;
  readonly bootId: string | null;
  readonly uptimeSeconds: number | null;
  readonly clockTicks: number | null;
  readonly intervalSeconds: number | null;
  /** What the recorder was told to call the recording; `demo` for a generated one. */
  readonly label: string | null;
  readonly values: Readonly<Partial<Record<SystemMetricId, number>>>;
}

/** One instant. `processes` is null where only the system file exists. */
export interface Sample {
  readonly system: SystemRow;
  readonly processes: ProcessTable | null;
  /** No start ticks: a life is told by pid, command and parent only (seed format). */
  readonly weak: boolean;
  /** The pair is not as its commit record says: served, and marked. */
  readonly incomplete: boolean;
}

/** A sample that does not say its host is of one all the same. */
export function withHost(sample: Sample): Sample {
  return sample.system.host === '' ? { ...sample, system: { ...sample.system, host: UNKNOWN_HOST } } : sample;
}
