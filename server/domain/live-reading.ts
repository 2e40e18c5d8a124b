import type { ProcessTable, SystemRow } from './sample.ts';

/** Of all CPUs since boot, in clock ticks. */
export interface CpuTicks {
  readonly busy: number;
  readonly idle: number;
}

/** What one tick of the live feed reads of this host. */
export interface LiveReading {
  readonly system: SystemRow;
  /** Those with the most RSS first. */
  readonly processes: ProcessTable;
  /** By row: seconds since its PSS was read; Infinity where none is known. */
  readonly pssAge: readonly number[];
  /** Ms by a clock that no step of the wall clock moves. */
  readonly at: number;
  readonly cpu: CpuTicks | null;
  /** Over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number] | null;
}
